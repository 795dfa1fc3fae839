import type { Certificate } from '../certificate.ts';
import { isMadeOutTo, namesOf } from '../names.ts';
import { listOf } from '../words.ts';
import type { Kind } from './conditions.ts';
import { type Doubt, doubtOfPolicies, type Flaw, flawOfDates, keyUsageAgainst, serves } from './flaws.ts';
import type { FetchedIssuers } from './issuers.ts';
import type { Revocation } from './revocation.ts';
import { FLAWS_IN_WORDS, revocationInWords } from './words.ts';

/** A condition that is met, at which certificate, and what is said of it, in English. */
export type Said = Readonly<{ kind: Kind; certificate: Certificate; detail: string }>;

/** A flaw of the chain. */
export const sayOfFlaw = (flaw: Flaw): Said => ({
  kind: flaw.kind,
  certificate: flaw.certificate,
  detail: FLAWS_IN_WORDS[flaw.kind](flaw),
});

/** What only the server's own certificate is asked: its dates, its purposes, and whom it is made out to. */
export const sayOfLeaf = (leaf: Certificate, name: string, at: Date): readonly Said[] => {
  const dates = flawOfDates(leaf, at);
  const detail = `it is made out to ${listOf(namesOf(leaf)) || 'nobody'}, not to ${name}`;
  return [
    ...(dates ? [sayOfFlaw({ kind: dates, certificate: leaf })] : []),
    ...(serves(leaf.purposes) ? [] : [sayOfFlaw({ kind: 'wrong-purpose', certificate: leaf })]),
    ...(isMadeOutTo(leaf, name) ? [] : [{ kind: 'other-name' as const, certificate: leaf, detail }]),
  ];
};

/** What became of the addresses at which the issuer of a certificate is to be had. */
const searchFor = ({ issuerUrls, issuerId }: Certificate, fetched: readonly FetchedIssuers[]) =>
  issuerUrls.map((url) => {
    const { trouble, certificates = [] } = fetched.find((it) => it.url === url) ?? { trouble: NOT_ASKED };
    const isNamed = certificates.some(({ subjectId }) => subjectId === issuerId);
    const why = trouble?.why ?? (isNamed ? 'it has another key' : 'it is of somebody else');
    return { isOpen: trouble?.isOurs === true, said: `${url}: ${why}` };
  });

const NOT_ASKED = { why: 'not asked', isOurs: true } as const;

/** There are certificates of its issuer, but none at hand has the key that signed this one. */
export const isUnsigned = ({ kind }: Flaw): boolean => kind === 'not-signed' || kind === 'other-key';

/** No certificate at hand signed this one: there is none of its issuer, or none with the key that signed. */
export const lacksIssuer = (flaw: Flaw): boolean => flaw.kind === 'issuer-missing' || isUnsigned(flaw);

/** An issuer is missing for good only where no client can find it at an address that was not asked, or not to the end. */
export const sayOfMissing = (flaw: Flaw, fetched: readonly FetchedIssuers[]): Said | Doubt => {
  const { kind, certificate } = flaw;
  const search = searchFor(certificate, fetched);
  const tried =
    search.length > 0
      ? ` (${listOf(
          search.map(({ said }) => said),
          '; ',
        )})`
      : '';
  const nowhere =
    'it is none of the trusted roots (--roots names those that clients trust), was not sent, and cannot be fetched from here';
  const lacking =
    kind === 'issuer-missing' ? `its issuer ${certificate.issuer} is missing: ${nowhere}` : FLAWS_IN_WORDS[kind](flaw);
  const detail = `${lacking}${tried}`;
  return search.some(({ isOpen }) => isOpen)
    ? { possible: 'issuer-missing', certificate, detail }
    : { kind, certificate, detail };
};

/** What cannot be said of the server's own certificate. */
export const doubtsOfLeaf = (leaf: Certificate): readonly Doubt[] => {
  const detail = keyUsageAgainst(leaf);
  const doubt = detail === undefined ? undefined : ({ possible: 'wrong-purpose', detail } as const);
  return [doubt, doubtOfPolicies(leaf)].flatMap((it) => (it ? [{ ...it, certificate: leaf }] : []));
};

const PROBLEM_OF = { revoked: 'revoked', offline: 'revocation-offline', 'no-source': 'no-revocation-source' } as const;

/** What a client refuses in a revocation. */
export const sayOfRevocation = (revocation: Revocation): readonly Said[] => {
  const { state, certificate } = revocation;
  if (state === 'good' || state === 'short-lived' || state === 'unclear' || state === 'not-asked') return [];
  return [{ kind: PROBLEM_OF[state], certificate, detail: revocationInWords(revocation) }];
};

/** What cannot be said of a revocation from here. */
export const doubtsOfRevocation = (revocation: Revocation): readonly Doubt[] =>
  revocation.state === 'unclear' || revocation.state === 'not-asked'
    ? [{ possible: 'revocation-offline', certificate: revocation.certificate, detail: revocationInWords(revocation) }]
    : [];
