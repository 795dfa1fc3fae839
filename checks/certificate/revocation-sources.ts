import { defineCheck, fail, inapplicable, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { boundCertificate } from '../facts/bound-certificate.ts';
import { certificateChains } from '../facts/certificate-chains.ts';
import type { Certificate } from '../facts/read/certificate.ts';
import { isFetchedFromOutside } from '../facts/read/host.ts';
import { isShortLived, namesSource, revocableIn, sourcesOf } from '../facts/read/verdict/revocable.ts';
import { SHORT_LIVED } from '../facts/read/verdict/words.ts';
import { judgeBound, titleOf } from './bound.ts';
import { distinct } from './distinct.ts';
import { missingIssuersIn } from './missing-issuers.ts';

const judgeSources = (certificate: Certificate): Finding => {
  const subject = titleOf(certificate);
  const urls = sourcesOf(certificate);
  if (!namesSource(certificate) && isShortLived(certificate)) return inapplicable(SHORT_LIVED, { subject });
  if (urls.length === 0) return fail(`${subject} names neither a CRL nor an OCSP responder (0x80092012)`, { subject });
  const found = urls.find(isFetchedFromOutside);
  return found
    ? pass(`the revocation of ${subject} can be checked at ${found}`, { subject })
    : fail(`no client outside can check the revocation of ${subject} at ${urls.join(', ')} (0x80092013)`, {
        subject,
        actual: urls.join(', '),
      });
};

export default defineCheck({
  id: 'certificate/revocation-sources',
  title: 'Clients outside can ask whether the certificate and its issuers were revoked',
  severity: 'high',
  situations: ['7.1'],
  clientErrors: ['0x80092013', '0x80092012'],
  why: 'SSTP clients check the revocation of the certificate before there is a tunnel, over the Internet. A CRL that is published in the directory or on an internal host only cannot be reached then, and the client hangs up.',
  fix: [
    'Publish the CRL, and the delta CRL, on a web server that the Internet reaches, by http and not by https.',
    'On the authority, add that address on the Extensions tab to the CRL Distribution Points, with "Include in the CDP extension of issued certificates", and publish: certutil -crl',
    'Renew the certificate, so that it holds the new address, and choose it on the Security tab of the server in Routing and Remote Access.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/powershell/module/adcsadministration/add-cacrldistributionpoint',
  ],
  needs: { bound: boundCertificate, chains: certificateChains },
  expects: {},
  judge: ({ bound, chains }) =>
    judgeBound(bound, () => {
      const revocable = distinct(chains.flatMap(({ certificates }) => revocableIn(certificates)));
      return revocable.length > 0
        ? [...revocable.map(judgeSources), ...missingIssuersIn(chains)]
        : [inapplicable('the certificate is self-signed: there is nobody to revoke it')];
    }),
});
