import 'reflect-metadata';
import {
  BasicOCSPResponse,
  CertID,
  id_pkix_ocsp_basic,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  type SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate as Encoded } from '@peculiar/asn1-x509';
import { AlgorithmProvider, AsnDefaultSignatureFormatter, AsnEcSignatureFormatter } from '@peculiar/x509';
import { bytesOf } from '../bytes.ts';
import type { Certificate } from '../certificate.ts';
import { parsedOf } from '../parsed.ts';
import { type Algorithm, unverifiableIn } from '../signature.ts';

/** What a responder says, not verified yet; `refusal` is its reason for saying nothing. */
export type OcspAnswer = Readonly<{ refusal: string } | { basic: BasicOCSPResponse }>;

const SHA_1 = '1.3.14.3.2.26';

const sha1 = (bytes: Uint8Array): Promise<ArrayBuffer> =>
  globalThis.crypto.subtle.digest('SHA-1', new Uint8Array(bytes));

/** How OCSP names a certificate. SHA-1 protects nothing here; every responder knows it, and Windows asks with it. */
const idOf = async ({ der, issuerId }: Certificate, issuer: Certificate): Promise<CertID> =>
  new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA_1, parameters: null }),
    issuerNameHash: new OctetString(await sha1(bytesOf(issuerId))),
    issuerKeyHash: new OctetString(await parsedOf(issuer).publicKey.getKeyIdentifier()),
    serialNumber: AsnConvert.parse(der, Encoded).tbsCertificate.serialNumber,
  });

/** The question about a certificate. It has no nonce, so that the same question has the same bytes. Source: RFC 6960 4.1. */
export const ocspRequest = async (certificate: Certificate, issuer: Certificate): Promise<Uint8Array<ArrayBuffer>> => {
  const requestList = [new Request({ reqCert: await idOf(certificate, issuer) })];
  return new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest: new TBSRequest({ requestList }) })));
};

/** Reads an answer. Throws for bytes that are none. */
export const readOcsp = (bytes: Uint8Array<ArrayBuffer>): OcspAnswer => {
  const { responseStatus, responseBytes } = AsnConvert.parse(bytes, OCSPResponse);
  if (responseStatus !== OCSPResponseStatus.successful || !responseBytes)
    return { refusal: `the responder says ${OCSPResponseStatus[responseStatus] ?? 'nothing'}` };
  const { responseType, response } = responseBytes;
  if (responseType !== id_pkix_ocsp_basic) return { refusal: `the answer is of the kind ${responseType}` };
  return { basic: AsnConvert.parse(response.buffer, BasicOCSPResponse) };
};

const isSame = (one: ArrayBuffer, other: ArrayBuffer): boolean =>
  one.byteLength === other.byteLength && new Uint8Array(one).every((byte, at) => byte === new Uint8Array(other)[at]);

/** The part of an answer that is about a certificate. */
export const responseTo = async (
  { tbsResponseData }: BasicOCSPResponse,
  certificate: Certificate,
  issuer: Certificate,
): Promise<SingleResponse | undefined> => {
  const id = await idOf(certificate, issuer);
  return tbsResponseData.responses.find(
    ({ certID }) =>
      certID.hashAlgorithm.algorithm === SHA_1 &&
      isSame(certID.issuerNameHash.buffer, id.issuerNameHash.buffer) &&
      isSame(certID.issuerKeyHash.buffer, id.issuerKeyHash.buffer) &&
      isSame(certID.serialNumber, id.serialNumber),
  );
};

/** Whether the key of a certificate signed the answer: no, yes, or the algorithm that cannot be verified here. */
export const isAnswerSignedBy = async (
  { tbsResponseDataRaw, signatureAlgorithm, signature }: BasicOCSPResponse,
  signer: Certificate,
): Promise<boolean | string> => {
  const { publicKey } = parsedOf(signer);
  const signed: Algorithm = new AlgorithmProvider().toWebAlgorithm(signatureAlgorithm);
  const odd = unverifiableIn(signed, publicKey.algorithm);
  if (odd) return odd;
  const algorithm = { ...publicKey.algorithm, ...signed, name: signed.name ?? '' };
  const formats = [new AsnEcSignatureFormatter(), new AsnDefaultSignatureFormatter()];
  const [web] = formats.flatMap((format) => format.toWebSignature(algorithm, signature) ?? []);
  if (!tbsResponseDataRaw || !web) return false;
  try {
    const key = await publicKey.export(algorithm, ['verify']);
    return await globalThis.crypto.subtle.verify(algorithm, key, web, tbsResponseDataRaw);
  } catch {
    // Another kind of key than that of the signature.
    return false;
  }
};
