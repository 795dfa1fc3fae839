import { defineCheck, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { certificateTrust, type Judged } from '../facts/certificate-verdicts.ts';
import { againstIt, remarksOn, subjectOf } from './problems.ts';

const judgeServed = (judged: Judged): Finding => {
  const against = againstIt(judged, 'trust');
  if (against) return against;
  const [subject = '', ...above] = judged.verdict.chain.map(titleOf);
  const weak = judged.verdict.weaknesses.map(({ certificate, detail }) => `; weak: ${titleOf(certificate)}: ${detail}`);
  const message = `${subject} is valid, and issued by ${above.join(', by ') || 'itself'}, a trusted root`;
  const remarks = remarksOn(judged).map((said) => `; ${said}`);
  return pass([message, ...remarks, ...weak].join(''), subjectOf(judged));
};

export default defineCheck({
  id: 'reach/certificate-trust',
  title: 'The certificate met from outside is valid, and leads to a trusted root',
  severity: 'critical',
  situations: ['4.8', '5.8'],
  clientErrors: [
    ...['0x800B0101', '0x800B0109', '0x800B010A', '0x800B0110', '0x800B0112', '0x80096004', '0x80096019'],
    ...['0x800B0114', '0x800B0105', '810'],
  ],
  why: 'Before the sign-in, a client refuses a certificate that has expired, that is for another purpose, or that does not lead to a root it trusts. What counts is what the server sends: its stores may hold the whole chain and it may send a part of it only. Which roots clients trust, --roots says; without it, those of this machine stand for them: one that is not public passes with a word, and one that only the domain of the server brings to its members is unknown.',
  fix: [
    'If the certificate or an issuer has expired, renew it, choose it on the Security tab of the server in Routing and Remote Access, and restart the service.',
    'If an issuer is missing that is no root, import its certificate into Intermediate Certification Authorities of the server, and restart the service. Roots are not sent.',
    'If the root is missing or not trusted, bring it into Trusted Root Certification Authorities of every client (the store of the computer), or use a certificate of a public authority. A private root that clients do trust is given to this check with --roots.',
    'If the purpose is wrong, request a certificate with Server Authentication.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/api/wincrypt/ns-wincrypt-cert_chain_policy_status',
  ],
  needs: { judged: certificateTrust },
  expects: {},
  judge: ({ judged }) => judged.map(judgeServed),
});
