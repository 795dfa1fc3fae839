import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { issuerStores } from '../facts/certificate-stores.ts';
import { type ClientChain, clientChains, distrustIn } from '../facts/client-chains.ts';

type Flaw = ReturnType<typeof distrustIn>[number];

const sayOf = ({ kind, certificate, name }: Flaw): string => {
  const title = titleOf(certificate);
  switch (kind) {
    case 'untrusted-root':
      return `the root ${title} (${certificate.thumbprint}) is not among the trusted roots of this machine`;
    case 'distrusted':
      return `${title} (${certificate.thumbprint}) is among the untrusted certificates of this machine`;
    case 'restricted':
      return `${title} (${certificate.thumbprint}) is restricted to ${name} in the store of this machine`;
    case 'other-key':
    case 'not-signed':
      return `no certificate of ${certificate.issuer} that was sent or is in a store of this machine has the key that signed ${title}`;
    default:
      return `the issuer of ${title}, ${certificate.issuer}, is neither sent nor in a store of this machine`;
  }
};

/** Belief: what Windows shows for what is distrusted, and for what is restricted and nothing else. */
const codeOf = (flaws: readonly Flaw[]): string => {
  if (flaws.some(({ kind }) => kind === 'distrusted')) return '0x800B0111';
  if (flaws.some(({ kind }) => kind === 'not-signed')) return '0x80096004';
  return flaws.every(({ kind }) => kind === 'restricted') ? '0x800B0110' : '0x800B0109';
};

const judgeChain = (chain: ClientChain, roots: number): Finding => {
  const subject = chain.endpoints.join(' and ');
  const flaws = distrustIn(chain);
  if (flaws.length > 0) return fail(`${flaws.map(sayOf).join('; ')}; SSTP would show ${codeOf(flaws)}`, { subject });
  const top = chain.chain.certificates.at(-1) ?? chain.certificate;
  return pass(`${titleOf(top)} is one of the ${roots} roots that this machine trusts`, { subject });
};

export default defineCheck({
  id: 'client/trusted-root',
  title: 'The machine that dials trusts the root of the server certificate',
  severity: 'critical',
  situations: ['5.8'],
  clientErrors: ['0x800B0109', '0x800B010A', '0x800B0111', '0x800B0112', '0x800B0110', '0x80096004'],
  why: 'SSTP takes only roots that are trusted in the store of the computer, not those of the user who is signed in. Members of a domain get private roots from it; other machines need them imported. Public roots are added by Windows when it needs them.',
  fix: [
    'Import the root certificate into Trusted Root Certification Authorities of the computer (certlm.msc); on many machines, by Group Policy or by device management.',
    'If an intermediate certificate is missing, import it into Intermediate Certification Authorities of the server, so that the server sends it.',
    'If the root is among the Untrusted Certificates, find out why it was put there before you remove it.',
    'If a policy has only enterprise roots trusted (Certificate Path Validation Settings, Stores), bring the root by Group Policy or Active Directory: certutil -dspublish -f ROOT.cer RootCA',
    'If the store restricts the root or an issuer to other purposes, open its properties in certlm.msc and enable all purposes for it, or Server Authentication.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/identity/ad-cs/configure-trusted-roots-disallowed-certificates',
  ],
  needs: { chains: clientChains, stores: issuerStores },
  expects: {},
  judge({ chains, stores: { roots, enterprise, onlyEnterprise } }) {
    const { certificates } = onlyEnterprise ? enterprise : roots;
    return chains.map((chain) => judgeChain(chain, certificates.length));
  },
});
