import test from 'ava';
import sstpErrors from '../../../checks/events/sstp-errors.ts';
import { refusalOf } from '../../../engine/allowed.ts';
import { gather } from '../../../engine/gather.ts';
import { CURRENT_VERSION, eventXml, healthy, observedAt, setEvents } from '../../server/healthy.ts';
import { type Server, setValue, transportTo } from '../../server/state.ts';
import { VERSIONS, type Windows } from '../../server/windows.ts';
import { judging, resultOf } from '../judging.ts';

type Events = Parameters<typeof setEvents>[2];

const expected = { days: 7 };
const HOUR = 3_600_000;
const ago = (hours: number): string => new Date(observedAt.getTime() - hours * HOUR).toISOString();
const SSTP = 'Microsoft-Windows-RasSstp';
const HTTP = 'Microsoft-Windows-HttpEvent';
const SCM = 'Service Control Manager';
const logged =
  (...events: Events) =>
  (server: Server) =>
    setEvents(server, 'System', events);
const error = (provider: string, id: number, data: readonly string[] = [], hours = 5) =>
  logged({ provider, id, at: ago(hours), level: 2, data });
const crash = (title: string, name?: string) =>
  logged({
    provider: SCM,
    id: 7031,
    at: ago(5),
    level: 2,
    data: [title, '1'],
    ...(name && { binary: Buffer.from(`${name}\0`, 'utf16le').toString('hex') }),
  });
/** What every query of the System log prints. */
const printed =
  (stdout: string, exitCode = 0) =>
  (server: Server) =>
    void server.programs.set('wevtutil.exe qe System', { stdout, exitCode });

for (const windows of Object.keys(VERSIONS) as Windows[])
  test(`Server ${windows} is asked in one exchange`, async (t) => {
    const transport = transportTo(healthy({ windows }), { recordedAt: observedAt });
    const { signal } = new AbortController();
    const { evidence } = await gather({ server: transport }, Object.values(sstpErrors.needs), {
      signal,
      keep: async () => {},
    });
    t.is(transport.exchanges().length, 1);
    const questions = evidence.map(({ command }) => command).filter((command) => command.startsWith('wevtutil.exe'));
    t.is(questions.length, 3);
    for (const question of questions) {
      t.is(refusalOf(question), undefined);
      t.true((question.match(/[<>]?=|[<>]/g) ?? []).length <= 20, 'the event log takes 20 comparisons');
    }
  });

test('the healthy server has no error in the last days', judging, sstpErrors, {
  expected,
  status: 'pass',
  says: /no error of RRAS or SSTP in the last 7 days$/m,
});

test('an error of SSTP fails with its meaning and its time', judging, sstpErrors, {
  given: error(SSTP, 24),
  expected,
  status: 'fail',
  says: /Microsoft-Windows-RasSstp 24: different certificates are bound for IPv4 and IPv6: RRAS .* \(error 13\): once, last at 2026-10-31T19:00:00\.000Z/,
});

test('events of one kind make one finding, with their number and the newest values', judging, sstpErrors, {
  given: logged(
    { provider: SSTP, id: 18, at: ago(1), level: 2, data: ['0xd'] },
    { provider: SSTP, id: 18, at: ago(30), level: 2, data: ['0x5'] },
    { provider: SSTP, id: 11, at: ago(31), level: 2 },
  ),
  expected,
  status: 'fail',
  says: [/RasSstp 18: .* \(0xd\): 2 times, last at 2026-10-31T23:00:00\.000Z/, /RasSstp 11: .*: once/],
});

test('long values and many of them are cut', judging, sstpErrors, {
  given: error(SSTP, 22, ['x'.repeat(500), '2', '', '3', '4', '5', '6', '7']),
  expected,
  status: 'fail',
  says: /\(x{80}…; 2; 3; 4; 5; 6\)/,
});

test('an error that is older than the days of the profile passes', judging, sstpErrors, {
  given: error(SSTP, 18, [], 7 * 24 + 1),
  expected,
  status: 'pass',
});

test('the same error fails where the profile asks for more days', judging, sstpErrors, {
  given: error(SSTP, 18, [], 7 * 24 + 1),
  expected: { days: 8 },
  status: 'fail',
});

test('an error in the Application log fails, too', judging, sstpErrors, {
  given: (server) => setEvents(server, 'Application', [{ provider: SSTP, id: 22, at: ago(5), level: 2 }]),
  expected,
  status: 'fail',
  says: /RasSstp 22/,
});

