import { defineCheck, fail, pass } from '../../engine/define.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { observedAt } from '../facts/observed-at.ts';
import type { Certificate } from '../facts/read/certificate.ts';
import { dayOf, judgeBound, titleOf } from './bound.ts';

const DAY_MS = 86_400_000;

const percentOfLife = ({ notBefore, notAfter }: Certificate, percent: number): number =>
  Math.floor(((notAfter.getTime() - notBefore.getTime()) / DAY_MS) * (percent / 100));

export default defineCheck({
  id: 'certificate/remaining-life',
  title: 'The certificate bound to the SSTP listener is renewed in time',
  severity: 'high',
  situations: ['4.9'],
  clientErrors: ['0x800B0101'],
  why: 'An expired certificate shuts every SSTP user out at once, and renewal takes people and time. Public certificates live ever shorter, so the reserve must fit the way in which they are renewed here.',
  fix: [
    'Renew the certificate into the Personal store of the computer.',
    'In Routing and Remote Access, open the properties of the server, choose the new certificate on the Security tab, and restart the service.',
    'Where renewal is automatic, find out why it did not run; make sure that it also binds the new certificate and sets the hashes of SSTP.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/archive/blogs/rrasblog/how-to-change-machine-certificate-on-the-sstp-server',
  ],
  needs: { bound: boundCertificate, observedAt },
  expects: {
    minimumDays: { type: 'integer', minimum: 1, description: 'whole days that the certificate must still be valid' },
    orPercentOfLife: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description:
        'percent of its whole life that is enough where that is less: programs renew certificates of weeks when a third is left; 100 for no such exception',
    },
  },
  judge: ({ bound, observedAt: now }, { minimumDays, orPercentOfLife }) =>
    judgeBound(bound, (all) =>
      all.map(({ certificate }) => {
        const subject = titleOf(certificate);
        const daysLeft = Math.floor((certificate.notAfter.getTime() - now.getTime()) / DAY_MS);
        const reserve = Math.min(minimumDays, percentOfLife(certificate, orPercentOfLife));
        const rest = { subject, expected: `${reserve} days or more`, actual: `${daysLeft} days` };
        const until = `until ${dayOf(certificate.notAfter)}`;
        if (daysLeft < 0) return fail(`${subject} was valid ${until} only`, rest);
        return daysLeft < reserve
          ? fail(`${subject} is valid for ${daysLeft} more days (${until}), less than ${reserve}`, rest)
          : pass(`${subject} is valid for ${daysLeft} more days (${until})`, rest);
      }),
    ),
});
