/** What a store remembers, as an operator asks for it. */
import test from 'ava';
import { parse } from 'csv-parse/sync';
import { age, moment } from '../engine/cli/history/dates.ts';
import { certificates, drift, failing, type Here } from '../engine/cli/history/lists.ts';
import { prune } from '../engine/cli/history/prune.ts';
import { runs, storyOf, trendOf } from '../engine/cli/history/stories.ts';
import { type Form, type View, written } from '../engine/cli/history/view.ts';
import { Mistake } from '../engine/mistake.ts';
import { LANGUAGES, type Status } from '../engine/model.ts';
import { columns } from '../reporters/layout.ts';
import { ask, run } from './command.ts';
import { NOW, recordRun, yearOf } from './engine/fleet/histories.ts';
import { newStore, result } from './engine/fleet/stores.ts';
import { ATTACK, obeyed } from './reporters/sample.ts';

const HERE: Here = { language: 'en', now: NOW };
const say = (view: View, form: Form = 'table', { width = 200, language = HERE.language } = {}): string =>
  [...written(view, { form, language, width, file: '/var/fleet.db' })].join('');
const nowFailing = async (statuses: readonly Status[] = ['fail'], rest = {}): Promise<View> =>
  failing((await yearOf()).store, { statuses, ...rest }, HERE);

test('failing: what fails now and since when, though its value changed, and when it was seen last', async (t) => {
  const { store } = await yearOf();
  t.is(
    say(await failing(store, { statuses: ['fail'] }, HERE)),
    `severity  status  check      server  since (UTC)       days  last seen (UTC)   run  what was found
high      FAIL    door/port  gone    2025-09-01 03:00   451  2025-09-01 03:00    1  port: it is fail
high      FAIL    door/port  vpn03   2026-11-25 03:00     1  2026-11-25 03:00    5  port: it is fail

results: 2, servers: 2
`,
  );
});

test('failing: other statuses, checks and servers can be chosen', async (t) => {
  const rows = async (...given: Parameters<typeof nowFailing>) =>
    (await nowFailing(...given)).rows.map(({ check, server }) => `${check} ${server}`);
  t.deepEqual(await rows(['fail', 'unknown'], { limit: ['vpn*'] }), ['door/port vpn03']);
  t.deepEqual(await rows(['pass'], { only: ['*/open'] }), ['door/open vpn01', 'door/open vpn02', 'door/open vpn03']);
  t.deepEqual(await rows(['unknown']), [], 'the killed run saw that it can be told again');
});

for (const [choice, message] of [
  [{ limit: ['vpn*', 'vnp02'] }, '--limit vnp02 names no server that the store remembers (did you mean vpn02?)'],
  [{ only: ['door/opne'] }, '--only door/opne names no check (did you mean door/open?)'],
] as const)
  test(`${message}: an empty list would read as if all were well`, async (t) => {
    const { store } = await yearOf();
    await t.throwsAsync(nowFailing(['fail'], choice), { instanceOf: Mistake, message });
    await t.throwsAsync(drift(store, { since: new Date(0), first: true, ...choice }, HERE), { message });
    if ('limit' in choice) await t.throwsAsync(certificates(store, { within: 1, ...choice }, HERE), { message });
  });

test('a check that exists and was never judged is none that fails', async (t) => {
  t.deepEqual((await nowFailing(['fail'], { only: ['reach/*'] })).rows, []);
});

test('failing: the reason of an unknown is told in the language of the operator, and to a program by its name', async (t) => {
  const store = await newStore();
  const unknown = result('vpn01', 'door/open', {
    status: 'unknown',
    findings: [],
    reason: 'denied',
    detail: 'denied: no',
  });
  const odd = { verdict: 'fail', subject: 'denied', message: 'it fails' } as const;
  const failed = result('vpn01', 'door/port', { status: 'fail', findings: [odd] });
  const at = '2026-11-01T00:00:00.000Z';
  await recordRun(store, at, { vpn01: { at, results: [unknown, failed] } });
  const view = await failing(store, { statuses: ['fail', 'unknown'] }, { ...HERE, language: 'ja' });
  t.regex(say(view), / {2}権限不足: denied: no\n/);
  t.regex(say(view), / {2}denied: it fails\n/);
  t.regex(say(view, 'csv'), /,denied: denied: no\r?\n/);
});

