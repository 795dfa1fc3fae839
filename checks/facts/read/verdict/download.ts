import type { Fetched, Probe } from '../../../../engine/define.ts';

/** Gets the body of an http URL, or posts a request to it. Throws Unknown for what evidence does not hold. */
export type Download = Probe['fetch'];

/** Of more addresses than this, the rest is not asked: a certificate must not send us around. */
export const MOST_URLS = 4;

type Trouble = Extract<Fetched, { trouble: unknown }>['trouble'];

/** Why there is no body. `isOurs`: because of a rule of ours or of the way out of this machine, which clients do not have. */
export type NoBody = Readonly<{ why: string; isOurs: boolean }>;

const OURS: readonly Trouble['kind'][] = ['forbidden', 'too-large', 'unreachable'];

/**
 * What says nothing of clients elsewhere: that we are sent on, that a proxy or a network on our way wants a sign-in, or that
 * we asked too often. Source: RFC 9110 15.4, 15.5.8; RFC 6585 4, 6.
 */
const OUR_STATUS = /^HTTP (?:3\d\d|407|429|511)\b/;

/** What is not asked, too large for us, sent on to another address, or out of our way, a client can reach all the same. */
const isOurs = ({ kind, detail }: Trouble): boolean => OURS.includes(kind) || OUR_STATUS.test(detail);

const DIRECTORY =
  'a directory is not asked from here, and before there is a tunnel only clients inside its network reach it';

/** Windows takes a hundred times as much. Source: wincrypt.h, CERT_CHAIN_MAX_URL_RETRIEVAL_BYTE_COUNT_DEFAULT. */
const BEYOND_US =
  ', more than is read here; on a client, certutil.exe -verify -urlfetch tells, with the certificate in a file';

/** The body that an address gave. Only http is asked, as Windows outside of the directory does. */
export const bodyFrom = async (
  url: string,
  download: Download,
  request?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | NoBody> => {
  if (/^ldap:/i.test(url)) return { why: DIRECTORY, isOurs: true };
  if (!/^http:\/\//i.test(url)) return { why: 'only http is asked from here', isOurs: true };
  const fetched = await download(url, request);
  if ('body' in fetched) return fetched.body;
  const { kind, detail } = fetched.trouble;
  return { why: kind === 'too-large' ? `${detail}${BEYOND_US}` : detail, isOurs: isOurs(fetched.trouble) };
};

/** Lists are fetched past a proxy: what keeps us from an answer then says nothing of clients behind it. */
export const pastProxy =
  (download: Download): Download =>
  async (url, request) => {
    const fetched = await download(url, request);
    if ('body' in fetched || fetched.trouble.detail.startsWith('HTTP ')) return fetched;
    return { url, trouble: { kind: 'unreachable', detail: `${fetched.trouble.detail} (not asked through the proxy)` } };
  };
