import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { stateInWords } from '../facts/read/service-state.ts';
import { SERVICES, type Service, type ServiceName, type Start, services } from '../facts/services.ts';

/** The others are started by a service that depends on them, or, as HTTP is, by whoever uses it. */
const STARTED_BY_NOBODY: readonly ServiceName[] = ['RemoteAccess', 'MpsSvc'];
const AT_BOOT: readonly Start[] = ['boot', 'system', 'automatic'];

type Installed = Extract<Service, { installed: true }>;

const startProblemOf = (name: ServiceName, { start }: Installed): readonly string[] => {
  if (start === 'disabled') return ['it is disabled'];
  return STARTED_BY_NOBODY.includes(name) && !AT_BOOT.includes(start)
    ? [`its start type is ${start}, so it stays down after the next boot`]
    : [];
};

const judgeService = (subject: ServiceName, service: Service): Finding => {
  if (!service.installed) return fail(`the service ${subject} is not installed`, { subject, expected: 'RUNNING' });
  const { state, start } = service;
  const problems = startProblemOf(subject, service);
  const said = `${subject} is ${stateInWords(service)}`;
  return state === 'RUNNING' && problems.length === 0
    ? pass(`${said}, start type ${start}`, { subject })
    : fail([said, ...problems].join('; '), { subject, expected: 'RUNNING', actual: state });
};

export default defineCheck({
  id: 'service/running',
  title: 'The services that SSTP rests on are running, and start again with the server',
  severity: 'critical',
  situations: ['2.1', '8.1', '8.2'],
  clientErrors: ['809', '0x800704C9'],
  why: 'RemoteAccess answers callers, SstpSvc and RasMan carry their tunnels, HTTP.sys listens for them, and MpsSvc lets them through the firewall. A service that runs today and does not start with the server is gone after the next restart.',
  fix: [
    'Start the service: "Start-Service RemoteAccess" in PowerShell starts SstpSvc, RasMan and HTTP with it. SstpSvc may stay on manual start.',
    'Where the start type is wrong, set it in PowerShell: "Set-Service RemoteAccess -StartupType Automatic"; for the others, "Set-Service SstpSvc -StartupType Manual".',
    'Where a service does not start, look in the System log for events of Service Control Manager, RemoteAccess and RasSstp. Where RemoteAccess ends with error 13, the certificates that are bound in HTTP.sys keep it from starting (binding/wildcards, sstp/certificate-hash).',
    'Where a service is not installed, add the Remote Access role with the role service DirectAccess and VPN (RAS).',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/api/winsvc/ns-winsvc-service_status',
  ],
  needs: { states: services },
  expects: {
    services: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: SERVICES },
      description: 'services that have to run; HTTP is the driver HTTP.sys, MpsSvc the Windows Firewall',
    },
  },
  judge: ({ states }, { services: expected }) => expected.map((name) => judgeService(name, states[name])),
});
