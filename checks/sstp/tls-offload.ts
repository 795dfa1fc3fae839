import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { hexOf } from '../facts/read/bytes.ts';
import { type Listener, type SstpParameters, sstpParameters } from '../facts/sstp-parameters.ts';
import { HASHES, type Hash, judgeForm, judgeMissing, judgeSwitch } from './hash-form.ts';

const judgeHash = (hash: Hash, sstp: SstpParameters): readonly Finding[] => {
  const { subject, field } = hash;
  const stored = sstp[field];
  if (!stored)
    return field === 'sha256'
      ? [fail(`${subject} is not there: nobody told the server the balancer's certificate`, { subject })]
      : judgeMissing(hash, sstp.reads);
  const form = judgeForm(hash, stored, sstp.reads);
  if (form) return [form];
  return field === 'sha256' && stored.bytes
    ? [pass(`the balancer is expected to show the certificate with the hash ${hexOf(stored.bytes)}`, { subject })]
    : [];
};

const judgeChoice = ({ hashSetByAdministrator }: SstpParameters): Finding => {
  const subject = 'isHashConfiguredByAdmin';
  return hashSetByAdministrator
    ? pass(`${subject} is set: the service keeps the hash that an administrator set`, { subject })
    : fail(`${subject} is not set: the service may replace the hash of the balancer's certificate`, { subject });
};

const said = ({ https, port }: Listener): string =>
  https ? `HTTPS on port ${port}: TLS ends here` : `plain HTTP on port ${port}: TLS ends elsewhere`;

/** What is configured takes effect when RRAS starts again: both have to be right. */
const judgeProtocol = ({ applied, ...configured }: SstpParameters, expected: boolean): Finding => {
  const { https } = configured;
  const values = { subject: 'UseHttps', expected: expected ? '1' : '0', actual: https ? '1' : '0' };
  if (https !== expected) return fail(`SSTP uses ${said(configured)}`, values);
  return applied.https === expected
    ? pass(`SSTP uses ${said(configured)}`, values)
    : fail(`until RRAS starts again, SSTP uses ${said(applied)}`, { ...values, actual: applied.https ? '1' : '0' });
};

export default defineCheck({
  id: 'sstp/tls-offload',
  title: 'TLS ends where it is meant to: at this server, or at the load balancer in front of it',
  severity: 'high',
  situations: [],
  clientErrors: [],
  why: "With UseHttps at 0 the server accepts SSTP without TLS, which only a load balancer in front of it makes safe. It must then be told the hash of the balancer's certificate, and keep it, or every connection ends after the sign-in.",
  fix: [
    'For TLS at this server: set UseHttps below HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters to 1, or delete it, choose the certificate on the Security tab of the server in Routing and Remote Access, and restart RemoteAccess.',
    "For TLS at the balancer: set UseHttps to 0, isHashConfiguredByAdmin to 1, and Sha256CertificateHash (REG_BINARY, 32 bytes) to the SHA-256 hash of the balancer's certificate, then restart RemoteAccess.",
    'Let only the balancer reach the port without TLS, and renew the hash together with its certificate.',
  ],
  references: [
    'https://directaccess.richardhicks.com/2019/02/18/always-on-vpn-sstp-load-balancing-and-ssl-offload/',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sstp/4d0826a8-6214-48aa-80e5-ccd949fb7595',
    'https://learn.microsoft.com/en-us/windows/win32/api/mprapi/ns-mprapi-sstp_cert_info',
  ],
  needs: { sstp: sstpParameters },
  expects: {
    role: {
      type: 'string',
      enum: ['tls-here', 'tls-offload'],
      description: 'tls-here where this server shows the certificate, tls-offload where a load balancer does',
    },
  },
  judge({ sstp }, { role }) {
    // Where TLS ends here, either value of isHashConfiguredByAdmin is sound, and sstp/certificate-hash compares the hashes.
    if (role === 'tls-here') return [judgeProtocol(sstp, true)];
    const hashes = HASHES.flatMap((hash) => judgeHash(hash, sstp));
    return [judgeProtocol(sstp, false), judgeChoice(sstp), ...judgeSwitch(sstp.reads), ...hashes];
  },
});
