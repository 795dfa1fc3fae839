import { dayOf, purposesInWords } from '../words.ts';
import type { Answer } from './answer.ts';
import type { Flaw } from './flaws.ts';
import type { Revocation } from './revocation.ts';

type Said = Readonly<Record<Flaw['kind'], (flaw: Flaw) => string>>;

/** What a flaw is, said of its certificate. */
export const FLAWS_IN_WORDS: Said = {
  'issuer-missing': ({ certificate: { issuer } }) => `its issuer ${issuer} is missing`,
  'not-signed': ({ certificate: { issuer } }) => `no certificate of ${issuer} has the key that signed it`,
  'other-key': ({ certificate: { issuer } }) => `no certificate of ${issuer} has the key that signed it`,
  'untrusted-root': () => 'it is self-signed and not among the trusted roots (--roots names those that clients trust)',
  distrusted: () => 'it is among the certificates that must not be trusted',
  restricted: ({ name }) => `the store that it stands in restricts it to ${name}`,
  expired: ({ certificate: { notAfter } }) => `it expired on ${dayOf(notAfter)}`,
  'not-yet-valid': ({ certificate: { notBefore } }) => `it is not valid before ${dayOf(notBefore)}`,
  'not-an-authority': () => 'its basic constraints do not make it an authority',
  'below-path-length': ({ certificate: { pathLength } }) =>
    `it allows ${pathLength} authorities below it, and there are more`,
  'may-not-sign': () => 'its key usage does not let it sign certificates',
  'wrong-purpose': ({ certificate: { purposes } }) => `it is for ${purposesInWords(purposes ?? [])} only`,
  'outside-name-constraints': ({ name }) => `its name constraints do not allow ${name}`,
  'unknown-critical': ({ certificate: { unknownCritical } }) =>
    `its critical extension ${unknownCritical.join(', ')} is not known to Windows`,
};

const answered = (answer: Answer): string => {
  switch (answer.kind) {
    case 'good':
      return 'it is not revoked';
    case 'revoked':
      return `it was revoked on ${dayOf(answer.since)}${answer.reason ? ` (${answer.reason})` : ''}`;
    case 'failed':
    case 'unclear':
      return answer.why;
  }
};

/** Of a certificate that names no source. */
export const SHORT_LIVED =
  'it lives for a week at most, so that nobody publishes its revocation, and clients do not ask';

/** What is known of the revocation of a certificate, with what each address gave. */
export const revocationInWords = (revocation: Revocation): string => {
  const tried = revocation.tried.map(({ url, answer }) => `${url}: ${answered(answer)}`).join('; ');
  switch (revocation.state) {
    case 'good':
    case 'revoked':
      return tried;
    case 'offline':
      return `its revocation cannot be checked (${tried})`;
    case 'no-source':
      return 'it names neither a CRL nor an OCSP responder';
    case 'short-lived':
      return SHORT_LIVED;
    case 'unclear':
      return `its revocation cannot be checked from here (${tried})`;
    case 'not-asked':
      return `its revocation was not checked: ${revocation.why}`;
  }
};
