import { defineCheck, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { certificateName, type Judged } from '../facts/certificate-verdicts.ts';
import { againstIt, subjectOf } from './problems.ts';

const judgeServed = (judged: Judged): Finding =>
  againstIt(judged, 'name') ??
  pass(`${titleOf(judged.certificate)} is made out to the dialled name`, subjectOf(judged));

export default defineCheck({
  id: 'reach/certificate-name',
  title: 'The certificate met from outside is made out to the dialled name',
  severity: 'critical',
  situations: ['6.8', '6.9'],
  clientErrors: ['0x800B010F'],
  why: 'A client compares what its user dials with the names in the certificate that it is shown. That one may come from another binding, for an address or a host name, from a load balancer, or from a server to which DNS leads by mistake.',
  fix: [
    'Request a certificate whose subject alternative name holds every name and address that clients dial, choose it on the Security tab of the server in Routing and Remote Access, and restart the service.',
    'If another certificate is shown than the one that you chose, look for the binding that wins over it (binding/conflicts, reach/same-certificate).',
    'Or correct the host name in the VPN connections of the clients, if that is what is wrong.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/api/wincrypt/ns-wincrypt-cert_chain_policy_status',
  ],
  needs: { judged: certificateName },
  expects: {},
  judge: ({ judged }) => judged.map(judgeServed),
});
