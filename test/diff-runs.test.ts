/** Runs of a store, compared as an operator compares them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { openRun } from '../engine/cli/run-side.ts';
import type { Comparison } from '../engine/comparison.ts';
import { openStore } from '../engine/fleet/store/store.ts';
import type { Report } from '../engine/model.ts';
import diffSchema from '../reporters/diff.schema.json' with { type: 'json' };
import reportSchema from '../reporters/report.schema.json' with { type: 'json' };
import { ask, run } from './command.ts';
import { recordRun } from './engine/fleet/histories.ts';
import { planFor, result } from './engine/fleet/stores.ts';

const SERVERS = ['vpn-london-01', 'vpn-tokyo-01', 'vpn-paris-01'].map((name) => `evidence:test/evidence/${name}`);
const NAMES = ['--input', 'publicNames=vpn.example.com'];
const OTHERS = ['--input', 'publicNames=other.example.com'];

const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-diff-runs-'));
const file = (name: string): string => path.join(folder, name);
const [STORE, FIRST, SECOND] = [file('fleet.db'), file('first.json'), file('second.json')];
const WITH = ['--store', STORE];
const compare = (...args: readonly string[]) => ask('diff', ...args, ...WITH);
const reportIn = async (name: string): Promise<Report> => JSON.parse(await readFile(name, 'utf8'));

test.before(async (t) => {
  t.timeout(120_000);
  const waivers = file('waivers.yaml');
  await writeFile(
    waivers,
    'waivers:\n  - { check: sstp/listener-port, target: "*", subject: "*", until: 2099-01-01, because: CHG-1, approvedBy: eve }\n',
  );
  const first = await run(
    'run',
    ...SERVERS.slice(0, 2),
    ...NAMES,
    ...WITH,
    '--waivers',
    waivers,
    '-r',
    `json:${FIRST}`,
  );
  t.is(first.code, 1, first.stderr);
  const gate = ['--fail-on', 'high', '--allow-unknown'];
  const second = await run('run', ...SERVERS.slice(1), ...OTHERS, ...WITH, ...gate, '-r', `json:${SECOND}`);
  t.is(second.code, 1, second.stderr);
});

/** A comparison without what tells where and when it was made. */
const sourceless = (text: string) => {
  const { madeAt: _, before, after, ...rest }: Comparison = JSON.parse(text);
  const [{ source: _was, ...was }, { source: _is, ...is }] = [before, after];
  return { ...rest, before: was, after: is };
};

test('runs compare as their JSON reports do, in every word but where they were read from', async (t) => {
  const reports = await ask('diff', FIRST, SECOND, '-r', 'json');
  const expected = sourceless(reports.stdout);
  t.true(expected.changes.length > 10, 'something is different');
  t.is(expected.before.waivers[0]?.state, 'used');
  for (const [before, after] of [
    ['run:1', 'run:2'],
    [FIRST, 'run:latest'],
    ['run:1', SECOND],
  ] as const) {
    const { code, stdout, stderr } = await compare(before, after, '-r', 'json');
    t.is(code, reports.code, stderr);
    t.deepEqual(sourceless(stdout), expected, `${before} ${after}`);
  }
});

test('the source of a run is its number, its store, and a hash that anybody can make again', async (t) => {
  const { stdout } = await compare('run:1', 'run:latest', '-r', 'json');
  const comparison: Comparison = JSON.parse(stdout);
  const validate = new Ajv2020({ strict: false }).compile(diffSchema);
  t.true(validate(comparison), JSON.stringify(validate.errors));
  const sumOf = (number: number): string => {
    const database = new DatabaseSync(STORE, { readOnly: true });
    const lines = database
      .prepare(
        `select lower(hex(results_sha)) || ' ' || lower(hex(manifest_sha)) || ' ' || coalesce(spelled, name) as line
        from result join run_target using (run_id, target_id) join target on target.id = target_id
        where run_id = ? order by position`,
      )
      .all(number);
    database.close();
    return createHash('sha256')
      .update(lines.map(({ line }) => `${line}\n`).join(''))
      .digest('hex');
  };
  t.deepEqual(comparison.before.source, { kind: 'run', name: 'run:1', sha256: sumOf(1), run: 1, store: STORE });
  t.deepEqual(comparison.after.source, { kind: 'run', name: 'run:2', sha256: sumOf(2), run: 2, store: STORE });
  t.not(sumOf(1), sumOf(2));
});

test('every form of a comparison shows the run: its number, store, time, account, profile and both hashes', async (t) => {
  const { stdout } = await compare('run:1', 'run:2', '-r', 'json');
  const { before }: Comparison = JSON.parse(stdout);
  const facts = [
    `run 1 of ${STORE}`,
    before.startedAt.slice(0, 10),
    before.auditor?.account ?? '-',
    before.auditor?.host ?? '-',
    before.source.sha256,
    before.profile.sha256,
  ];
  for (const form of ['cli', 'markdown', 'html']) {
    const text = (await compare('run:1', 'run:2', '-r', form)).stdout.replaceAll(/\n +\| /g, ' ');
    for (const fact of facts) t.true(text.includes(fact), `${form}: ${fact}`);
  }
  const japanese = await compare('run:1', 'run:2', '--lang', 'ja', '-r', 'markdown');
  t.true(japanese.stdout.includes(`${STORE} の実行 1`));
});

