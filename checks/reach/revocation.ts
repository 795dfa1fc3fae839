import { defineCheck, inapplicable, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { certificateRevocation, type Judged } from '../facts/certificate-verdicts.ts';
import { SHORT_LIVED } from '../facts/read/verdict/words.ts';
import { againstIt, subjectOf } from './problems.ts';

/** Where each certificate was found not to be revoked. */
const sourcesOf = ({ verdict }: Judged): string =>
  verdict.revocations
    .map(({ certificate, tried, state }) =>
      state === 'short-lived'
        ? `${titleOf(certificate)} (${SHORT_LIVED})`
        : `${titleOf(certificate)} at ${tried.at(-1)?.url ?? 'no address'}`,
    )
    .join(', ');

const judgeServed = (judged: Judged): Finding => {
  const against = againstIt(judged, 'revocation');
  if (against) return against;
  return judged.verdict.revocations.length > 0
    ? pass(`not revoked: ${sourcesOf(judged)}`, subjectOf(judged))
    : inapplicable('the certificate is self-signed: there is nobody to revoke it', subjectOf(judged));
};

export default defineCheck({
  id: 'reach/revocation',
  title: 'The revocation of the certificate and its issuers can be checked from outside, and none is revoked',
  severity: 'critical',
  situations: ['7.1'],
  clientErrors: ['0x80092013', '0x80092012', '0x80092010'],
  why: 'SSTP clients check revocation before there is a tunnel, over the Internet. If a revocation list cannot be reached, or has expired, they show 0x80092013. That it can be reached from inside says nothing about clients outside.',
  fix: [
    'Publish the CRL, and the delta CRL, on a web server that the Internet reaches, by http and not by https, and renew it before it ends: certutil -crl',
    'If IIS answers 404 for the delta CRL, whose name ends with a +, allow double escaping for that site: IIS Manager, Request Filtering, Edit Feature Settings.',
    'If the certificate does not hold that address, add it on the Extensions tab of the authority to the CRL Distribution Points, and renew the certificate.',
    'If the certificate or an issuer is revoked, request a new certificate, choose it on the Security tab of the server in Routing and Remote Access, and restart the service.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/powershell/module/adcsadministration/add-cacrldistributionpoint',
    'https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd379478(v=ws.10)',
  ],
  needs: { judged: certificateRevocation },
  expects: {},
  judge: ({ judged }) => judged.map(judgeServed),
});
