/** A hundred servers in one run, through the OpenSSH client of this machine: each tells what it tells alone. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import pLimit from 'p-limit';
import { NAMES } from '../../ci/bench/recorded.ts';
import type { Report, Result } from '../../engine/model.ts';
import { inconsistencies } from '../engine/fleet/consistency.ts';
import { auditHere, type Said } from './console.ts';
import { type Hundred, kinOf, LIARS, nameOf, startHundred, TRUTHFUL, whyNoHundred } from './hundred.ts';
import { live } from './live.ts';

/** Below the 15 s after which ssh itself gives a silent server up, and would be started again. */
const DEADLINE_S = '12';
const LONGEST_MS = 300_000;

const inHundred = (body: Parameters<typeof live>[0]) =>
  live(body, { reason: whyNoHundred(), mustRun: process.env['CI'] === 'true' });

type Ran = Readonly<{ said: Said; report: Report }>;

/** Some of those that answer truly, and all that do not. */
const ALONE = [
  ...[1, 2, 4, 8, 12].map(nameOf),
  ...[LIARS.garbage, LIARS.cut, LIARS.stale, LIARS.merged].map(nameOf),
  'hung',
  'closed',
];

let hundred: Hundred;
let fleet: Ran;
let alone: ReadonlyMap<string, Ran>;

const audit = async (name: string, ...args: readonly string[]): Promise<Ran> => {
  const file = path.join(hundred.folder, `${name}.json`);
  const common = ['--ssh-config', hundred.sshConfig, '--timeout', DEADLINE_S, '-r', `json:${file}`];
  const said = await auditHere('run', ...args, ...common);
  if (said.code === 2) throw new Error(String(said.stderr));
  return { said, report: JSON.parse(await readFile(file, 'utf8')) };
};

const single = (name: string): Promise<Ran> => audit(name, `ssh://${name}`, '--input', `publicNames=${NAMES}`);

test.serial.before(
  inHundred(async (t) => {
    t.timeout(LONGEST_MS);
    hundred = await startHundred();
    const { folder, inventory } = hundred;
    const keeping = ['--store', path.join(folder, 'store.db'), '--evidence', path.join(folder, 'evidence')];
    // It only waits, and costs nothing beside the fleet.
    const waiting = single('hung');
    fleet = await audit('fleet', '-i', inventory, '--at-a-time', '8', ...keeping);
    const inTurn = pLimit(2);
    const others = ALONE.filter((name) => name !== 'hung');
    const rest = others.map((name) => inTurn(async () => [name, await single(name)] as const));
    alone = new Map([['hung', await waiting], ...(await Promise.all(rest))]);
  }),
);
test.serial.after.always(async () => hundred?.stop());

/** The results of one server, without its name. */
const of = (results: readonly Result[], name: string): readonly Omit<Result, 'target'>[] =>
  results.filter(({ target }) => target === name).map(({ target: _, ...rest }) => rest);

test(
  'all hundred are rows of the report, in the order of the inventory, and the exit code says that some fail',
  inHundred(async (t) => {
    t.is(fleet.said.code, 1, String(fleet.said.stderr));
    t.is(fleet.report.exitCode, 1);
    t.is(hundred.names.length, 100);
    t.deepEqual(
      fleet.report.targets.map(({ name }) => name),
      hundred.names,
    );
    const counts = new Set(hundred.names.map((name) => of(fleet.report.results, name).length));
    t.is(counts.size, 1, 'every check of every server');
  }),
);

test(
  'a server that is described tells in the run what its description comes to, in whatever language',
  inHundred(async (t) => {
    t.true(hundred.expected.size > 10);
    for (const [name, results] of hundred.expected)
      t.deepEqual(of(fleet.report.results, name), of(results, name), name);
    const healthy = of(fleet.report.results, nameOf(1));
    t.true(healthy.every(({ status }) => status === 'pass' || status === 'inapplicable'));
  }),
);

/** What became of each check. */
const statusesOf = (results: readonly Result[], name: string) =>
  of(results, name).map(({ check, status, reason }) => [check, status, reason]);

test(
  'the others tell what the first of their kind tells, each of a certificate of its own',
  inHundred(async (t) => {
    const { results } = fleet.report;
    const lives = TRUTHFUL.map((number) => {
      t.deepEqual(statusesOf(results, nameOf(number)), statusesOf(results, nameOf(kinOf(number))), nameOf(number));
      return of(results, nameOf(number)).find(({ check }) => check === 'certificate/remaining-life')?.findings[0]
        ?.actual;
    });
    const days = lives.filter((life) => life !== undefined && /^\d+ days$/.test(life));
    t.true(days.length > 60);
    t.is(new Set(days).size, days.length);
  }),
);

for (const name of ALONE)
  test(
    `${name} tells alone what it tells among a hundred`,
    inHundred(async (t) => {
      const ran = alone.get(name);
      t.deepEqual(of(fleet.report.results, name), of(ran?.report.results ?? [], name));
      t.is(ran?.said.code, ran?.report.exitCode);
    }),
  );

test(
  'what hangs, refuses or lies is unknown, with the reason that fits, and nothing of it is a pass or a fail',
  inHundred(async (t) => {
    const reasons = (name: string) => [...new Set(of(fleet.report.results, name).map(({ reason }) => reason))];
    const reached = (name: string) => fleet.report.targets.find((one) => one.name === name)?.reason;
    const bad = { hung: 'timed-out', closed: 'refused', [nameOf(LIARS.silent)]: 'timed-out' };
    const lying = Object.fromEntries(
      [LIARS.garbage, LIARS.stale, LIARS.merged].map((at) => [nameOf(at), 'unreadable']),
    );
    for (const [name, reason] of Object.entries({ ...bad, ...lying })) {
      t.deepEqual([...reasons(name), reached(name)], [reason, reason], name);
      t.true(
        of(fleet.report.results, name).every(({ status }) => status === 'unknown'),
        name,
      );
    }
    const cut = of(fleet.report.results, nameOf(LIARS.cut));
    t.deepEqual([...new Set(cut.map(({ status }) => status))].toSorted(), ['pass', 'unknown']);
    t.true(cut.every(({ status, reason }) => status !== 'unknown' || reason === 'truncated'));
    const says = (number: number): string =>
      fleet.report.targets.find(({ name }) => name === nameOf(number))?.detail ?? '';
    t.regex(says(LIARS.merged), /errors and answers in one stream/);
    t.regex(says(LIARS.stale), /marks of other questions/);
  }),
);

test(
  'the evidence of all hundred gives the same results again, and the store has each of them once',
  inHundred(async (t) => {
    const [evidence, file] = [path.join(hundred.folder, 'evidence'), path.join(hundred.folder, 'again.json')];
    const { code, stderr } = await auditHere(
      'judge',
      evidence,
      '--input',
      `publicNames=${NAMES}`,
      '-r',
      `json:${file}`,
    );
    t.is(code, 1, String(stderr));
    const { results }: Report = JSON.parse(await readFile(file, 'utf8'));
    for (const name of hundred.names) t.deepEqual(of(results, name), of(fleet.report.results, name), name);
    const store = path.join(hundred.folder, 'store.db');
    t.deepEqual(await inconsistencies({ file: store, run: 1, names: hundred.names, evidence }), []);
  }),
);
