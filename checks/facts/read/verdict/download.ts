import type { Fetched, Probe } from '../../../../engine/define.ts';

/** Gets the body of an http URL, or posts a request to it. Throws Unknown for what evidence does not hold. */
export type Download = Probe['fetch'];

/** Of more addresses than this, the rest is not asked: a certificate must not send us around. */
export const MOST_URLS = 4;

/** Why there is no body. `isOurs`: because of a rule of ours, which clients do not have. */
export type NoBody = Readonly<{ why: string; isOurs: boolean }>;

/** What is not asked, too large for us, or sent on to another address, can be reached by a client all the same. */
const isOurRule = ({ kind, detail }: Extract<Fetched, { trouble: unknown }>['trouble']): boolean =>
  kind === 'forbidden' || kind === 'too-large' || /^HTTP 3\d\d\b/.test(detail);

/** The body that an address gave. Only http is asked, as Windows outside of the directory does. */
export const bodyFrom = async (
  url: string,
  download: Download,
  request?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | NoBody> => {
  if (!/^http:\/\//i.test(url)) return { why: 'only http is asked from here', isOurs: true };
  const fetched = await download(url, request);
  return 'body' in fetched ? fetched.body : { why: fetched.trouble.detail, isOurs: isOurRule(fetched.trouble) };
};
