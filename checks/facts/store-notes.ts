import { certificatesIn, type IssuerStores, type Store, type StoredCertificate } from './certificate-stores.ts';
import type { Certificate } from './read/certificate.ts';
import type { Distrust } from './read/certificate-blob.ts';
import { type Noted, serves } from './read/verdict/flaws.ts';
import { dayOf, purposesInWords } from './read/words.ts';

/** Whose chain it is, and when that must hold. */
type Question = Readonly<{ leaf: Certificate; at: Date }>;

const concerns = ({ ofNew, since, purposes }: Distrust, { leaf, at }: Question): boolean =>
  serves(purposes) && !(since && since > (ofNew ? leaf.notBefore : at));

const doubt = (detail: string): Noted => ({ possible: 'restricted', detail });

const sayOfCopies = (copies: readonly (StoredCertificate | 'sent')[], question: Question): Noted | undefined => {
  const stored = copies.filter((copy) => copy !== 'sent');
  const barred = stored.find(({ allowedPurposes }) => !serves(allowedPurposes));
  const name = purposesInWords(barred?.allowedPurposes ?? []);
  if (barred && copies.every((copy) => copy !== 'sent' && !serves(copy.allowedPurposes)))
    return { kind: 'restricted', name };
  if (barred) return doubt(`one of its copies is restricted to ${name}, and which of them Windows takes is not known`);
  if (stored.length === copies.length && stored.every(({ isArchived }) => isArchived))
    return doubt('it is archived in its store, and whether Windows takes it is not known');
  const distrust = stored.flatMap((copy) => copy.distrust ?? []).find((it) => concerns(it, question));
  if (!distrust) return;
  const [since, what] = [distrust.since, distrust.ofNew ? 'what it issued' : 'it'];
  return doubt(
    `its store notes that ${what} is distrusted${since ? ` since ${dayOf(since)}` : ''}, which is not evaluated`,
  );
};

/**
 * What stores note beside the authorities in them: purposes to which an administrator or Microsoft restricts one (Windows
 * takes it for nothing else), and distrust. `sent` came with the certificate itself, where nothing is noted.
 */
export const notesIn = (
  stores: readonly Store[],
  sent: readonly Certificate[],
  question: Question,
): ReadonlyMap<string, Noted> => {
  const stored = stores.flatMap(({ certificates }) => certificates);
  const ofEach = Map.groupBy(stored, ({ certificate }) => certificate.sha256);
  const came = new Set(sent.map(({ sha256 }) => sha256));
  return new Map(
    [...ofEach].flatMap(([sha256, copies]) => {
      const said = sayOfCopies(came.has(sha256) ? [...copies, 'sent'] : copies, question);
      return said ? [[sha256, said] as const] : [];
    }),
  );
};

/** The roots that a policy keeps a machine from trusting. Whether SSTP, which is no user's program, heeds it nobody tells. */
export const notEnterprise = (stores: IssuerStores): ReadonlyMap<string, Noted> => {
  const { roots, enterprise, onlyEnterprise } = stores;
  if (!onlyEnterprise) return new Map();
  const kept = new Set(certificatesIn(enterprise).map(({ sha256 }) => sha256));
  const detail =
    'a policy of this machine has only enterprise roots trusted, and it is none; whether SSTP heeds that is not known';
  return new Map(certificatesIn(roots).flatMap(({ sha256 }) => (kept.has(sha256) ? [] : [[sha256, doubt(detail)]])));
};

/** What the stores of another machine restrict does not bind those that dial: there it is in doubt only. */
export const inDoubt = (notes: ReadonlyMap<string, Noted>): ReadonlyMap<string, Noted> =>
  new Map(
    Array.from(notes, ([sha256, said]) => [
      sha256,
      'kind' in said
        ? doubt(`the server's store restricts it to ${said.name}, and those of clients are not known`)
        : said,
    ]),
  );
