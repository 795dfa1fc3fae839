import { defineCheck, fail, pass } from '../../engine/define.ts';
import { dialledNames } from '../dialled-names.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { isMadeOutTo, namesOf } from '../facts/read/names.ts';
import { listOf } from '../facts/read/words.ts';
import { judgeBound, titleOf } from './bound.ts';

export default defineCheck({
  id: 'certificate/names',
  title: 'The certificate bound to the SSTP listener is made out to every name and address that clients dial',
  severity: 'critical',
  situations: ['6.8', '6.9'],
  clientErrors: ['0x800B010F'],
  why: 'A client compares what its user dials with the alternative names of the certificate, or, where there is none, with the common name. A wildcard stands for one label only, and never for an address.',
  fix: [
    'Request a certificate whose subject alternative name holds every name and address that clients dial.',
    'In Routing and Remote Access, open the properties of the server, choose it on the Security tab, and restart the service.',
    'Or correct the host name in the VPN connections of the clients, if that is what is wrong.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/api/wincrypt/ns-wincrypt-cert_chain_policy_status',
  ],
  needs: { bound: boundCertificate },
  expects: {
    names: dialledNames,
  },
  judge: ({ bound }, { names }) =>
    judgeBound(bound, (certificates) =>
      certificates.flatMap(({ certificate }) => {
        const title = titleOf(certificate);
        const all = namesOf(certificate);
        const actual = all.join(', ') || 'nobody';
        return names.map((subject) =>
          isMadeOutTo(certificate, subject)
            ? pass(`${title} is made out to ${subject}`, { subject })
            : fail(`${title} is made out to ${listOf(all) || 'nobody'}, not to ${subject}`, {
                subject,
                expected: subject,
                actual,
              }),
        );
      }),
    ),
});
