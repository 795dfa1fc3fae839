import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { keyUsageAgainst, policiesAgainst } from '../facts/read/verdict/flaws.ts';
import { purposesInWords } from '../facts/read/words.ts';
import { judgeBound, titleOf } from './bound.ts';
import { misuseOf } from './purposes.ts';

export default defineCheck({
  id: 'certificate/usage',
  title: 'The certificate bound to the SSTP listener is for server authentication',
  severity: 'critical',
  situations: ['2.3', '3.8'],
  clientErrors: ['809', '0x80070040', '0x800B0110'],
  why: 'SSTP clients refuse a certificate that is not made for server authentication or for any purpose, such as one for client authentication only. The certificate console can also take a purpose away from a certificate that has it.',
  fix: [
    'In the certificate console of the computer (certlm.msc), open the certificate and look at Enhanced Key Usage on the Details tab.',
    'If Server Authentication is missing there, request a certificate from a template that has it (Web Server, for example) and choose it on the Security tab of the server in Routing and Remote Access.',
    'If it is there, choose Edit Properties on the Details tab and enable the purpose again.',
    'Restart the RemoteAccess service.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sstp/c50ed240-56f3-4309-8e0c-1644898f0ea8',
  ],
  needs: { bound: boundCertificate },
  expects: {},
  judge: ({ bound }) =>
    judgeBound(bound, (all) =>
      all.map((stored) => {
        const { certificate } = stored;
        const subject = titleOf(certificate);
        const misuse = misuseOf(stored);
        if (misuse) return fail(`${subject} is not for server authentication: ${misuse}`, { subject });
        const against = policiesAgainst(certificate) ?? keyUsageAgainst(certificate);
        if (against) return unknown('unreadable', `${subject}: ${against}`, { subject });
        const purposes = certificate.purposes
          ? purposesInWords(certificate.purposes)
          : 'all purposes, as it names none';
        return pass(`${subject} is for ${purposes}`, { subject });
      }),
    ),
});
