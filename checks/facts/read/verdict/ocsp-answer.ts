import type { BasicOCSPResponse, SingleResponse } from '@peculiar/asn1-ocsp';
import { AsnConvert } from '@peculiar/asn1-schema';
import { type Certificate, readCertificate } from '../certificate.ts';
import { isSignedBy } from '../signature.ts';
import { type Answer, failed, isTooEarly, unclear } from './answer.ts';
import type { Subject } from './crl-answer.ts';
import { bodyFrom } from './download.ts';
import { isAnswerSignedBy, type OcspAnswer, ocspRequest, readOcsp, responseTo } from './ocsp.ts';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** A responder sends its own certificate, perhaps with an issuer or two. */
const MOST_CERTIFICATES = 8;

const answerIn = (body: Uint8Array<ArrayBuffer>): OcspAnswer | undefined => {
  try {
    return readOcsp(body);
  } catch {
    return undefined;
  }
};

/** Whom the issuer lets answer for it: certificates that it made for that, and that are valid now. Source: RFC 6960 4.2.2.2. */
const deputiesIn = async (
  { certs = [] }: BasicOCSPResponse,
  { issuer, at }: Subject,
): Promise<readonly Certificate[]> => {
  const read = await Promise.allSettled(
    certs.slice(0, MOST_CERTIFICATES).map((cert) => readCertificate(new Uint8Array(AsnConvert.serialize(cert)))),
  );
  const fit = read
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .filter(({ purposes }) => purposes?.includes(OCSP_SIGNING))
    .filter(({ notBefore, notAfter, issuerId }) => notBefore <= at && at <= notAfter && issuerId === issuer.subjectId);
  const signed = await Promise.all(fit.map((deputy) => isSignedBy(deputy, issuer)));
  return fit.filter((_, place) => signed[place]);
};

/** Why the signature of an answer is not one to rest on, or `undefined`. */
const obstacleIn = async (basic: BasicOCSPResponse, subject: Subject): Promise<Answer | undefined> => {
  const signers = [subject.issuer, ...(await deputiesIn(basic, subject))];
  const signed = await Promise.all(signers.map((signer) => isAnswerSignedBy(basic, signer)));
  if (signed.includes(true)) return;
  const odd = signed.find((it) => typeof it === 'string');
  return odd
    ? unclear(`the signature of the answer (${odd}) cannot be verified here`)
    : failed(`the answer is signed neither by ${subject.issuer.subject} nor by somebody it lets answer`);
};

const statusIn = ({ certStatus, thisUpdate, nextUpdate }: SingleResponse, at: Date): Answer => {
  if (isTooEarly(thisUpdate, at)) return failed(`the answer is not valid before ${thisUpdate.toISOString()}`);
  if (nextUpdate && nextUpdate < at) return failed(`the answer expired at ${nextUpdate.toISOString()}`);
  if (certStatus.revoked) return { kind: 'revoked', since: certStatus.revoked.revocationTime };
  return certStatus.good === undefined ? failed('the responder does not know the certificate') : { kind: 'good' };
};

const judge = async (basic: BasicOCSPResponse, subject: Subject): Promise<Answer> => {
  const obstacle = await obstacleIn(basic, subject);
  if (obstacle) return obstacle;
  const response = await responseTo(basic, subject.certificate, subject.issuer);
  if (!response) return failed('the answer is not about this certificate');
  const extensions = [...(response.singleExtensions ?? []), ...(basic.tbsResponseData.responseExtensions ?? [])];
  const critical = extensions.find((extension) => extension.critical);
  return critical
    ? unclear(`the critical extension ${critical.extnID} of the answer is not evaluated here`)
    : statusIn(response, subject.at);
};

/** What an OCSP responder says of a certificate. Source: sstp-protocol 5.2; RFC 6960. */
export const askOcsp = async (url: string, subject: Subject): Promise<Answer> => {
  const body = await bodyFrom(url, subject.download, await ocspRequest(subject.certificate, subject.issuer));
  if ('why' in body) return body.isOurs ? unclear(body.why) : failed(body.why);
  return readAnswer(body, subject);
};

/**
 * What the answer says that the server sends along. Windows looks at it before it asks anybody (learn.microsoft.com,
 * "Crypt32 certificate revocation list (CRL) semantics"); that SSTP hands it on is not told.
 */
export const readStapled = async (stapled: Uint8Array<ArrayBuffer>, subject: Subject): Promise<Answer> => {
  const answer = await readAnswer(stapled, subject);
  return answer.kind === 'good' ? unclear('it is not revoked, but whether SSTP heeds that is not known') : answer;
};

const readAnswer = async (body: Uint8Array<ArrayBuffer>, subject: Subject): Promise<Answer> => {
  const answer = answerIn(body);
  if (!answer) return failed('it is not an OCSP answer');
  return 'refusal' in answer ? failed(answer.refusal) : judge(answer.basic, subject);
};
