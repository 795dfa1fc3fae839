import test from 'ava';
import running from '../../../checks/service/running.ts';
import { healthy, SERVICES } from '../../server/healthy.ts';
import type { Service } from '../../server/sc.ts';
import { deny, removeKey, removeValue, type Server, setValue, type Tongue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const ALL = ['RemoteAccess', 'SstpSvc', 'RasMan', 'HTTP', 'MpsSvc'];
const of = (...services: string[]) => ({ services });
const set = (name: string, service: Service) => (server: Server) => void server.services.set(name, service);
const start = (name: string, value: number) => (server: Server) =>
  setValue(server, `${SERVICES}\\${name}`, 'Start', ['REG_DWORD', value]);

for (const language of ['en', 'ja', 'de', 'fr', 'es', 'pt', 'ru', 'zh', 'ko'] satisfies Tongue[])
  test(`the healthy server runs all of them, told in ${language}`, judging, running, {
    server: () => healthy({ language }),
    expected: of(...ALL),
    status: 'pass',
    says: [/RemoteAccess: RemoteAccess is RUNNING, start type automatic/, /SstpSvc is RUNNING, start type manual/],
  });

for (const [state, constant] of [
  [1, 'STOPPED'],
  [2, 'START_PENDING'],
  [3, 'STOP_PENDING'],
  [5, 'CONTINUE_PENDING'],
  [6, 'PAUSE_PENDING'],
  [7, 'PAUSED'],
] as const)
  test(`a service that is ${constant} fails with its state`, judging, running, {
    given: set('SstpSvc', { state }),
    expected: of('RemoteAccess', 'SstpSvc'),
    status: 'fail',
    says: new RegExp(`^SstpSvc: SstpSvc is ${constant}$`, 'm'),
  });

test('a service that nobody started since the boot fails, and says so', judging, running, {
  given: set('RemoteAccess', { state: 1, win32ExitCode: 1077 }),
  expected: of('RemoteAccess'),
  status: 'fail',
  says: /RemoteAccess is STOPPED \(never started since the server booted\)/,
});

test('a service that ended with an error fails with the code', judging, running, {
  given: set('RasMan', { state: 1, win32ExitCode: 1068 }),
  expected: of('RasMan'),
  status: 'fail',
  says: /RasMan is STOPPED \(error 1068\)/,
});

test('a service that is not installed fails by its name', judging, running, {
  given: (server) => {
    server.services.delete('SstpSvc');
    removeKey(server, `${SERVICES}\\SstpSvc`);
  },
  expected: of('RemoteAccess', 'SstpSvc'),
  status: 'fail',
  says: /the service SstpSvc is not installed/,
});

test('a service that is gone while its key was left behind is not installed either', judging, running, {
  given: (server) => void server.services.delete('SstpSvc'),
  expected: of('SstpSvc'),
  status: 'fail',
  says: /the service SstpSvc is not installed/,
});

test('a service that nobody expects may be down', judging, running, {
  given: set('MpsSvc', { state: 1 }),
  expected: of('RemoteAccess', 'SstpSvc'),
  status: 'pass',
});

for (const name of ALL)
  test(`a disabled ${name} fails, even while it runs`, judging, running, {
    given: start(name, 4),
    expected: of(...ALL),
    status: 'fail',
    says: new RegExp(`${name}: ${name} is RUNNING; it is disabled`),
  });

for (const [name, status] of [
  ['RemoteAccess', 'fail'],
  ['MpsSvc', 'fail'],
  ['SstpSvc', 'pass'],
  ['RasMan', 'pass'],
  ['HTTP', 'pass'],
] as const)
  test(`a manual start of ${name} is a ${status}`, judging, running, {
    given: start(name, 3),
    expected: of(...ALL),
    status,
    ...(status === 'fail' && { says: new RegExp(`${name} is RUNNING; its start type is manual, so it stays down`) }),
  });

test('a driver that starts at the boot is fine', judging, running, {
  given: start('HTTP', 1),
  expected: of('HTTP'),
  status: 'pass',
  says: /HTTP is RUNNING, start type system/,
});

test('a service that may not be queried is unknown', judging, running, {
  given: set('RemoteAccess', { state: 4, denied: true }),
  expected: of('RemoteAccess'),
  status: 'unknown',
  reason: 'denied',
  says: /RemoteAccess may not be queried/,
});

test('a service whose key may not be read is unknown', judging, running, {
  given: (server) => deny(server, `${SERVICES}\\RasMan`),
  expected: of('RasMan'),
  status: 'unknown',
  reason: 'denied',
});

test('a service that runs without a key of its own is unknown', judging, running, {
  given: (server) => removeKey(server, `${SERVICES}\\RasMan`),
  expected: of('RasMan'),
  status: 'unknown',
  reason: 'unreadable',
  says: /RasMan is RUNNING and has no key in the registry/,
});

for (const [name, given] of [
  ['that does not exist', (server: Server) => removeValue(server, `${SERVICES}\\RasMan`, 'Start')],
  ['of no known kind', start('RasMan', 9)],
] as const)
  test(`a start type ${name} is unknown`, judging, running, {
    given,
    expected: of('RasMan'),
    status: 'unknown',
    reason: 'unreadable',
    says: /no start type/,
  });

test('an answer about another service is unknown', judging, running, {
  given: (server) =>
    void server.programs.set('sc.exe query RemoteAccess', {
      stdout: '\nSERVICE_NAME: RasMan\n        STATE              : 4  RUNNING\n',
      exitCode: 0,
    }),
  expected: of('RemoteAccess'),
  status: 'unknown',
  reason: 'unreadable',
});

test('with TLS offload the same services run', judging, running, {
  server: () => healthy({ offload: true }),
  expected: of(...ALL),
  status: 'pass',
});
