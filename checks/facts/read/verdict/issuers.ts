import 'reflect-metadata';
import { X509Certificates } from '@peculiar/x509';
import { type Certificate, readCertificate } from '../certificate.ts';
import { bodyFrom, type Download, MOST_URLS, type NoBody } from './download.ts';
import { encodedIn } from './encoded.ts';

/** What the address of an issuer gave: certificates, or why not. `isOurs`: because of a rule that clients do not have. */
export type FetchedIssuers = Readonly<{ url: string; certificates: readonly Certificate[]; trouble?: NoBody }>;

/** A chain with more issuers to fetch than this is meant to keep us busy. */
const MOST_FETCHES = 8;
/** A file of issuers holds a handful. */
const MOST_CERTIFICATES = 16;

const readFile = async (der: Uint8Array<ArrayBuffer>): Promise<readonly Certificate[]> => {
  try {
    return [await readCertificate(der)];
  } catch {
    const packed = [...new X509Certificates(der)].slice(0, MOST_CERTIFICATES);
    return Promise.all(packed.map(({ rawData }) => readCertificate(new Uint8Array(rawData))));
  }
};

/** Reads a certificate, or the certificates of a PKCS #7 file, in DER or PEM. Throws for anything else. */
export const readIssuers = async (bytes: Uint8Array<ArrayBuffer>): Promise<readonly Certificate[]> =>
  (await Promise.all(encodedIn(bytes).slice(0, MOST_CERTIFICATES).map(readFile))).flat();

const fetchFrom = async (url: string, download: Download): Promise<FetchedIssuers> => {
  const body = await bodyFrom(url, download);
  if ('why' in body) return { url, certificates: [], trouble: body };
  try {
    return { url, certificates: await readIssuers(body) };
  } catch {
    return { url, certificates: [], trouble: { why: 'it is not a certificate', isOurs: false } };
  }
};

/** Fetches issuers from the addresses in certificates, each address once; `fetched` tells afterwards what came of it. */
export const issuerFetcher = (download: Download) => {
  const fetched = new Map<string, FetchedIssuers>();
  return {
    fetched: (): readonly FetchedIssuers[] => [...fetched.values()],
    find: async ({ issuerUrls, issuerId }: Certificate): Promise<readonly Certificate[]> => {
      for (const url of issuerUrls.slice(0, MOST_URLS)) {
        if (!fetched.has(url) && fetched.size < MOST_FETCHES) fetched.set(url, await fetchFrom(url, download));
        const { certificates = [] } = fetched.get(url) ?? {};
        if (certificates.some(({ subjectId }) => subjectId === issuerId)) return certificates;
      }
      return [];
    },
  };
};
