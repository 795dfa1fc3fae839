import { execFile } from 'node:child_process';
import { readdir, readlink, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { takeUp } from '../../../engine/cli/remember.ts';
import { openToRead } from '../../../engine/fleet/store/open.ts';
import { defaultStore } from '../../../engine/fleet/store/place.ts';
import { tellingOf } from '../../../engine/fleet/store/sqlite-trouble.ts';
import { openStore, type Store } from '../../../engine/fleet/store/store.ts';
import { Mistake } from '../../../engine/mistake.ts';
import { answer, audited, failed, newStore, PROFILE, planFor, result, storeFile } from './stores.ts';

const STARTED = new Date('2026-11-01T02:59:00Z');
const all = <T>(list: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(list);

/** Begins a run and records its servers. */
const recordRun = async (store: Store, ...servers: readonly ReturnType<typeof audited>[]): Promise<number> => {
  const { run } = await store.begin(planFor(servers.map(({ note }) => note.name)), STARTED);
  for (const { position, targetId } of await store.journal(run)) {
    const one = servers[position];
    if (one) await store.record({ run, targetId, audited: one, attempts: 1 });
  }
  return run;
};

test('a run is remembered with what it was about, and what of it is recorded', async (t) => {
  const store = await newStore();
  const { run } = await store.begin(planFor(['a', 'b']), STARTED);
  t.like((await store.runs())[0], {
    id: run,
    startedAt: '2026-11-01T02:59:00.000Z',
    profile: PROFILE,
    host: 'auditor',
    account: 'ann',
    options: '{"profile":"baseline"}',
    expected: 2,
    recorded: 0,
  });
  const journal = await store.journal(run);
  t.deepEqual(
    journal.map(({ position, name, listed }) => [position, name, listed?.address, listed?.reach.site]),
    [
      [0, 'a', 'ssh://a', 'tokyo'],
      [1, 'b', 'ssh://b', 'tokyo'],
    ],
  );
  await store.record({ run, targetId: journal[1]?.targetId ?? 0, audited: audited('b'), attempts: 1 });
  t.deepEqual(
    (await store.journal(run)).map(({ name, listed }) => [name, listed !== undefined]),
    [
      ['a', true],
      ['b', false],
    ],
  );
  const gate = { failOn: 'high', allowUnknown: true } as const;
  await store.finish(run, { at: new Date('2026-11-01T03:10:00Z'), exitCode: 3, exitReason: 'why', gate });
  const finished = (await store.runs())[0];
  t.like(finished, { recorded: 1, finishedAt: '2026-11-01T03:10:00.000Z', exitCode: 3, exitReason: 'why' });
});

test('what is recorded of a server comes back as it was, bytes and all', async (t) => {
  const store = await newStore({ dictionary: Buffer.from('the same on all servers, sc.exe query, "status":"pass"') });
  const given = audited('vpn01', {
    results: [
      failed('vpn01', 'door/open', 'ajar'),
      result('vpn01', 'door/port', {
        status: 'unknown',
        findings: [],
        reason: 'denied',
        detail: 'no \u{1f6aa} \ud800',
      }),
    ],
    evidence: [
      answer('001', '\u0000\u00ff'.repeat(4_000)),
      answer('002', '', { exitCode: 5, startedAt: '2026-11-01T03:00:01.5Z', stderr: new Uint8Array([0, 255, 10]) }),
      answer('n01', 'x', { exitCode: null, missing: { reason: 'timed-out', detail: 'late' } }),
    ],
  });
  const run = await recordRun(store, given);
  const [recorded] = await all(store.results(run));
  t.like(recorded, {
    name: 'vpn01',
    address: 'ssh://vpn01',
    tags: ['a'],
    site: 'tokyo',
    os: given.note.os,
    reached: true,
    tookMs: 1_234,
    codePage: 932,
    attempts: 1,
  });
  t.deepEqual(recorded?.observedAt, given.observedAt);
  t.deepEqual(recorded?.results, given.results);
  const evidence = await recorded?.evidence();
  t.deepEqual(
    evidence?.map((one) => ({ ...one, stdout: [...one.stdout], stderr: [...one.stderr] })),
    given.evidence.map((one) => ({ ...one, stdout: [...one.stdout], stderr: [...one.stderr] })),
  );
});

test('a server is recorded once in a run, and one that the run is not about never', async (t) => {
  const store = await newStore();
  const run = await recordRun(store, audited('a'));
  const targetId = (await store.journal(run))[0]?.targetId ?? 0;
  await t.throwsAsync(store.record({ run, targetId, audited: audited('a'), attempts: 1 }), {
    message: /recorded already/,
  });
  await t.throwsAsync(store.record({ run, targetId: 99, audited: audited('z'), attempts: 1 }), {
    message: /not planned/,
  });
  t.is((await all(store.results(run))).length, 1);
});

test('a server keeps one history, and each run its own spelling of the name', async (t) => {
  const store = await newStore();
  const runs = [await recordRun(store, audited('VPN01')), await recordRun(store, audited('vpn01'))];
  t.deepEqual((await store.names()).servers, ['VPN01']);
  t.is((await all(store.story('vpn01'))).length, 2);
  for (const [at, name] of ['VPN01', 'vpn01'].entries()) {
    const run = runs[at] ?? 0;
    t.is((await store.journal(run))[0]?.name, name);
    t.like((await all(store.results(run)))[0], { name, results: [{ target: name }, { target: name }] });
    t.deepEqual(store.recorded(run).names, [name]);
    t.is(store.recorded(run).targetOf('Vpn01')?.name, name);
  }
});

test('a record that fails half-way leaves nothing', async (t) => {
  const store = await newStore();
  const { run } = await store.begin(planFor(['a']), STARTED);
  const targetId = (await store.journal(run))[0]?.targetId ?? 0;
  const certificates = { bound: [{ subject: 'CN=a', thumbprint: 'AA', notAfter: undefined as unknown as string }] };
  await t.throwsAsync(store.record({ run, targetId, audited: audited('a'), attempts: 1, certificates }));
  t.deepEqual(await all(store.results(run)), []);
  t.deepEqual(await store.now(['pass', 'fail', 'unknown']), []);
  t.is((await store.runs())[0]?.recorded, 0);
  await store.record({ run, targetId, audited: audited('a'), attempts: 1 });
  t.is((await store.runs())[0]?.recorded, 1);
});

test('like answers are kept once, whoever gave them', async (t) => {
  const store = await newStore();
  await recordRun(store, audited('a'), audited('b'), audited('c'));
  const database = new DatabaseSync(store.file, { readOnly: true });
  const count = database.prepare('select count(*) as blobs from blob').get();
  // Of each server its own answer, and its manifest, which names that; of all one answer and one list of results.
  t.is(count?.['blobs'], 3 + 3 + 1 + 1);
  t.is(database.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok');
  t.is(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
  database.close();
});

test('many servers come back in the order of the run, whatever the order of their ends', async (t) => {
  const store = await newStore();
  const names = Array.from({ length: 250 }, (_, at) => `vpn${at}`);
  const { run } = await store.begin(planFor(names), STARTED);
  const journal = await store.journal(run);
  await Promise.all(
    journal
      .toReversed()
      .map(({ name, targetId }) => store.record({ run, targetId, audited: audited(name), attempts: 1 })),
  );
  t.deepEqual(
    (await all(store.results(run))).map(({ name }) => name),
    names,
  );
});

test('timers and signals have their turn between servers that end together, and while a large run begins', async (t) => {
  const store = await newStore();
  const names = Array.from({ length: 1_000 }, (_, at) => `vpn${at}`);
  const ended = names.slice(0, 20);
  /** Turns of the event loop while something is done. */
  const turnsIn = async (work: Promise<unknown>): Promise<number> => {
    let [turns, isDone] = [0, false];
    const done = work.finally(() => {
      isDone = true;
    });
    for (; !isDone; turns++) await setImmediate();
    await done;
    return turns;
  };
  const began = store.begin(planFor(names), STARTED);
  t.true((await turnsIn(began)) >= 10, 'a turn for each hundred servers');
  const { run } = await began;
  const journal = await store.journal(run);
  const ids = new Map(journal.map(({ name, targetId }) => [name, targetId]));
  const record = (name: string) =>
    // Whoever refuses says the same: there is nothing to pack, and so nothing to wait for.
    store.record({ run, targetId: ids.get(name) ?? 0, audited: audited('refused', { evidence: [] }), attempts: 1 });
  await record('vpn999');
  t.true((await turnsIn(Promise.all(ended.map(record)))) >= ended.length, 'a turn for each server');
  await store.close();
});

test('a change is logged when a status or what fails changes, and not otherwise', async (t) => {
  const store = await newStore();
  const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'].map(
    (day) => `${day}T03:00:00.000Z`,
  );
  const outcomes = [
    result('a', 'door/port'),
    result('a', 'door/port', { findings: [{ verdict: 'pass', message: 'in other words', actual: '12 days' }] }),
    failed('a', 'door/port', '4443'),
    failed('a', 'door/port', '4444'),
    result('a', 'door/port', { status: 'unknown', findings: [], reason: 'denied', detail: 'x' }),
  ];
  const runs = [];
  for (const [at, outcome] of outcomes.entries())
    runs.push(await recordRun(store, audited('a', { at: days[at] ?? '', results: [outcome] })));
  t.deepEqual(await all(store.changes('')), [
    { target: 'a', check: 'door/port', severity: 'high', at: days[0], run: runs[0], status: 'pass' },
    { target: 'a', check: 'door/port', severity: 'high', at: days[2], run: runs[2], status: 'fail', before: 'pass' },
    { target: 'a', check: 'door/port', severity: 'high', at: days[3], run: runs[3], status: 'fail', before: 'fail' },
    { target: 'a', check: 'door/port', severity: 'high', at: days[4], run: runs[4], status: 'unknown', before: 'fail' },
  ]);
  t.is((await all(store.changes(days[3] ?? ''))).length, 2);
  t.deepEqual(await store.now(['fail', 'unknown']), [
    {
      target: 'a',
      check: 'door/port',
      severity: 'high',
      status: 'unknown',
      since: days[4],
      lastAt: days[4],
      lastRun: runs[4],
      says: 'denied: x',
    },
  ]);
  t.is((await all(store.story('A'))).length, 5, 'the name of a server has no case');
});

test('changes of one instant that fill more than a page come once each, server by server', async (t) => {
  const store = await newStore();
  const ids = Array.from({ length: 1_100 }, (_, at) => `door/${at}`);
  const one = (name: string) => audited(name, { results: ids.map((id) => result(name, id)) });
  await recordRun(store, one('a'), one('b'));
  const changes = await all(store.changes('2026-11-01T03:00:00.000Z'));
  const expected = ['a', 'b'].flatMap((target) => ids.map((check) => `${target} ${check}`));
  t.deepEqual(
    changes.map(({ target, check }) => `${target} ${check}`),
    expected,
  );
  await store.close();
});

test('what still fails has failed since it began to, although its value changed', async (t) => {
  const store = await newStore();
  await recordRun(store, audited('a', { at: '2026-11-01T00:00:00.000Z', results: [failed('a', 'door/port', '1')] }));
  await recordRun(store, audited('a', { at: '2026-11-02T00:00:00.000Z', results: [failed('a', 'door/port', '2')] }));
  t.like((await store.now(['fail']))[0], { since: '2026-11-01T00:00:00.000Z', says: 'port: it is fail' });
});

test('an observation that is older than what is known changes nothing of what is now', async (t) => {
  const store = await newStore();
  await recordRun(store, audited('a', { at: '2025-11-02T00:00:00.000Z', results: [result('a', 'door/port')] }));
  const old = audited('a', { at: '2025-11-01T00:00:00.000Z', results: [failed('a', 'door/port', '1')] });
  const run = await recordRun(store, old);
  t.deepEqual(await store.now(['fail']), []);
  t.is((await all(store.changes(''))).length, 1);
  t.is((await all(store.results(run)))[0]?.results[0]?.status, 'fail', 'the run itself says what it saw');
});

test('what a clock that was wrong dated ahead does not hide what is seen after it', async (t) => {
  const store = await newStore();
  const [now, ahead] = [new Date().toISOString(), '9999-01-01T00:00:00.000Z'];
  const note = (thumbprint: string) => ({
    bound: [{ subject: 'CN=a', thumbprint, notAfter: '2030-01-01T00:00:00.000Z' }],
  });
  for (const [at, actual] of [
    [ahead, '1'],
    [now, '2'],
  ] as const) {
    const { run } = await store.begin(planFor(['a']), STARTED);
    const targetId = (await store.journal(run))[0]?.targetId ?? 0;
    const one = audited('a', { at, results: [failed('a', 'door/port', actual)] });
    await store.record({ run, targetId, audited: one, attempts: 1, certificates: note(actual) });
  }
  t.like((await store.now(['fail']))[0], { lastAt: now, since: now });
  t.deepEqual(
    (await store.expiring('2031')).map(({ thumbprint }) => thumbprint),
    ['2'],
  );
});

test('certificates are those that were met last, in each role', async (t) => {
  const store = await newStore();
  const record = async (at: string, certificates: Parameters<Store['record']>[0]['certificates']): Promise<void> => {
    const { run } = await store.begin(planFor(['a']), STARTED);
    const targetId = (await store.journal(run))[0]?.targetId ?? 0;
    await store.record({
      run,
      targetId,
      audited: audited('a', { at }),
      attempts: 1,
      ...(certificates && { certificates }),
    });
  };
  const note = (thumbprint: string, notAfter: string) => ({ subject: `CN=${thumbprint}`, thumbprint, notAfter });
  const [soon, later] = ['2025-12-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'];
  await record('2025-11-02T00:00:00.000Z', { bound: [note('AA', soon), note('AA', soon)], served: [note('AA', soon)] });
  await record('2025-11-03T00:00:00.000Z', { bound: [note('BB', later)] });
  await record('2025-11-04T00:00:00.000Z', undefined);
  await record('2025-11-01T00:00:00.000Z', { bound: [note('OLD', soon)] });
  t.deepEqual(await store.expiring('2026-01-01T00:00:00.000Z'), [
    { target: 'a', role: 'served', subject: 'CN=AA', thumbprint: 'AA', notAfter: soon },
  ]);
  t.is((await store.expiring('2030')).length, 2);
});

test('a run that goes on cannot be gone on with by another process', async (t) => {
  const store = await newStore();
  const { run, lock } = await store.begin(planFor(['a']), STARTED);
  t.is(store.lock(run), undefined);
  t.truthy(store.lock(run + 1), 'another run is another matter');
  lock.release(false);
  const again = store.lock(run);
  t.truthy(again);
  again?.release(true);
  t.false((await readdir(path.dirname(store.file))).includes(`store.db.run-${run}.lock`));
});

test('nobody sees a run before it is locked', async (t) => {
  const store = await newStore();
  const held = store.lock(1);
  await t.throwsAsync(store.begin(planFor(['a']), STARTED), {
    instanceOf: Mistake,
    message: 'run 1 goes on in another process, in a store that was here before this one',
  });
  t.deepEqual(await store.runs(), []);
  held?.release(true);
  t.is((await store.begin(planFor(['a']), STARTED)).run, 1);
});

test('a run that was finished or forgotten just before it was taken up is not gone on with', async (t) => {
  const store = await newStore();
  const { run, lock } = await store.begin(planFor(['a']), STARTED);
  lock.release(false);
  const [was] = await store.runs();
  if (!was) return t.fail();
  (await takeUp(store, was)).release(false);
  const gate = { failOn: 'low', allowUnknown: false } as const;
  await store.finish(run, { at: STARTED, exitCode: 0, exitReason: 'why', gate });
  await t.throwsAsync(takeUp(store, was), { instanceOf: Mistake, message: /run 1 is finished since 2026-11-01T02:59/ });
  await store.prune('2030', { remove: true, vacuum: false });
  await t.throwsAsync(takeUp(store, was), { instanceOf: Mistake, message: 'run 1 is forgotten' });
  t.deepEqual(
    (await readdir(path.dirname(store.file))).filter((name) => name.endsWith('.lock')),
    [],
  );
});

test('two processes write to one store at the same time, and none of them loses anything', async (t) => {
  const file = storeFile();
  const write = () => promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'writer.ts'), file, '100']);
  const ended = await Promise.all([write(), write()]);
  const runs = ended.map(({ stdout }) => Number(stdout));
  t.is(new Set(runs).size, 2);
  for (const { stderr } of ended) t.is(stderr, '', 'Node 22 warns of SQLite, which is no news to the user');
  const store = await openStore(file);
  for (const run of runs) t.is((await all(store.results(run))).length, 100);
  await store.close();
});

