/** Answers of an OCSP responder about the certificates in pki.ts. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertStatus,
  id_pkix_ocsp_basic,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension, Name } from '@peculiar/asn1-x509';
import { readCertificate } from '../../checks/facts/read/certificate.ts';
import { ocspRequest } from '../../checks/facts/read/verdict/ocsp.ts';
import { type Authority, type Made, signerOf } from './pki.ts';

type OcspOptions = Readonly<{
  says?: 'good' | 'revoked' | 'unknown';
  thisUpdate?: string;
  /** `null` = it does not say. */
  nextUpdate?: string | null;
  /** Signs in place of the issuer. */
  signer?: Parameters<typeof signerOf>[0];
  /** Certificates sent along. */
  certificates?: readonly Made[];
  critical?: string;
}>;

const STATUS = {
  good: { good: null },
  revoked: { revoked: new RevokedInfo({ revocationTime: new Date('2026-10-29T00:00:00Z') }) },
  unknown: { unknown: null },
} as const;
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

const wrapped = (basic: BasicOCSPResponse): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    AsnConvert.serialize(
      new OCSPResponse({
        responseStatus: OCSPResponseStatus.successful,
        responseBytes: new ResponseBytes({
          responseType: id_pkix_ocsp_basic,
          response: new OctetString(AsnConvert.serialize(basic)),
        }),
      }),
    ),
  );

/** A refusal, which is not signed. */
export const ocspRefusal = (responseStatus: OCSPResponseStatus): Uint8Array<ArrayBuffer> =>
  new Uint8Array(AsnConvert.serialize(new OCSPResponse({ responseStatus })));

/** An answer about a certificate: valid on the day of the healthy server, and good, unless told otherwise. */
export const ocspOf = async (
  issuer: Authority,
  about: Made,
  options: OcspOptions = {},
): Promise<Uint8Array<ArrayBuffer>> => {
  const { says = 'good', thisUpdate = '2026-10-31T00:00:00Z', nextUpdate = '2026-11-07T00:00:00Z' } = options;
  const [certificate, its] = await Promise.all([readCertificate(about.der), readCertificate(issuer.der)]);
  const request = AsnConvert.parse(await ocspRequest(certificate, its), OCSPRequest);
  const [asked] = request.tbsRequest.requestList;
  if (!asked) throw new Error('an empty request');
  const tbsResponseData = new ResponseData({
    responderID: new ResponderID({ byName: AsnConvert.parse(issuer.certificate.subjectName.toArrayBuffer(), Name) }),
    producedAt: new Date(thisUpdate),
    responses: [
      new SingleResponse({
        certID: asked.reqCert,
        certStatus: new CertStatus(STATUS[says]),
        thisUpdate: new Date(thisUpdate),
        ...(nextUpdate !== null && { nextUpdate: new Date(nextUpdate) }),
      }),
    ],
    ...(options.critical && {
      responseExtensions: [
        new Extension({
          extnID: options.critical,
          critical: true,
          extnValue: new OctetString(new Uint8Array([5, 0]).buffer),
        }),
      ],
    }),
  });
  const { signingKey, signingAlgorithm } = await signerOf(options.signer ?? issuer.key);
  return wrapped(
    new BasicOCSPResponse({
      tbsResponseData,
      signatureAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: null }),
      signature: await webcrypto.subtle.sign(signingAlgorithm, signingKey, AsnConvert.serialize(tbsResponseData)),
      ...(options.certificates && {
        certs: options.certificates.map(({ der }) => AsnConvert.parse(new Uint8Array(der), Certificate)),
      }),
    }),
  );
};
