import { defineCheck, fail, pass } from '../../engine/define.ts';
import { clientSettings } from '../facts/client-settings.ts';

export default defineCheck({
  id: 'client/revocation-check',
  title: 'The machine that dials checks whether the server certificate was revoked',
  severity: 'high',
  situations: [],
  clientErrors: [],
  why: 'NoCertRevocationCheck is meant for tests. Left on a client, it lets a stolen and revoked certificate pass for the server, and hides that the revocation list cannot be reached (0x80092013).',
  fix: [
    'Delete NoCertRevocationCheck below HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters, and take it out of the script or policy that sets it.',
    'Make the revocation list reachable for clients without a tunnel (client/revocation-reachable), and connect again.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/networking/core-network-guide/cncg/server-certs/configure-the-cdp-and-aia-extensions-on-ca1',
  ],
  needs: { settings: clientSettings },
  expects: {},
  judge: ({ settings: { noRevocationCheck } }) => [
    // Belief: any value but 0 switches the check off.
    noRevocationCheck
      ? fail(`NoCertRevocationCheck is ${noRevocationCheck}: SSTP does not check revocation`, {
          expected: '0, or absent',
          actual: String(noRevocationCheck),
        })
      : pass(`NoCertRevocationCheck is ${noRevocationCheck ?? 'absent'}: SSTP checks revocation`),
  ],
});