test('a store is opened again, and only its user may read it', async (t) => {
  const file = storeFile();
  const store = await openStore(file, { dictionary: Buffer.from('words of an older version') });
  const run = await recordRun(store, audited('a'));
  await store.close();
  const again = await openStore(file, { dictionary: Buffer.from('other words') });
  t.is((await all(again.results(run)))[0]?.name, 'a');
  t.is((await (await all(again.results(run)))[0]?.evidence())?.length, 2);
  if (process.platform !== 'win32') t.is((await stat(file)).mode & 0o77, 0);
  await again.close();
});

test('a store that another process keeps to itself is said to be so, with what to do', async (t) => {
  const file = storeFile();
  await (await openStore(file)).close();
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  const mine = new DatabaseSync(file, { timeout: 0 });
  const error = t.throws(() => tellingOf('fleet.db')(() => mine.exec('BEGIN IMMEDIATE')), {
    instanceOf: Mistake,
    message: 'fleet.db cannot be used as a store: another process has been writing to it for too long',
  });
  t.regex(error?.hint ?? '', /^let the other process end/);
  mine.close();
  other.close();
});

test('a store that is opened to be read as it lies says so when somebody wrote it meanwhile', async (t) => {
  const file = storeFile();
  const store = await openStore(file);
  await recordRun(store, audited('a'));
  await store.close();
  const [still, written] = [await openToRead(file), await openToRead(file)];
  await t.notThrowsAsync(async () => still.lying?.());
  const again = await openStore(file);
  await recordRun(again, audited('b'));
  await t.throwsAsync(async () => written.lying?.(), { instanceOf: Mistake, message: /was written while it was read/ });
  const beside = await openToRead(file);
  t.is(beside.lying, undefined, 'who writes now has left something beside it, and it is read with that');
  t.deepEqual(beside.database.prepare('select count(*) as runs from run').get(), { __proto__: null, runs: 2 });
  for (const { database } of [still, written, beside]) database.close();
  await again.close();
  const { database, lying } = await openToRead(file);
  t.true(lying !== undefined);
  database.close();
});