for (const [provider, id, says] of [
  ['RasSstp', 25, /the certificate that was chosen for SSTP is not in the store/],
  ['RemoteAccess', 20152, /authentication provider could not be loaded/],
  ['RemoteAccess', 20999, /an event of which the meaning is not known/],
  [HTTP, 15021, /could not use the certificate binding/],
  ['HTTP', 15005, /could not listen/],
] as const)
  test(`${provider} ${id} fails`, judging, sstpErrors, { given: error(provider, id), expected, status: 'fail', says });

for (const [role, language, status] of [
  ['server', 'en', 'unknown'],
  ['サーバー', 'ja', 'unknown'],
  ['client', 'en', 'pass'],
  ['Client', 'de', 'pass'],
  ['クライアント', 'ja', 'pass'],
  ['客户端', 'zh', 'pass'],
] as const)
  test(`a private key that Schannel could not use as ${role}: ${status}`, judging, sstpErrors, {
    server: () => healthy({ language }),
    given: error('Schannel', 36870, [role, '0x8009030D', '10001']),
    expected,
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: /Schannel 36870: the private key of a certificate could not be used; the event does not tell whose it is/,
    }),
  });

test('a private key that could not be used hides no error', judging, sstpErrors, {
  given: logged(
    { provider: 'Schannel', id: 36870, at: ago(5), level: 2, data: ['server'] },
    { provider: SSTP, id: 18, at: ago(6), level: 2 },
  ),
  expected,
  status: 'fail',
});

for (const [provider, id] of [
  [HTTP, 15300],
  [HTTP, 15301],
  ['RemoteAccess', 20106],
  ['RemoteAccess', 20101],
  ['RemoteAccess', 20111],
  [HTTP, 15006],
  [HTTP, 15016],
  [SSTP, 5],
] as const)
  test(`${provider} ${id} is told, and is no failure`, judging, sstpErrors, {
    given: error(provider, id),
    expected,
    status: 'pass',
    says: [new RegExp(`${provider} ${id}: .*: once`), /no error of RRAS or SSTP in the last 7 days/],
  });

test('a client that got no address fails, though it is logged as a warning', judging, sstpErrors, {
  given: logged({ provider: 'RemoteAccess', id: 20167, at: ago(5), level: 3 }),
  expected,
  status: 'fail',
  says: /no IP address was left for a client/,
});

test('a warning of which the meaning is not known is no failure', judging, sstpErrors, {
  given: logged({ provider: 'RemoteAccess', id: 20999, at: ago(5), level: 3 }),
  expected,
  status: 'pass',
  says: /RemoteAccess 20999/,
});

test('an unknown event that was an error once and a warning once fails', judging, sstpErrors, {
  given: logged(
    { provider: 'RemoteAccess', id: 20999, at: ago(5), level: 3 },
    { provider: 'RemoteAccess', id: 20999, at: ago(6), level: 2 },
  ),
  expected,
  status: 'fail',
});

for (const [data, status] of [
  [['\\Device\\Http\\ReqQueue', '0.0.0.0:443'], 'fail'],
  [['\\Device\\Http\\ReqQueue', '[::]:443'], 'fail'],
  [['https://+:443/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/'], 'fail'],
  [['\\Device\\Http\\ReqQueue', '0.0.0.0:8172'], 'pass'],
] as const)
  test(`HTTP.sys about ${data.at(-1)}: ${status}`, judging, sstpErrors, {
    given: error(HTTP, 15021, data),
    expected,
    status,
  });

test('the port is the one on which SSTP listens', judging, sstpErrors, {
  server: () => healthy({ port: 4443 }),
  given: error(HTTP, 15021, ['0.0.0.0:443']),
  expected,
  status: 'pass',
});

for (const name of ['RemoteAccess', 'SstpSvc', 'RasMan', 'rasman'])
  test(`a crash of ${name} fails, whatever it is called`, judging, sstpErrors, {
    given: crash('Диспетчер', name),
    expected,
    status: 'fail',
    says: /Service Control Manager 7031: a service ended unexpectedly, .*: once/,
  });

test('a crash of another service does not matter', judging, sstpErrors, {
  given: crash('Remote Desktop Services', 'TermService'),
  expected,
  status: 'pass',
});

test('a name with what SCM adds to it is the name', judging, sstpErrors, {
  given: crash('x', 'RasMan/4'),
  expected,
  status: 'fail',
});

