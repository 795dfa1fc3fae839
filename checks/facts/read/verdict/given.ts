import { Unknown } from '../../../../engine/define.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import { isSelfIssued } from './paths.ts';

export type Der = Uint8Array<ArrayBuffer>;

/** The roots that clients trust: all of them, or those of an encoded subject name, as the probe finds them. */
export type TrustedRoots = readonly Der[] | ((subjectId: string) => Promise<readonly Der[]>);

/** More than this is not a chain but an attack on our time. */
const MOST_SENT = 32;

/** Reads a certificate that everything rests on. Throws Unknown where it makes no sense. */
export const readNeeded = async (der: Der, what: string): Promise<Certificate> => {
  try {
    return await readCertificate(der);
  } catch (cause) {
    throw new Unknown('unreadable', `${what} cannot be read: ${cause}`, { cause });
  }
};

/** The certificates that came with the server's own; `isWhole` is false where not all of them could be read. */
export const readSent = async (
  sent: readonly Der[],
): Promise<Readonly<{ certificates: readonly Certificate[]; isWhole: boolean }>> => {
  const results = await Promise.allSettled(sent.slice(0, MOST_SENT).map(readCertificate));
  const certificates = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return { certificates, isWhole: certificates.length === sent.length };
};

/**
 * Finds roots by their encoded subject; each subject is asked for once. What others issued is no root, and clients need not
 * have it: Node gives the intermediate authorities of a Windows machine along with its roots.
 */
export const rootFinder = (trusted: TrustedRoots): ((subjectId: string) => Promise<readonly Certificate[]>) => {
  const readAll = (ders: readonly Der[]) => Promise.all(ders.map((der) => readNeeded(der, 'a trusted root')));
  const all = typeof trusted === 'function' ? undefined : readAll(trusted);
  const ask = async (subjectId: string): Promise<readonly Certificate[]> => {
    const roots = typeof trusted === 'function' ? await readAll(await trusted(subjectId)) : ((await all) ?? []);
    return roots.filter((root) => root.subjectId === subjectId && isSelfIssued(root));
  };
  const asked = new Map<string, Promise<readonly Certificate[]>>();
  return (subjectId) => {
    const found = asked.get(subjectId) ?? ask(subjectId);
    asked.set(subjectId, found);
    return found;
  };
};
