import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { certificateChains } from '../facts/certificate-chains.ts';
import { FLAWS_IN_WORDS } from '../facts/read/verdict/words.ts';
import { purposesInWords } from '../facts/read/words.ts';
import { judgeBound, titleOf } from './bound.ts';

const unsigned: (typeof FLAWS_IN_WORDS)['other-key'] = ({ certificate: { issuer } }) =>
  `no certificate of ${issuer} in the server's stores has the key that signed it`;

/** Here it is the server that looks for issuers, in its own stores. */
const SAID: typeof FLAWS_IN_WORDS = {
  ...FLAWS_IN_WORDS,
  'issuer-missing': ({ certificate: { issuer } }) =>
    `its issuer ${issuer} is in none of the server's stores, so that the server cannot send it`,
  'other-key': unsigned,
  'not-signed': unsigned,
  'untrusted-root': () => "it is self-signed and not among the server's trusted roots",
  'wrong-purpose': ({ certificate: { purposes } }) => `it may issue for ${purposesInWords(purposes ?? [])} only`,
};

export default defineCheck({
  id: 'certificate/chain',
  title: 'The server has every issuer of its certificate, up to a trusted root',
  severity: 'high',
  situations: ['5.8'],
  clientErrors: ['0x800B0109', '0x800B010A', '0x80096004', '0x800B0101', '0x80096019', '0x800B0114'],
  why: 'The server sends the intermediate authorities that it finds in its own stores along with the certificate. If one is missing, has expired or does not fit, clients that cannot get it elsewhere report an untrusted root. Roots are not sent: a private one that only clients have is no fault, but then the server cannot tell whether the chain is whole.',
  fix: [
    'Import missing intermediate certificates into Intermediate Certification Authorities of the computer (certlm.msc), and a private root into Trusted Root Certification Authorities.',
    'Replace an issuer that has expired by its renewed certificate, or request a new server certificate from an authority that is valid.',
    'Make sure that the clients trust the same root, in the computer store and not only in that of the user.',
    'Restart the RemoteAccess service.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/api/wincrypt/ns-wincrypt-cert_chain_policy_status',
  ],
  needs: { bound: boundCertificate, chains: certificateChains },
  expects: {},
  judge: ({ bound, chains }) =>
    judgeBound(bound, () =>
      chains.map(({ certificates, flaws, doubts: [doubt] }) => {
        const [subject = '', ...above] = certificates.map(titleOf);
        const each = flaws.map((flaw) => `${titleOf(flaw.certificate)}: ${SAID[flaw.kind](flaw)}`);
        if (flaws.length > 0) return fail(each.join('; '), { subject });
        return doubt
          ? unknown('absent', `${titleOf(doubt.certificate)}: ${doubt.detail}`, { subject })
          : pass(`${subject} is issued by ${above.join(', by ') || 'itself'}, a trusted root`, { subject });
      }),
    ),
});