for (const title of [
  'Routing and Remote Access',
  'Secure Socket Tunneling Protocol Service',
  'Remote Access Connection Manager',
])
  test(`without the name, ${title} is known by its title`, judging, sstpErrors, {
    given: crash(title),
    expected,
    status: 'fail',
  });

test('a binary part that is no name leaves it to the title', judging, sstpErrors, {
  given: crash('Routing and Remote Access', '\u0001\u8000'),
  expected,
  status: 'fail',
});

test('a binary part that only begins like a name leaves it to the title', judging, sstpErrors, {
  given: crash('Routing and RAS', 'Spooler\u8000'),
  expected,
  status: 'unknown',
});

test('without the name, a service that is called quite otherwise does not matter', judging, sstpErrors, {
  given: crash('Windows Update'),
  expected,
  status: 'pass',
});

for (const title of ['Routing und RAS', 'Remotedesktopdienste', 'Маршрутизация и удаленный доступ', ''])
  test(`without the name, "${title}" could be one of SSTP's: unknown`, judging, sstpErrors, {
    server: () => healthy({ windows: '2008', language: title.startsWith('М') ? 'ru' : 'de' }),
    given: crash(title),
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: /Service Control Manager 7031: a service ended unexpectedly, .*; whether it is a service of SSTP is not told/,
  });

test("a service that could be one of SSTP's hides no error, and is left out where it is older", async (t) => {
  const crashed = (hours: number): Events[number] => ({
    provider: SCM,
    id: 7031,
    at: ago(hours),
    level: 2,
    data: ['Routing und RAS', '1'],
  });
  const statusOf = async (...events: Events) => {
    const server = healthy({ windows: '2008', language: 'de' });
    setEvents(server, 'System', events);
    return (await resultOf(sstpErrors, transportTo(server, { recordedAt: observedAt }), expected)).status;
  };
  t.is(await statusOf(crashed(5), { provider: SSTP, id: 18, at: ago(6), level: 2 }), 'fail');
  t.is(await statusOf(crashed(10 * 24)), 'pass');
});

const youngLog = printed(`<Events>${eventXml({ provider: 'EventLog', id: 6005, at: ago(20) })}</Events>\n`);
const installed = (hours: number) => (server: Server) => {
  youngLog(server);
  const seconds = new Date(ago(hours)).getTime() / 1000;
  setValue(server, CURRENT_VERSION, 'InstallDate', ['REG_DWORD', seconds]);
};

test(
  'a log that begins later than the days of the profile tells nothing of the days before: it may have been cleared',
  judging,
  sstpErrors,
  {
    given: youngLog,
    expected,
    status: 'unknown',
    reason: 'absent',
    says: /no error of RRAS or SSTP since 2026-10-31T04:00:00\.000Z: of the rest of 7 days the log tells nothing/,
  },
);

test('the log of a server that was installed since tells all there was', judging, sstpErrors, {
  given: installed(21),
  expected,
  status: 'pass',
  says: /since 2026-10-31T04:00:00\.000Z: Windows was installed at 2026-10-31T03:00:00\.000Z/,
});

for (const hours of [24 * 30, -24 * 30])
  test(`the log of a server that was installed ${hours} hours ago does not tell all there was`, judging, sstpErrors, {
    given: installed(hours),
    expected,
    status: 'unknown',
    reason: 'absent',
  });

test('a log that begins later does not hide the error in it', judging, sstpErrors, {
  given: printed(
    `<Events>${eventXml({ provider: 'EventLog', id: 6005, at: ago(20) })}${eventXml({ provider: SSTP, id: 18, level: 2, at: ago(3) })}</Events>\n`,
  ),
  expected,
  status: 'fail',
});

test('a log without any entry of a month proves nothing', judging, sstpErrors, {
  given: printed('<Events>\n</Events>\n'),
  expected,
  status: 'unknown',
  reason: 'absent',
  says: /not even that Windows runs/,
});

test('a log that ended days ago proves nothing of the days since', judging, sstpErrors, {
  given: printed(`<Events>${eventXml({ provider: 'EventLog', id: 6013, at: ago(60) })}</Events>\n`),
  expected,
  status: 'unknown',
  reason: 'absent',
  says: /the System log ends at 2026-10-29T12:00:00\.000Z/,
});

for (const [hours, status] of [
  [20, 'pass'],
  [30, 'unknown'],
] as const)
  test(`a log that goes on for ${hours} hours after the audit: ${status}`, judging, sstpErrors, {
    given: (server) => setEvents(server, 'System', [{ provider: 'EventLog', id: 6013, at: ago(-hours) }]),
    expected,
    status,
    ...(status === 'unknown' && {
      reason: 'absent' as const,
      says: /the System log goes on to 2026-11-02T06:00:00\.000Z, after this audit: the clock of the server is wrong/,
    }),
  });