test('drift: every change since a day, better or worse or only another value', async (t) => {
  const { store } = await yearOf();
  const view = await drift(store, { since: new Date('2026-10-15T00:00:00Z'), first: false }, HERE);
  t.is(
    say(view),
    `when (UTC)        run  check      server  severity  before   after    change
2026-11-01 03:00    3  door/port  vpn01   high      FAIL     FAIL     another value
2026-11-01 03:00    3  door/open  vpn02   high      PASS     UNKNOWN  other
2026-11-20 03:00    4  door/open  vpn02   high      UNKNOWN  PASS     other
2026-11-25 03:00    5  door/port  vpn01   high      FAIL     PASS     got better
2026-11-25 03:00    5  door/port  vpn03   high      PASS     FAIL     got worse

changes: 5, servers: 3
checks met for the first time: 2 (--first lists them)
`,
  );
  const whole = await drift(store, { since: new Date('2026-11-01T00:00:00Z'), first: true, limit: ['vpn03'] }, HERE);
  t.deepEqual(
    whole.rows.map(({ check, before, after, change }) => [check, before, after, change]),
    [
      ['door/open', undefined, 'pass', 'first'],
      ['door/port', undefined, 'pass', 'first'],
      ['door/port', 'pass', 'fail', 'regressed'],
    ],
  );
  t.is((await drift(store, { since: new Date('2027-01-01'), first: false }, HERE)).rows.length, 0);
});

test('certificates: those that end within some days, and those that have ended', async (t) => {
  const { store } = await yearOf();
  t.is(
    say(await certificates(store, { within: 30 }, HERE)),
    `ends (UTC)           days left  server  role                   subject  thumbprint
2025-12-01 03:00  361 days ago  gone    bound to the listener  CN=gone  ${'AB'.repeat(20)}
2026-11-20 03:00    7 days ago  vpn01   bound to the listener  CN=one   ${'AB'.repeat(20)}
2026-12-06 03:00             9  vpn02   bound to the listener  CN=two   ${'AB'.repeat(20)}

certificates: 3, servers: 3
`,
  );
  t.is((await certificates(store, { within: 9 }, HERE)).rows.length, 2);
  t.is((await certificates(store, { within: 500, limit: ['vpn03'] }, HERE)).rows[0]?.daysLeft, 339);
});

test('server: what each run saw, and what was different from the one before', async (t) => {
  const { store } = await yearOf();
  t.is(
    say(await storyOf(store, 'VPN01', HERE)),
    `when (UTC)        run  reached  FAIL  UNKNOWN  WAIVED  N/A  PASS  check      before  after  what was found
2026-11-25 03:00    5  yes         0        0       0    0     2  door/port  FAIL    PASS   it is pass
2026-11-01 03:00    3  yes         1        0       0    0     1  door/port  FAIL    FAIL   port: it is fail
2026-10-01 03:00    2  yes         1        0       0    0     1  door/port  PASS    FAIL   port: it is fail
2025-09-01 03:00    1  yes         0        0       0    0     2

rows: 4
`,
  );
  await t.throwsAsync(storyOf(store, 'vpn04', HERE), {
    instanceOf: Mistake,
    message: 'nothing is recorded of vpn04 (did you mean vpn01?)',
  });
});

