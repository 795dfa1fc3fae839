import test from 'ava';
import { parseServiceStatus, type ServiceStatus } from '../../../checks/facts/read/service-state.ts';
import { Unknown } from '../../../engine/define.ts';
import { said } from '../../server/asked.ts';
import { healthy } from '../../server/healthy.ts';
import type { Service } from '../../server/sc.ts';
import { type Tongue, WORDS } from '../../server/state.ts';
import { sample } from './samples.ts';

const READ: Readonly<Record<string, readonly [service: string, status: ServiceStatus]>> = {
  'sc-en-1-remoteaccess-stopped.txt': ['RemoteAccess', { state: 'STOPPED', win32ExitCode: 1077 }],
  'sc-en-2-sstpsvc-running.txt': ['SstpSvc', { state: 'RUNNING', win32ExitCode: 0 }],
  'sc-en-4-start-pending.txt': ['RemoteAccess', { state: 'START_PENDING', win32ExitCode: 0, pid: 1420 }],
  'sc-pt-1.txt': ['UniWake', { state: 'RUNNING' }],
  'sc-ru-2-trailing-blanks.txt': ['MSSQLSERVER', { state: 'RUNNING', win32ExitCode: 0 }],
};
for (const [name, [service, expected]] of Object.entries(READ))
  test(`the recorded answer ${name} is read without a wrong value`, (t) => {
    const text = sample(t, name);
    if (text !== undefined) t.deepEqual(parseServiceStatus(service, text), expected);
  });

for (const [name, service, says] of [
  ['sc-en-3-rasman-remoteaccess.txt', 'RasMan', /2 states/],
  ['sc-en-3-rasman-remoteaccess.txt', 'RemoteAccess', /SERVICE_NAME: RasMan/],
  ['sc-en-5-psservice.txt', 'RemoteAccess', /Offers routing services/],
  ['sc-en-5-psservice.txt', 'SstpSvc', /SERVICE_NAME: RemoteAccess/],
  ['sc-ru-1.txt', 'test', />sc query test/],
] as const)
  test(`the recorded listing ${name} is no answer about ${service}`, (t) => {
    const text = sample(t, name);
    if (text !== undefined) t.throws(() => parseServiceStatus(service, text), { instanceOf: Unknown, message: says });
  });

test('the recorded Russian answer is read without its prompt', (t) => {
  const text = sample(t, 'sc-ru-1.txt')?.replace(/^.*\n/, '');
  if (text !== undefined) t.deepEqual(parseServiceStatus('test', text), { state: 'RUNNING', win32ExitCode: 0 });
});

const told = (service: Service, language: Tongue, command: string): string => {
  const server = healthy({ language });
  server.services.set('SstpSvc', service);
  return said(server, `${command} SstpSvc`).out;
};

for (const language of Object.keys(WORDS) as Tongue[])
  test(`every state is read in ${language}, with or without the process`, (t) => {
    const states = [
      'STOPPED',
      'START_PENDING',
      'STOP_PENDING',
      'RUNNING',
      'CONTINUE_PENDING',
      'PAUSE_PENDING',
      'PAUSED',
    ];
    for (const state of [1, 2, 3, 4, 5, 6, 7] as const) {
      const service: Service = { state, win32ExitCode: 1067, pid: 1048 };
      const expected = { state: states[state - 1], win32ExitCode: 1067 };
      t.deepEqual(parseServiceStatus('SstpSvc', told(service, language, 'sc.exe query')) as object, expected);
      const extended = parseServiceStatus('sstpsvc', told(service, language, 'sc.exe queryex'));
      t.deepEqual(extended as object, { ...expected, pid: 1048 });
    }
  });

test('the driver HTTP.sys has a type that is no state', (t) => {
  const text = told({ state: 4, type: 1 }, 'en', 'sc.exe query');
  t.regex(text, /: 1 {2}KERNEL_DRIVER/);
  t.is(parseServiceStatus('SstpSvc', text).state, 'RUNNING');
});

test('what a driver accepts may end with two brackets', (t) => {
  const text = told({ state: 4, type: 1 }, 'en', 'sc.exe query').replace('ACCEPTS_SHUTDOWN)', 'IGNORES_SHUTDOWN))');
  t.regex(text, /\(STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN\)\)/);
  t.is(parseServiceStatus('SstpSvc', text).state, 'RUNNING');
});

const whole = told({ state: 4 }, 'de', 'sc.exe query');
for (const [name, text] of [
  ['nothing', ''],
  ['words', 'The service is running.'],
  ['a number that does not go with its constant', whole.replace('4  RUNNING', '1  RUNNING')],
  ['a constant that sc.exe does not have', whole.replace('4  RUNNING', '4  LAEUFT')],
  ['no state', whole.replace(/^.*RUNNING.*$/m, '')],
  ['two states', whole.replace(/(^.*RUNNING.*$)/m, '$1\r\n$1')],
  ['a line without a label', `${whole}\r\nmore\r\n`],
  ['another service', whole.replace('SstpSvc', 'SstpSvc2')],
  ['an error', '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nDer Dienst ist nicht da.\r\n'],
] as const)
  test(`${name} is no answer`, (t) => {
    t.throws(() => parseServiceStatus('SstpSvc', text), { instanceOf: Unknown });
  });

test('a lost line never turns a stopped service into a running one', (t) => {
  const lines = told({ state: 1, win32ExitCode: 1077 }, 'ru', 'sc.exe queryex').split('\r\n');
  for (const at of lines.keys()) {
    const cut = lines.toSpliced(at, 1).join('\r\n');
    const state = ((): string => {
      try {
        return parseServiceStatus('SstpSvc', cut).state;
      } catch (error) {
        return error instanceof Unknown ? 'unknown' : String(error);
      }
    })();
    t.true(['STOPPED', 'unknown'].includes(state), `${state} without ${lines[at]}`);
  }
});