test('an entry of the future, by a clock that is ahead, counts', judging, sstpErrors, {
  given: error(SSTP, 18, [], -3),
  expected,
  status: 'fail',
});

test('an empty answer is not an empty log', judging, sstpErrors, {
  given: printed(''),
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('a log that may not be read is unknown', judging, sstpErrors, {
  given: printed('', 5),
  expected,
  status: 'unknown',
  reason: 'denied',
  says: /the System log may not be read/,
});

test('a log that does not exist is unknown', judging, sstpErrors, {
  given: (server) => void server.programs.set('wevtutil.exe qe Application', { stdout: '', exitCode: 15007 }),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /exit code 15007/,
});

/** As many events as are asked for. */
const flood = (provider: string, id: number, level: number, hours = 1): Events =>
  Array.from({ length: 1_000 }, (_, at) => ({ provider, id, at: ago(1 + (at / 1_000) * hours), level }));

test('more events than were asked for prove nothing where none of them is an error', judging, sstpErrors, {
  given: logged(...flood('RemoteAccess', 20106, 3)),
  expected,
  status: 'unknown',
  reason: 'truncated',
  says: /since 2026-10-31T22:00:03\.600Z: the event log holds 1000 entries or more/,
});

test(
  'more events than were asked for tell enough where they reach back to the days of the profile',
  judging,
  sstpErrors,
  {
    given: logged(...flood('RemoteAccess', 20209, 3, 8 * 24)),
    expected,
    status: 'pass',
    says: [/no error of RRAS or SSTP in the last 7 days/, /RemoteAccess 20209: .*: \d+ times/],
  },
);

test('an answer that was cut off does not count as the log of a new server', judging, sstpErrors, {
  given: (server) => {
    installed(21)(server);
    printed(`<Events>${flood('RemoteAccess', 20209, 3, 20).map(eventXml).join('')}</Events>`)(server);
  },
  expected,
  status: 'unknown',
  reason: 'truncated',
});

test('more errors than were asked for fail, and are counted as a least number', judging, sstpErrors, {
  given: logged(...flood(SSTP, 18, 2)),
  expected,
  status: 'fail',
  says: /RasSstp 18: .*: at least 1000 times/,
});

/** RemoteAccess or another service, which needs one that did not start; the binary part names it, and Server 2008 leaves that out. */
const dependent = (id: number, [title, needed]: readonly [string, string], name?: string) =>
  logged({
    provider: SCM,
    id,
    at: ago(5),
    level: 2,
    data: [title, needed, '%%1058'],
    ...(name && { binary: Buffer.from(`${name}\0`, 'utf16le').toString('hex') }),
  });

for (const [id, says] of [
  [7000, /a service could not be started/],
  [7001, /a service could not be started, since one that it depends on could not \(ルーティングと リモート アクセス; /],
  [7002, /since none was of a group that it depends on/],
  [7003, /since one that it depends on may not be installed/],
] as const)
  test(`RemoteAccess that could not be started fails by event ${id}, in any language`, judging, sstpErrors, {
    server: () => healthy({ language: 'ja' }),
    given: dependent(id, ['ルーティングと リモート アクセス', 'リモート アクセス接続マネージャー'], 'RemoteAccess'),
    expected,
    status: 'fail',
    says,
  });

test('the English name of a service of SSTP is enough, whatever the binary part is', judging, sstpErrors, {
  given: dependent(7001, ['Routing and Remote Access', 'Remote Access Connection Manager'], 'Tapisrv'),
  expected,
  status: 'fail',
});

test('another service that could not be started for one that it depends on does not matter', judging, sstpErrors, {
  given: dependent(7001, ['Computer Browser', 'Server'], 'Browser'),
  expected,
  status: 'pass',
});

test('a service that could be one of SSTP and was not started is unknown', judging, sstpErrors, {
  server: () => healthy({ windows: '2008', language: 'de' }),
  given: dependent(7001, ['Routing und RAS', 'RAS-Verbindungsverwaltung']),
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('the System log is asked for services that were not started for others', async (t) => {
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  await resultOf(sstpErrors, transport, expected);
  t.true(
    transport
      .exchanges()
      .flat()
      .some((command) => command.includes('EventID >= 7000 and EventID <= 7003')),
  );
});