test('trend: how a check stood at the end of each day, also where the runs are forgotten', async (t) => {
  const { store } = await yearOf();
  const table = `day (UTC)   servers  FAIL  UNKNOWN  WAIVED  N/A  PASS  failures
2026-11-25        4     2        0       0    0     2
2026-11-20        4     2        0       0    0     2
2026-11-01        4     2        0       0    0     2
2026-10-01        3     2        0       0    0     1  +1
2025-09-01        3     1        0       0    0     2

days: 5
`;
  const trend = async (since: string) =>
    say(await trendOf(store, { check: 'door/port', since: new Date(since) }, HERE));
  t.is(await trend('2025-01-01'), table);
  t.is((await trend('2026-10-15')).split('\n').length, 7);
  await store.prune('2026-10-15', { remove: true, vacuum: false });
  t.is(
    await trend('2025-01-01'),
    `day (UTC)   servers  FAIL  UNKNOWN  WAIVED  N/A  PASS  failures
2026-11-25        3     1        0       0    0     2
2026-11-20        3     1        0       0    0     2
2026-11-01        3     1        0       0    0     2

days: 3
`,
    'without the server that is gone',
  );
  for (const since of [NOW, new Date('2025-01-01')])
    await t.throwsAsync(trendOf(store, { check: 'certificate/nmaes', since }, HERE), {
      instanceOf: Mistake,
      message: /did you mean certificate\/names/,
    });
});

test('runs: every run, also one that was killed', async (t) => {
  const { store } = await yearOf();
  t.is(
    say(await runs(store, HERE))
      .split('\n')
      .slice(0, 3)
      .join('\n'),
    `run  began (UTC)       ended (UTC)       servers  recorded  exit code  profile      by
  5  2026-11-25 03:00  2026-11-25 03:00        2         2          1  house 1.0.0  ann@auditor
  4  2026-11-20 03:00  not finished            2         1             house 1.0.0  ann@auditor`,
  );
});

test('an empty store says so in both languages', async (t) => {
  const store = await newStore();
  for (const language of LANGUAGES) {
    const here = { language, now: NOW };
    const views = [
      await runs(store, here),
      await failing(store, { statuses: ['fail'] }, here),
      await drift(store, { since: NOW, first: false }, here),
      await certificates(store, { within: 30 }, here),
      await trendOf(store, { check: 'certificate/names', since: NOW }, here),
    ];
    for (const view of views)
      t.regex(
        say(view, 'table', { language }),
        language === 'ja' ? /^[ぁ-んァ-ヶ一-龠].*。\n$/ : /^(?:The|No)\w* .*\.\n$/,
      );
    t.is(JSON.parse(say(views[0] ?? { name: 'runs', columns: [], rows: [] }, 'json')).rows.length, 0);
  }
});

test('JSON and CSV say the same as the table, whole and without words', async (t) => {
  const view = await nowFailing();
  const json = JSON.parse(say(view, 'json'));
  t.like(json, { format: 'sstp-audit/history/1', view: 'failing', store: '/var/fleet.db' });
  t.deepEqual(json.rows[0], {
    severity: 'high',
    status: 'fail',
    check: 'door/port',
    server: 'gone',
    since: '2025-09-01T03:00:00.000Z',
    days: 451,
    lastSeen: '2025-09-01T03:00:00.000Z',
    run: 1,
    says: 'port: it is fail',
  });
  const rows = parse(say(view, 'csv'), { columns: true, bom: true });
  t.deepEqual(
    rows,
    json.rows.map((one: object) => Object.fromEntries(Object.entries(one).map(([key, cell]) => [key, String(cell)]))),
  );
});

test('Japanese reaches heads and words, not ids', async (t) => {
  const { store } = await yearOf();
  const text = say(await failing(store, { statuses: ['fail'] }, { ...HERE, language: 'ja' }), 'table', {
    language: 'ja',
  });
  t.regex(text, /^重大度 +状態 +チェック +サーバー +開始日時 \(UTC\)/);
  t.regex(text, /\n高 +不合格 +door\/port +gone/);
  const [head = '', line = ''] = text.split('\n');
  t.is(
    columns(head.slice(0, head.indexOf('チェック'))),
    columns(line.slice(0, line.indexOf('door/port'))),
    'columns stand below their heads',
  );
});