test('a run beside an earlier run: only what got worse counts, and every report says beside which', async (t) => {
  const store = file('beside.db');
  const args = ['run', SERVERS[1] ?? '', ...NAMES, '--store', store];
  t.is((await ask(...args)).code, 1);
  for (const [number, baseline, before] of [
    [2, 'run:latest', 1],
    [3, 'run:1', 1],
    [4, 'run:latest', 3],
  ] as const) {
    const places = ['cli', 'junit', 'html', 'markdown'].map((form) => `${form}:${file(`beside.${form}`)}`);
    const { code, stdout, stderr } = await ask(...args, '--baseline', baseline, '-r', 'json', ...places);
    t.is(code, 0, stderr);
    t.regex(stderr, new RegExp(`run ${number}: 1 server, remembered`));
    const report: Report = JSON.parse(stdout);
    t.like(report.gate.baseline, { file: `run:${before}`, store });
    t.regex(report.exitReason, /^nothing got worse; \d+ failures? .*as before, not counted$/);
    const validate = new Ajv2020({ strict: false }).compile(reportSchema);
    t.true(validate(report), JSON.stringify(validate.errors));
    for (const form of ['cli', 'html', 'markdown'])
      t.true(
        (await readFile(file(`beside.${form}`), 'utf8'))
          .replaceAll(/\n +\| /g, ' ')
          .includes(`--baseline run:${before} --store ${store}`),
        form,
      );
    t.true((await readFile(file('beside.junit'), 'utf8')).includes(store));
  }
  const { code, stdout, stderr } = await ask('diff', 'run:2', 'run:4', '--store', store, '-r', 'json');
  t.is(code, 0, stderr);
  const { before }: Comparison = JSON.parse(stdout);
  t.like(before.gate, { failOn: 'low', baseline: { file: 'run:1', store } }, 'what was let pass is remembered');
  t.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('beside.db.run-')),
    [],
    'no lock is left behind',
  );
});

test('a run that gets worse beside an earlier run fails', async (t) => {
  const { code, stderr } = await ask('run', SERVERS[0] ?? '', ...OTHERS, '--store', file('worse.db'));
  t.is(code, 1, stderr);
  const better = await ask('run', SERVERS[0] ?? '', ...NAMES, '--store', file('worse.db'), '--baseline', 'run:1');
  t.is(better.code, 0, better.stderr);
  const worse = await ask('run', SERVERS[0] ?? '', ...OTHERS, '--store', file('worse.db'), '--baseline', 'run:latest');
  t.is(worse.code, 1, worse.stderr);
  t.regex(worse.stderr, /results? got worse/);
});

test('a run that is not finished is no side: its missing servers would be told as lost', async (t) => {
  const name = file('unfinished.db');
  const store = await openStore(name);
  const at = '2026-11-01T03:00:00.000Z';
  await recordRun(store, at, { vpn01: { at, results: [] } });
  await recordRun(store, at, { vpn01: { at, results: [] }, vpn02: undefined }, false);
  const { lock } = await store.begin(planFor(['vpn01']), new Date(at));
  const diffed = (side: string) => ask('diff', side, 'run:latest', '--store', name, '-r', 'json');
  const cut = await diffed('run:2');
  t.is(cut.code, 2);
  t.is(
    cut.stderr,
    `sstp-audit: run 2 of ${name} is not finished: 1 of 2 servers are recorded\nsstp-audit: hint: sstp-audit run --resume 2 --store ${name} finishes it\n`,
  );
  t.regex(
    (await diffed('run:3')).stderr,
    /run 3 of .* is not finished: 0 of 1 .*\n.* hint: it goes on: wait for its end/,
  );
  const same = await diffed('run:latest');
  t.is((JSON.parse(same.stdout) as Comparison).before.source.name, 'run:1', 'the newest one that is finished');
  lock.release(true);
  await store.close();
});

test('a run of an earlier version, which noted no gate, is compared without one', async (t) => {
  const name = file('older.db');
  const store = await openStore(name);
  const at = '2026-11-01T03:00:00.000Z';
  await recordRun(store, at, { vpn01: { at, results: [] } });
  await store.close();
  const database = new DatabaseSync(name);
  database.exec('update run set gate = null');
  database.close();
  const { stdout, stderr } = await ask('diff', 'run:1', 'run:1', '--store', name, '-r', 'json');
  const comparison: Comparison = JSON.parse(stdout);
  t.is(comparison.before.gate, undefined, stderr);
  const validate = new Ajv2020({ strict: false }).compile(diffSchema);
  t.true(validate(comparison), JSON.stringify(validate.errors));
});

