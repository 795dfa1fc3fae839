import { defineCheck, fail, pass } from '../../engine/define.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { observedAt } from '../facts/observed-at.ts';
import { judgeBound, titleOf } from './bound.ts';

export default defineCheck({
  id: 'certificate/validity',
  title: 'The certificate bound to the SSTP listener is valid now',
  severity: 'critical',
  situations: ['4.8', '8.7'],
  clientErrors: ['0x800B0101'],
  why: 'Every SSTP client refuses a certificate that has expired or is not valid yet. Only the certificate that is bound counts: a newer one in the store helps nobody until it is bound.',
  fix: [
    'Renew the certificate, or request a new one, into the Personal store of the computer.',
    'In Routing and Remote Access, open the properties of the server, choose the new certificate on the Security tab, and restart the service.',
    'If the dates are right, check the clock of the server with "w32tm /query /status".',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/archive/blogs/rrasblog/how-to-change-machine-certificate-on-the-sstp-server',
  ],
  needs: { bound: boundCertificate, observedAt },
  expects: {},
  judge: ({ bound, observedAt: now }) =>
    judgeBound(bound, (all) =>
      all.map(({ certificate }) => {
        const subject = titleOf(certificate);
        const { notBefore, notAfter } = certificate;
        const rest = { subject, actual: `${notBefore.toISOString()} to ${notAfter.toISOString()}` };
        if (now > notAfter) return fail(`${subject} expired at ${notAfter.toISOString()}`, rest);
        if (now < notBefore) return fail(`${subject} is not valid before ${notBefore.toISOString()}`, rest);
        return pass(`${subject} is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}`, rest);
      }),
    ),
});
