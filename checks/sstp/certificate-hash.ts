import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { setAside } from '../certificate/bound.ts';
import { type BoundCertificate, boundCertificate } from '../facts/bound-certificate.ts';
import { hexOf } from '../facts/read/bytes.ts';
import { type SstpParameters, type StoredHash, sstpParameters } from '../facts/sstp-parameters.ts';
import { HASHES, type Hash, judgeForm, judgeMissing, judgeSwitch, UNREAD } from './hash-form.ts';

type Kept = Readonly<{ bound: readonly BoundCertificate[]; reads: SstpParameters['reads'] }>;

/** What a certificate calls the hash that a value holds. */
const OWN = { sha256: 'sha256', sha1: 'thumbprint' } as const;

/** The hash of a bound certificate; what HTTP.sys names it by is one of the two, even where the certificate is gone. */
const hashOf = ({ hash, stored }: BoundCertificate, { field, length }: Hash): string | undefined =>
  stored?.certificate[OWN[field]] ?? (hash.length === length * 2 ? hash : undefined);

/**
 * SSTP keeps one hash: of two bound certificates it can be that of one only, and clients of the other are sent away. One that is
 * not read may be of any certificate; where older versions read it, their clients choose SHA-256 all the same (MS-SSTP 1.7).
 */
const judgeHash = (hash: Hash, stored: StoredHash, { bound, reads }: Kept): Finding => {
  const { subject, field } = hash;
  const form = judgeForm(hash, stored, reads);
  if (form) return form;
  const unlessUnread = (finding: Finding): Finding =>
    reads[field] ? finding : pass(`${finding.message}; ${UNREAD[field]}`, { subject });
  const actual = hexOf(stored.bytes ?? new Uint8Array());
  const others = bound.flatMap((it) => {
    const expected = hashOf(it, hash) ?? actual;
    return expected === actual ? [] : [{ expected, endpoints: it.endpoints.join(' and ') }];
  });
  if (others.length > 0) {
    const each = others.map(({ expected, endpoints }) => `the certificate bound to ${endpoints} has ${expected}`);
    const expected = others.map((it) => it.expected).join(' or ');
    return unlessUnread(fail(`${subject} is ${actual}, and ${each.join(', ')}`, { subject, expected, actual }));
  }
  const open = bound.find((it) => hashOf(it, hash) === undefined)?.missing;
  return open
    ? unlessUnread(unknown(open.reason, `${subject} cannot be compared: ${open.detail}`, { subject }))
    : pass(`${subject} is the hash of the bound certificate, ${actual}`, { subject });
};

/** RRAS then finds no certificate at its next start (RasSstp event 25). Source: public disassembly notes of sstpcfg.dll. */
const CHOICE_LOST = fail(
  'an administrator chose the certificate (isHashConfiguredByAdmin), and the hash by which RRAS finds it is not there',
  { subject: 'Sha256CertificateHash' },
);

export default defineCheck({
  id: 'sstp/certificate-hash',
  title: 'The certificate hashes of SSTP are those of the certificate bound to its listener',
  severity: 'critical',
  situations: ['8.7'],
  clientErrors: [],
  why: 'After the sign-in, client and server prove to each other that they saw the same certificate; the server knows it by Sha256CertificateHash only, and by Sha1CertificateHash where SHA1Enabled is set. A hash that is missing, left over from another certificate, or of the wrong type or length, ends every connection at that point (RasSstp events 18 and 19).',
  fix: [
    'In Routing and Remote Access, open the properties of the server and choose the certificate on the Security tab: RRAS then writes the hashes.',
    'If a hash below HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters has the wrong type or length, delete that value; delete SHA256Enabled and SHA1Enabled there, too, if somebody set them.',
    'Restart the RemoteAccess service, and look for RasSstp events in the System log: it writes the hashes of the bound certificate anew or, where isHashConfiguredByAdmin is 1, binds the certificate that an administrator chose.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc733547(v=ws.10)',
  ],
  needs: { parameters: sstpParameters, bound: boundCertificate },
  expects: {},
  judge({ parameters, bound }) {
    if (bound.kind !== 'bound') return setAside(bound);
    const { reads, hashSetByAdministrator } = parameters;
    const findings = HASHES.flatMap((hash) => {
      const stored = parameters[hash.field];
      if (stored) return [judgeHash(hash, stored, { bound: bound.certificates, reads })];
      const missing = judgeMissing(hash, reads);
      return hashSetByAdministrator && hash.field === 'sha256' ? missing.map(() => CHOICE_LOST) : missing;
    });
    return [...judgeSwitch(reads), ...findings];
  },
});
