import { defineCheck, fail, inapplicable, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { type Comparison, certificateComparison } from '../facts/certificate-comparison.ts';

const differencesOf = ({ served: { certificate }, bound, configured }: Comparison): readonly string[] => {
  const { thumbprint, sha256 } = certificate;
  const isBound = bound?.some((hash) => hash === thumbprint || hash === sha256) ?? true;
  return [
    ...(isBound ? [] : [`HTTP.sys has ${bound?.join(' and ') || 'nothing'} bound there`]),
    ...(configured === undefined || configured === sha256 ? [] : [`Sha256CertificateHash is ${configured}`]),
  ];
};

const judgeServed = (comparison: Comparison): Finding => {
  const { served, bound, configured } = comparison;
  const { thumbprint, sha256 } = served.certificate;
  const subject = served.endpoints.join(' and ');
  if (!bound && configured === undefined)
    return inapplicable('TLS ends at a load balancer, and no hash of its certificate is configured to compare with', {
      subject,
    });
  const met = `${titleOf(served.certificate)} is met (SHA-1 ${thumbprint}, SHA-256 ${sha256})`;
  const differences = differencesOf(comparison);
  return differences.length > 0
    ? fail(`${met}, but ${differences.join(', and ')}`, { subject, actual: sha256 })
    : pass(`${met}, as the server believes`, { subject });
};

export default defineCheck({
  id: 'reach/same-certificate',
  title: 'The certificate met from outside is the one that the server believes it shows',
  severity: 'critical',
  situations: ['6.8', '8.7'],
  clientErrors: [],
  why: 'After the sign-in, client and server compare the hash of the certificate that each of them saw. If a load balancer, a firewall that inspects TLS, another server, or a binding of another program shows a different one, everything looks right until then, and the client logs RasSstp event 6.',
  fix: [
    'If a load balancer or a firewall ends TLS on the way, let it pass SSTP through; or, where it must end TLS, configure TLS offload with the hash of its certificate in Sha256CertificateHash.',
    'If HTTP.sys shows another certificate, choose the right one on the Security tab of the server in Routing and Remote Access, and restart the service.',
    'If the name leads to another server, correct its address in DNS. Where servers with certificates of their own share the name, dial each by its address: --probe ADDRESS --sni NAME.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/archive/blogs/rrasblog/how-to-change-machine-certificate-on-the-sstp-server',
  ],
  // The comparison rests on it: named, so that a target that is only seen from outside is not asked for it.
  needs: { comparisons: certificateComparison, bound: boundCertificate },
  expects: {},
  judge: ({ comparisons }) => comparisons.map(judgeServed),
});