test('no line is wider than the terminal, and what is piped is not cut', async (t) => {
  const store = await newStore();
  const says = `${'long '.repeat(50)}end`;
  const findings = [{ verdict: 'fail' as const, message: says }];
  await recordRun(store, NOW.toISOString(), {
    a: { at: NOW.toISOString(), results: [result('a', 'door/open', { status: 'fail', findings })] },
  });
  const view = await failing(store, { statuses: ['fail'] }, HERE);
  t.deepEqual(
    say(view, 'table', { width: 130 })
      .split('\n')
      .filter((line) => columns(line) > 130),
    [],
  );
  t.regex(say(view, 'table', { width: Number.POSITIVE_INFINITY }), /long end\n/);
});

test('what servers say does nothing to a terminal, a CI system or a spreadsheet', async (t) => {
  const store = await newStore();
  const name = `::add-mask::${ATTACK}`.toWellFormed();
  const evil = `=cmd|' /C calc'!A0 ${ATTACK}`;
  const findings = [{ verdict: 'fail' as const, subject: evil, message: evil }];
  const certificate = { bound: [{ subject: evil, thumbprint: 'AB', notAfter: NOW.toISOString() }] };
  const at = '2026-11-20T00:00:00.000Z';
  await recordRun(store, '2026-11-01T00:00:00.000Z', {
    [name]: { at: '2026-11-01T00:00:00.000Z', results: [result(name, 'door/open')] },
  });
  await recordRun(store, at, {
    [name]: { at, results: [result(name, 'door/open', { status: 'fail', findings })], certificates: certificate },
  });
  const views = [
    await failing(store, { statuses: ['fail'] }, HERE),
    await drift(store, { since: new Date('2026-11-02'), first: true }, HERE),
    await certificates(store, { within: 30 }, HERE),
    await storyOf(store, name, HERE),
  ];
  for (const view of views) {
    t.true(view.rows.length > 0, view.name);
    for (const form of ['table', 'json', 'csv'] as const)
      t.deepEqual(obeyed(say(view, form)), [], `${view.name} ${form}`);
    const cells: string[][] = parse(say(view, 'csv'), { bom: true });
    t.deepEqual(
      cells.flat().filter((cell) => /^\s*[=+\-@]/.test(cell)),
      [],
    );
  }
});

for (const [text, wanted] of [
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T09:30Z', '2026-11-01T09:30:00.000Z'],
  ['2026-11-01T09:30:00+09:00', '2026-11-01T00:30:00.000Z'],
  ['2026-11-01T00:00+09:00', '2026-10-31T15:00:00.000Z'],
] as const)
  test(`${text} is a moment`, (t) => t.is(moment(text).toISOString(), wanted));
for (const text of [
  'yesterday',
  '2026-13-01',
  '2026-02-30',
  '2026-02-30T09:00Z',
  '01.11.2026',
  '2026-11-01T09:30',
  '2026',
  '-3d',
  '',
])
  test(`${text || 'nothing'} is no moment`, (t) => t.throws(() => moment(text), { message: /write a day such as/ }));
test('ages are hours, days and weeks', (t) => {
  t.deepEqual([age('12h'), age('400d'), age('6w')], [43_200_000, 34_560_000_000, 3_628_800_000]);
  for (const text of ['400', '0d', 'd', '1y', '-1d', '1.5d'])
    t.throws(() => age(text), { message: /write an age such as 400d/ });
});

