import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { certificateChains } from '../facts/certificate-chains.ts';
import type { Certificate } from '../facts/read/certificate.ts';
import { judgeBound, titleOf } from './bound.ts';
import { distinct } from './distinct.ts';
import { unseenIn } from './unseen.ts';

type Demand = Readonly<{ minimumRsaBits: number; minimumEcBits: number; forbiddenHashes: readonly string[] }>;

const weakKeyOf = ({ key: { type, bits } }: Certificate, { minimumRsaBits, minimumEcBits }: Demand): string[] => {
  const minimum = type === 'RSA' ? minimumRsaBits : type === 'EC' ? minimumEcBits : undefined;
  if (minimum === undefined || bits === undefined) return [`its key is of the kind ${type}, neither RSA nor EC`];
  return bits < minimum ? [`its ${type} key has ${bits} bits, less than ${minimum}`] : [];
};

/** The signature on a root proves nothing, whatever it is made with: roots are trusted by being in the store. */
const weakHashOf = ({ subjectId, issuerId, signatureHash }: Certificate, { forbiddenHashes }: Demand): string[] => {
  if (subjectId === issuerId) return [];
  if (!/^(?:MD|SHA-)\d+$/.test(signatureHash))
    return [`its signature is of the kind ${signatureHash}, which is not known`];
  return forbiddenHashes.includes(signatureHash) ? [`it is signed with ${signatureHash}`] : [];
};

const judgeStrength = (certificate: Certificate, demand: Demand): Finding => {
  const subject = titleOf(certificate);
  const weak = [...weakKeyOf(certificate, demand), ...weakHashOf(certificate, demand)];
  const { key, signatureHash } = certificate;
  return weak.length > 0
    ? fail(`${subject}: ${weak.join('; ')}`, { subject })
    : pass(`${subject} has an ${key.type} key of ${key.bits} bits and is signed with ${signatureHash}`, { subject });
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
      ...unseenIn(chains),
    ]),
});
