/** What the addresses in certificates give: the network of the evaluator's tests. */
import type { Download } from '../../../../checks/facts/read/verdict/download.ts';
import type { Fetched } from '../../../../engine/define.ts';
import { crlOf } from '../../../server/crl.ts';
import { issuing, root } from '../../../server/pki.ts';

type Trouble = Extract<Fetched, { trouble: unknown }>['trouble'];

/** Bodies by address, or why there is none. */
export type Web = Readonly<Record<string, Uint8Array | Trouble>>;

const CRLS = 'http://crl.example.com';
export const ISSUING_CRL = `${CRLS}/issuing.crl`;
export const ROOT_CRL = `${CRLS}/root.crl`;
export const ISSUING_CRT = `${CRLS}/issuing.crt`;

export const REFUSED: Trouble = { kind: 'refused', detail: 'the connection was refused' };
export const NOT_FOUND: Trouble = { kind: 'not-found', detail: 'HTTP 404' };

/** Everything that the certificates of the healthy server name. */
export const HEALTHY: Web = {
  [ISSUING_CRL]: await crlOf(issuing),
  [ROOT_CRL]: await crlOf(root),
  [ISSUING_CRT]: issuing.der,
};

/** Answers from a web; what is not in it does not exist. `asked` collects the addresses. */
export const downloadFrom =
  (web: Web, asked: string[] = []): Download =>
  async (url) => {
    asked.push(url);
    const found = web[url] ?? NOT_FOUND;
    return found instanceof Uint8Array ? { url, body: new Uint8Array(found) } : { url, trouble: found };
  };