test('a store of a newer version, a changed migration, and what is no store are mistakes', async (t) => {
  const file = storeFile();
  await (await openStore(file)).close();
  const alter = (sql: string): void => {
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
  };
  alter("insert into migration values (999, '999-future.sql', 'x', 'now')");
  await t.throwsAsync(openStore(file), {
    instanceOf: Mistake,
    message: /another form than this version knows \(999-future\.sql\)/,
  });
  alter("delete from migration where number = 999; update migration set sha = 'y' where number = 1");
  await t.throwsAsync(openStore(file), { instanceOf: Mistake, message: /001-store\.sql/ });
  const text = path.join(path.dirname(file), 'text');
  await writeFile(text, 'this is no database, whatever it says '.repeat(100));
  await t.throwsAsync(openStore(text), { instanceOf: Mistake, message: /cannot be opened as a store/ });
  await t.throwsAsync(openStore(path.dirname(file)), { instanceOf: Mistake, message: /cannot be opened as a store/ });
  await t.throwsAsync(openStore('/nonexistent/x', { mustExist: true }), {
    instanceOf: Mistake,
    message: /no such file/,
  });
});

test('a store that was asked for nothing is closed, too, and leaves nothing beside it', async (t) => {
  const file = storeFile();
  await (await openStore(file)).close();
  t.deepEqual(await readdir(path.dirname(file)), ['store.db']);
});