test('the newest run beside one that is gone on with is the newest that was begun before it', async (t) => {
  const name = file('resumed.db');
  const store = await openStore(name);
  const at = '2026-11-01T03:00:00.000Z';
  for (const finished of [true, true, false, true])
    await recordRun(store, at, { vpn01: { at, results: [] } }, finished);
  await store.close();
  const latest = async (before?: number) => {
    const side = await openRun('run:latest', { store: name, lang: 'en', before });
    await side.close();
    return side.note.source.name;
  };
  t.deepEqual([await latest(), await latest(3), await latest(2)], ['run:4', 'run:2', 'run:1']);
  await t.throwsAsync(latest(1), { message: /holds no finished run/ });
});

test('a waiver of a run that was gone on with in another folder is told once, whatever its file is called from there', async (t) => {
  const name = file('waived.db');
  const store = await openStore(name);
  const at = '2026-11-01T03:00:00.000Z';
  const agreed = { check: 'door/open', target: '*', subject: '*', until: at, because: 'CHG-1', approvedBy: 'eve' };
  const waived = (server: string, where: string) => {
    const waiver = { ...agreed, file: where };
    return { at, results: [result(server, 'door/open', { status: 'waived', waiver })] };
  };
  await recordRun(store, at, { vpn01: waived('vpn01', 'w.yaml'), vpn02: waived('vpn02', '/srv/w.yaml') });
  await store.close();
  const side = await openRun('run:latest', { store: name, lang: 'en' });
  await side.close();
  t.deepEqual(side.note.waivers, [{ ...agreed, file: 'w.yaml', state: 'used' }]);
});

test('a run of which something is gone is not compared as if it were whole', async (t) => {
  const name = file('gone.db');
  const store = await openStore(name);
  const at = '2026-11-01T03:00:00.000Z';
  await recordRun(store, at, { vpn01: { at, results: [] }, vpn02: { at, results: [] } });
  await store.close();
  const database = new DatabaseSync(name);
  database.exec('delete from result where target_id = 1');
  database.close();
  const { code, stderr } = await ask('diff', 'run:1', 'run:1', '--store', name);
  t.is(code, 2);
  t.regex(stderr, /run 1 of .* was forgotten meanwhile\n/);
  t.false(existsSync(`${name}.run-1.lock`));
});

test('a run is not forgotten while it is compared', async (t) => {
  const name = file('pruned.db');
  const at = '2020-11-01T03:00:00.000Z';
  const store = await openStore(name);
  await recordRun(store, at, { vpn01: { at, results: [result('vpn01', 'door/open')] } });
  const prune = () => store.prune(at.replace('2020', '2021'), { remove: true, vacuum: false });
  const side = await openRun('run:latest', { store: name, lang: 'en' });
  t.deepEqual(
    (await prune()).spared.map(({ id }) => id),
    [1],
  );
  t.deepEqual(
    [...side.slots()].map((slot) => slot.read()),
    [result('vpn01', 'door/open')],
  );
  await side.close();
  t.deepEqual(
    (await prune()).runs.map(({ id }) => id),
    [1],
  );
  t.regex((await ask('diff', 'run:1', 'run:1', '--store', name)).stderr, /holds no run 1\n/);
  await store.close();
});

for (const [name, args, says] of [
  ['a run that is not there', ['diff', 'run:9', 'run:1', ...WITH], /fleet\.db holds no run 9\n.*history runs/],
  ['a word that is no number', ['diff', 'run:last', 'run:1', ...WITH], /run:last names no run\n/],
  ['a number that no run has', ['diff', 'run:0', 'run:1', ...WITH], /run:0 names no run\n/],
  [
    'a store that is not there',
    ['diff', 'run:1', 'run:2', '--store', '/nonexistent.db'],
    /nonexistent\.db cannot be read/,
  ],
  ['a store that is none', ['diff', 'run:1', 'run:2', '--store', FIRST], /first\.json cannot be opened as a store/],
  ['a store without a run of it', ['diff', FIRST, SECOND, ...WITH], /--store: neither side is a run/],
  [
    'a profile for two runs',
    ['diff', 'run:1', 'run:2', ...WITH, '-p', 'strict'],
    /--profile: both sides are reports or runs/,
  ],
  [
    'a baseline in a store that is not there',
    ['run', SERVERS[0] ?? '', ...NAMES, '--store', file('none.db'), '--baseline', 'run:latest'],
    /none\.db cannot be read/,
  ],
] as const)
  test(`${name} is a mistake: exit code 2, said in a line and a hint, nothing on stdout`, async (t) => {
    const { code, stdout, stderr } = await ask(...args);
    t.is(code, 2, stderr);
    t.regex(stderr, says);
    t.is(stderr.trimEnd().split('\n').length, 2, stderr);
    t.is(stdout, '');
    t.false(existsSync(file('none.db')));
  });

test('the first run of a store has none before it', async (t) => {
  const name = file('empty.db');
  await (await openStore(name)).close();
  const { code, stderr } = await ask('run', SERVERS[0] ?? '', ...NAMES, '--store', name, '--baseline', 'run:latest');
  t.is(code, 2);
  t.regex(stderr, /empty\.db holds no finished run to compare with\n/);
  t.is((await reportIn(FIRST)).gate.baseline, undefined);
});
