import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { GeneralName } from '@peculiar/asn1-x509';
import { hexOf } from '../bytes.ts';
import type { Certificate } from '../certificate.ts';
import { type Answer, failed, isTooEarly, unclear } from './answer.ts';
import { type Crl, type Entry, entryOf, isCrlSignedBy, oddSignatureOf, parseCrl, readCrl } from './crl.ts';
import { type CrlPoint, crlPointsOf, namesOfPoints } from './crl-points.ts';
import { bodyFrom, type Download, MOST_URLS } from './download.ts';

/** Whose revocation is asked for, and of what moment. */
export type Subject = Readonly<{
  certificate: Certificate;
  issuer: Certificate;
  at: Date;
  download: Download;
  /** The OCSP answer about it that the server sends along. */
  stapled?: Uint8Array<ArrayBuffer>;
}>;

const TOO_MANY_NODES = /node count/i;

/** A CRL as far as it can be read, or why it cannot. */
const crlIn = (body: Uint8Array<ArrayBuffer>): Crl | Answer => {
  let parsed: ReturnType<typeof parseCrl>;
  try {
    parsed = parseCrl(body);
  } catch (error) {
    return TOO_MANY_NODES.test(String(error))
      ? unclear('the CRL is too large to be read here')
      : failed('it is not a CRL');
  }
  try {
    return readCrl(parsed);
  } catch {
    return unclear('an extension of the CRL cannot be read here');
  }
};

/** The CRL at an address, or why there is none. */
const crlFrom = async (url: string, { download }: Subject): Promise<Crl | Answer> => {
  const body = await bodyFrom(url, download);
  if ('why' in body) return body.isOurs ? unclear(body.why) : failed(body.why);
  return crlIn(body);
};

/** Why a CRL says nothing about any certificate of the issuer, or `undefined`. Source: sstp-protocol 5.2. */
const obstacleIn = async (crl: Crl, { issuer, at }: Subject): Promise<Answer | undefined> => {
  if (crl.issuerId !== issuer.subjectId)
    return crl.scope?.indirectCRL ? unclear('it is an indirect CRL') : failed(`it is a CRL of ${crl.issuer}`);
  const odd = oddSignatureOf(crl, issuer);
  if (odd) return unclear(`its signature (${odd}) cannot be verified here`);
  if (!(await isCrlSignedBy(crl, issuer))) return failed(`it is not signed with the key of ${issuer.subject}`);
  if (issuer.maySignCrls === false) return unclear(`the key usage of ${issuer.subject} does not let it sign CRLs`);
  if (isTooEarly(crl.thisUpdate, at)) return failed(`it is not valid before ${crl.thisUpdate.toISOString()}`);
  if (crl.nextUpdate && crl.nextUpdate < at) return failed(`it expired at ${crl.nextUpdate.toISOString()}`);
  if (crl.unknownCritical.length > 0)
    return unclear(`its critical extension ${crl.unknownCritical.join(', ')} is not evaluated here`);
};

/** Equal for equal names: Windows compares addresses without regard to case, and names in a directory byte for byte. */
const keyOf = (name: GeneralName): string =>
  name.uniformResourceIdentifier?.toLowerCase() ?? hexOf(new Uint8Array(AsnConvert.serialize(name)));

/**
 * Why a CRL without an entry for the certificate proves nothing, or `undefined`. Source: RFC 5280 6.3.3; learn.microsoft.com,
 * "Crypt32 certificate revocation list (CRL) semantics", for what Windows uses for no certificate but those it is made for.
 */
const gapIn = ({ scope }: Crl, certificate: Certificate): Answer | undefined => {
  if (!scope) return;
  const { onlySomeReasons, indirectCRL, onlyContainsAttributeCerts, distributionPoint } = scope;
  if (onlySomeReasons || indirectCRL || onlyContainsAttributeCerts) return unclear('it is not a whole CRL');
  const { isAuthority } = certificate;
  if (isAuthority ? scope.onlyContainsUserCerts : scope.onlyContainsCACerts)
    return failed(`it does not list certificates of ${isAuthority ? 'authorities' : 'servers'}`);
  if (!distributionPoint) return;
  if (!distributionPoint.fullName) return unclear('the name of the point that it is made for is not whole');
  const names = new Set(namesOfPoints(certificate).map(keyOf));
  if (distributionPoint.fullName.some((name) => names.has(keyOf(name)))) return;
  const urls = distributionPoint.fullName.flatMap((name) => name.uniformResourceIdentifier ?? []);
  return failed(`it is made for ${urls.join(' and ') || 'another point'}, which the certificate does not name`);
};

const statusOf = (entry: Entry | undefined): Answer => {
  if (!entry || entry.isRemoved) return { kind: 'good' };
  const { since, reason } = entry;
  return { kind: 'revoked', since, ...(reason && { reason }) };
};

/** A delta CRL that goes with its base, or why there is none at this address. */
const deltaFrom = async ({ url, isPart }: CrlPoint, base: Crl, subject: Subject): Promise<Crl | string> => {
  if (isPart) return 'it is not the address of a whole delta CRL';
  const delta = await crlFrom(url, subject);
  const obstacle = 'kind' in delta ? delta : await obstacleIn(delta, subject);
  if (obstacle && 'why' in obstacle) return obstacle.why;
  const fits = 'base' in delta && (delta.base ?? 0n) <= (base.number ?? -1n) && delta.scopeId === base.scopeId;
  return fits ? delta : 'it does not go with the CRL';
};

/** A delta CRL by the name that AD CS gives it. */
const PLUS = /^http:[^ +]*\+[^ ]*: HTTP 404\b/i;

/** What a delta CRL changes. Belief: without it Windows does not rest on the whole CRL alone, so neither do we. */
const withDelta = async (points: readonly CrlPoint[], base: Crl, known: Entry | undefined, subject: Subject) => {
  const tried: string[] = [];
  for (const point of points.slice(0, MOST_URLS)) {
    const delta = await deltaFrom(point, base, subject);
    if (typeof delta !== 'string') return statusOf(entryOf(delta, subject.certificate) ?? known);
    tried.push(`${point.url}: ${delta}`);
  }
  const plus = tried.some((said) => PLUS.test(said))
    ? '; IIS refuses names with a + unless double escaping is allowed'
    : '';
  return unclear(`there is no delta CRL to go with it (${tried.join('; ')}), and clients may report 0x80092013${plus}`);
};

/** What the CRL at a point says of a certificate. */
export const askCrl = async ({ url, isPart }: CrlPoint, subject: Subject): Promise<Answer> => {
  if (isPart) return unclear('it is not the address of a whole CRL of the issuer');
  const crl = await crlFrom(url, subject);
  if ('kind' in crl) return crl;
  const obstacle = await obstacleIn(crl, subject);
  if (obstacle) return obstacle;
  if (crl.base !== undefined) return unclear('it is a delta CRL');
  const entry = entryOf(crl, subject.certificate);
  const gap = entry ? undefined : gapIn(crl, subject.certificate);
  if (gap) return gap;
  const points = [...crl.deltaPoints, ...crlPointsOf(subject.certificate).delta];
  const isFinal = entry && entry.reason !== 'certificateHold';
  return isFinal || points.length === 0 ? statusOf(entry) : withDelta(points, crl, entry, subject);
};