test('prune says what it would forget, and forgets it only when told so', async (t) => {
  const { store } = await yearOf();
  const how = { olderThan: age('400d'), yes: false, vacuum: false };
  const { text, counted } = await prune(store, how, HERE);
  t.regex(
    text,
    /^This would be forgotten; --yes does it:\n {2}run 1 of 2025-09-01 03:00 UTC, servers: 3\n {2}results: 3; servers of which nothing else is known: 1\n {2}answers that nothing else needs: \d+, \d+\.\d kB\n$/,
  );
  t.like(counted, { view: 'prune', removed: false, results: 3 });
  t.is((await store.runs()).length, 5);
  const done = await prune(store, { ...how, yes: true }, { ...HERE, language: 'ja' });
  t.regex(done.text, /^次の記録を削除しました:\n {2}実行 1 \(2025-09-01 03:00 UTC、サーバー 3 台\)\n[\s\S]*--vacuum/);
  t.is((await store.runs()).length, 4);
  t.is((await prune(store, how, HERE)).text, 'No run is older than 2025-10-22 12:00 UTC.\n');
});

test('the command line asks a store', async (t) => {
  const { store } = await yearOf();
  const file = store.file;
  await store.close();
  const failed = await run(
    'history',
    'failing',
    '--store',
    file,
    '--json',
    '--status',
    'fail,unknown',
    '--limit',
    'vpn*',
  );
  t.is(failed.code, 0, failed.stderr);
  t.deepEqual(
    JSON.parse(failed.stdout).rows.map(({ server }: { server: string }) => server),
    ['vpn03'],
  );
  t.regex(
    (await run('history', 'drift', '--since', '2026-10-15', '--store', file, '--csv')).stdout,
    /^\ufeffat,run,check,server,severity,before,after,change\r\n2026-11-01T03/,
  );
  t.regex((await ask('history', 'server', 'vpn02', '--store', file, '--lang', 'ja')).stdout, /^日時 \(UTC\) +実行番号/);
  t.regex(
    (await ask('history', 'trend', 'door/port', '--since', '2026-01-01', '--store', file)).stdout,
    /2026-10-01 +3 +2/,
  );
  t.regex((await ask('history', 'certificates', '--within', '9000', '--store', file)).stdout, /CN=three/);
  t.regex((await ask('history', 'prune', '--older-than', '1d', '--store', file)).stdout, /--yes does it/);
  t.regex(
    (await ask('history', 'prune', '--older-than', '36500d', '--yes', '--store', file)).stdout,
    /^No run is older/,
  );
});

for (const [what, args, says] of [
  ['a store that is not there', ['failing', '--store', '/nonexistent/x.db'], /no such file/],
  [
    'a status that does not exist',
    ['failing', '--status', 'failed', '--store', '/nonexistent/x.db'],
    /failed is no status \(did you mean fail\?\)/,
  ],
  ['drift since nothing', ['drift'], /required option '--since <time>'/],
  ['drift since a date that is none', ['drift', '--since', '2026-02-30'], /write a day such as/],
  ['forgetting without an age', ['prune'], /required option '--older-than <age>'/],
  ['two forms at once', ['runs', '--json', '--csv'], /cannot be used with option '--csv'/],
  ['no days at all', ['certificates', '--within', '0'], /whole number above 0/],
] as const)
  test(`${what} is a mistake: exit code 2, nothing on stdout`, async (t) => {
    const { code, stdout, stderr } = await ask('history', ...args);
    t.is(code, 2, stderr);
    t.regex(stderr, says);
    t.is(stdout, '');
  });

test('every part of history has help with an example that works', async (t) => {
  const { store } = await yearOf();
  await store.close();
  for (const part of ['failing', 'drift', 'certificates', 'server', 'trend', 'runs', 'prune']) {
    const { code, stdout } = await ask('history', part, '--help');
    t.is(code, 0);
    const [, line = ''] = /\nExample:\n {2}sstp-audit (.*)\n/.exec(stdout) ?? [];
    t.true(line.startsWith(`history ${part}`), line);
    const args = line
      .replace(/ > .*/, '')
      .replace(/ --store \S+/, '')
      .replaceAll("'", '')
      .split(' ')
      .map((word) => (word === '--yes' ? '' : word))
      .filter(Boolean);
    const ran = await ask(...args, '--store', store.file);
    t.is(ran.code, 0, `${line}: ${ran.stderr}`);
  }
});
