import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type Listener, type SstpParameters, sstpParameters } from '../facts/sstp-parameters.ts';

const said = ({ https, port }: Listener): string => `${https ? 'HTTPS' : 'HTTP'} on port ${port}`;

const judgeApplied = ({ applied, ...configured }: SstpParameters): Finding => {
  const values = { subject: 'ConfigStore', expected: said(configured), actual: said(applied) };
  return values.expected === values.actual
    ? pass(`RRAS has taken over ${values.actual}`, values)
    : fail(`a restart is pending: RRAS still uses ${values.actual}, and ${values.expected} is configured`, values);
};

export default defineCheck({
  id: 'sstp/listener-port',
  title: 'SSTP is set to the expected port, and RRAS has been restarted since',
  severity: 'critical',
  situations: ['8.9'],
  clientErrors: ['809'],
  why: 'Clients dial one port, firewalls and load balancers are open for it. A changed ListenerPort takes effect only when RRAS starts again: until then the server looks right, and moves to the other port with its next restart.',
  fix: [
    'Set ListenerPort below HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters to the port; 0 means 443, or 80 where UseHttps is 0.',
    'Restart the RemoteAccess service, which binds the certificate and reserves the URL on the port.',
    'Open the port in Windows Firewall and on the way to the server: the built-in rule opens 443 only.',
  ],
  references: ['https://mskb.pkisolutions.com/kb/947031', 'https://learn.microsoft.com/en-us/archive/blogs/rrasblog/'],
  needs: { sstp: sstpParameters },
  expects: {
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port on which the server accepts SSTP' },
  },
  judge({ sstp }, { port }) {
    const values = { subject: 'ListenerPort', expected: String(port), actual: String(sstp.port) };
    return [
      sstp.port === port
        ? pass(`SSTP is set to port ${port}`, values)
        : fail(`SSTP is set to port ${sstp.port}, not ${port}`, values),
      judgeApplied(sstp),
    ];
  },
});