test('what is refused as a store is not held open', async (t) => {
  if (process.platform !== 'linux') return t.pass('only Linux tells which files a process holds open');
  const file = storeFile();
  await (await openStore(file)).close();
  await writeFile(file, 'this is no database, whatever it says '.repeat(100));
  for (const open of [openStore, openToRead]) await t.throwsAsync(async () => open(file));
  const held = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  t.false(held.includes(file));
});

for (const [what, damage, says] of [
  [
    'is not what its hash says',
    "update blob set body = x'5b5d', codec_id = 1",
    /^the store is damaged: the blob \w+ is not what/,
  ],
  [
    'cannot be unpacked',
    "update blob set body = x'ffff', codec_id = 2",
    /^the store is damaged: the blob \w+ cannot be unpacked/,
  ],
  ['unpacks to more than it says', 'update blob set bytes = 1', /^the store is damaged: /],
  ['is not there', 'delete from blob', /^the store is damaged: it lacks the blob/],
] as const)
  test(`a blob that ${what} is a mistake that says so, never a verdict`, async (t) => {
    const store = await newStore();
    const run = await recordRun(store, audited('a'));
    const database = new DatabaseSync(store.file);
    database.exec(`pragma foreign_keys = off; pragma ignore_check_constraints = on; ${damage}`);
    database.close();
    await t.throwsAsync(all(store.results(run)), { instanceOf: Mistake, message: says });
    const recorded = store.recorded(run);
    t.throws(() => [...recorded.slots()].map(({ read }) => read()), { instanceOf: Mistake, message: says });
  });

test("a store is in the user's state folder when nobody says otherwise", (t) => {
  const home = (file: string): boolean => file.endsWith(path.join('.local', 'state', 'sstp-audit', 'store.db'));
  t.is(defaultStore({ XDG_STATE_HOME: '/var/state' }, 'linux'), '/var/state/sstp-audit/store.db');
  t.true(home(defaultStore({}, 'linux')));
  t.true(home(defaultStore({ XDG_STATE_HOME: 'relative' }, 'linux')), 'a relative one is to be ignored');
  t.regex(
    defaultStore({ LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'win32'),
    /^C:\\Users\\a\\AppData\\Local.sstp-audit.store\.db$/,
  );
});

for (const [what, home] of [
  [
    'nobody knows',
    () => {
      throw new Error('uv_os_homedir returned ENOENT');
    },
  ],
  ['is an empty text', () => ''],
] as const)
  test(`a store without a name, where the home folder ${what}, is a mistake`, (t) => {
    t.throws(() => defaultStore({}, 'linux', home), { instanceOf: Mistake, message: /no home folder/ });
    t.is(defaultStore({ XDG_STATE_HOME: '/var/state' }, 'linux', home), '/var/state/sstp-audit/store.db');
  });
