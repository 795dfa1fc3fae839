import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { certificateChains } from '../facts/certificate-chains.ts';
import type { Certificate } from '../facts/read/certificate.ts';
import { isSelfIssued } from '../facts/read/verdict/paths.ts';
import { judgeBound, titleOf } from './bound.ts';
import { distinct } from './distinct.ts';
import { missingIssuersIn } from './missing-issuers.ts';

type Demand = Readonly<{ minimumRsaBits: number; minimumEcBits: number; forbiddenHashes: readonly string[] }>;

const minimumOf = (type: string, { minimumRsaBits, minimumEcBits }: Demand): number | undefined =>
  type === 'RSA' ? minimumRsaBits : type === 'EC' ? minimumEcBits : undefined;

/** The signature on a root proves nothing, whatever it is made with: roots are trusted by being in the store. */
const weakIn = (certificate: Certificate, demand: Demand): readonly string[] => {
  const { key, signatureHash } = certificate;
  const minimum = minimumOf(key.type, demand) ?? 0;
  return [
    ...(key.bits !== undefined && key.bits < minimum
      ? [`its ${key.type} key has ${key.bits} bits, less than ${minimum}`]
      : []),
    ...(!isSelfIssued(certificate) && demand.forbiddenHashes.includes(signatureHash)
      ? [`it is signed with ${signatureHash}`]
      : []),
  ];
};

/** What the demand says nothing of. */
const unmeasuredIn = (certificate: Certificate, demand: Demand): readonly string[] => {
  const { key, signatureHash } = certificate;
  return [
    ...(key.bits === undefined || minimumOf(key.type, demand) === undefined
      ? [`its key is of the kind ${key.type}, for which nothing is stated`]
      : []),
    ...(!isSelfIssued(certificate) && !/^(?:MD|SHA-)\d+$/.test(signatureHash)
      ? [`its signature is of the kind ${signatureHash}, which is not known`]
      : []),
  ];
};

const judgeStrength = (certificate: Certificate, demand: Demand): Finding => {
  const subject = titleOf(certificate);
  const [weak, unmeasured] = [weakIn(certificate, demand), unmeasuredIn(certificate, demand)];
  if (weak.length > 0) return fail(`${subject}: ${weak.join('; ')}`, { subject });
  if (unmeasured.length > 0) return unknown('unreadable', `${subject}: ${unmeasured.join('; ')}`, { subject });
  const { key, signatureHash } = certificate;
  return pass(`${subject} has an ${key.type} key of ${key.bits} bits and is signed with ${signatureHash}`, { subject });
};

export default defineCheck({
  id: 'certificate/strength',
  title: 'The keys and signatures of the certificate and its issuers are strong enough',
  severity: 'medium',
  situations: [],
  clientErrors: [],
  why: 'A short key or an outdated hash lets somebody else make a certificate in the name of this server, and so read what users send, their passwords included. Newer clients refuse such certificates.',
  fix: [
    'Request a new certificate with an RSA key of 2048 bits or more, or an EC key of 256 bits or more, signed with SHA-256.',
    'Where an issuer is weak, move to an authority whose own certificate is strong.',
    'In Routing and Remote Access, open the properties of the server, choose the new certificate on the Security tab, and restart the service.',
  ],
  references: [
    'https://github.com/TrustedRootProgram/Program-Requirements',
    'https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-131Ar2.pdf',
  ],
  needs: { bound: boundCertificate, chains: certificateChains },
  expects: {
    minimumRsaBits: { type: 'integer', minimum: 512, description: 'bits that an RSA key must have' },
    minimumEcBits: { type: 'integer', minimum: 160, description: 'bits that an EC key must have' },
    forbiddenHashes: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: ['MD2', 'MD5', 'SHA-1', 'SHA-256'] },
      description: 'hashes with which no certificate may be signed, roots apart',
    },
  },
  judge: ({ bound, chains }, demand) =>
    judgeBound(bound, () => [
      ...distinct(chains.flatMap(({ certificates }) => certificates)).map((one) => judgeStrength(one, demand)),
      ...missingIssuersIn(chains),
    ]),
});
