/** Fleets as an operator audits them: the command line, pretended servers behind a program named ssh. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Report } from '../engine/model.ts';
import { asking } from './command.ts';
import { inconsistencies } from './engine/fleet/consistency.ts';
import { pretendSsh } from './engine/fleet/pretended-ssh.ts';
import { MAIN } from './program.ts';

const isWindows = process.platform === 'win32';

const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-fleet-'));

/** A folder with a program named ssh, an inventory and a place for everything that a run writes. */
const scene = async (inventory: string, mostMs = 50) => {
  const folder = await scratch();
  const bin = await pretendSsh(folder, mostMs);
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('fleet.yaml'), inventory);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, CI: 'true', XDG_STATE_HOME: at('state') };
  const start = (...args: readonly string[]) => {
    const child = spawn(process.execPath, [MAIN, 'run', ...args], {
      cwd: folder,
      env,
      // A group of its own, as a terminal would make it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.stderr += text;
    });
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...texts }));
    return { pid: child.pid ?? 0, ended, texts };
  };
  const report = async (name = 'report.json'): Promise<Report> => JSON.parse(await readFile(at(name), 'utf8'));
  const answer = asking({ cwd: folder, env });
  return {
    at,
    start,
    run: (...args: readonly string[]) => start(...args).ended,
    /** The same without a process for each run, where that is not what is looked at. */
    ask: (...args: readonly string[]) => answer('run', ...args),
    report,
  };
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await setTimeout(10);
};

/** What a report says of the time of day and of durations. */
const timeless = ({ startedAt: _, finishedAt: __, ...report }: Report) => ({
  ...report,
  targets: report.targets.map(({ startedAt: _s, tookMs: _t, evidence, ...target }) => ({
    ...target,
    evidence: evidence.map(({ startedAt: _e, tookMs: _m, ...note }) => note),
  })),
});

const unless = (windows: boolean, body: (t: ExecutionContext) => Promise<void>) => async (t: ExecutionContext) => {
  t.timeout(900_000);
  if (windows) return t.pass();
  return body(t);
};

const FLEET = `
defaults: { user: admin, inputs: { publicNames: [vpn.example.com] } }
groups:
  tokyo: { site: tokyo, hosts: ['vpn[01:03].tokyo', flaky.tokyo] }
  osaka: { hosts: [refused.osaka, gone.osaka, hung.osaka, vpn.osaka] }
`;

test.serial(
  'servers that hang, refuse or are gone are rows of one report; a connection that fails is tried again, a sign-in is not',
  unless(isWindows, async (t) => {
    const { run, report, at } = await scene(FLEET);
    const { code, stdout, stderr } = await run(
      '-i',
      'fleet.yaml',
      '--timeout',
      '4',
      '-r',
      'cli:out.txt',
      'json:report.json',
    );
    t.is(code, 3, stderr);
    t.is(stdout, '', 'nothing but a report goes to standard output');
    const { targets, summary } = await report();
    t.is(summary.targets, 8);
    const reasons = Object.fromEntries(
      targets.map(({ name, reached, reason }) => [name, reached ? 'reached' : reason]),
    );
    t.deepEqual(reasons, {
      'vpn01.tokyo': 'reached',
      'vpn02.tokyo': 'reached',
      'vpn03.tokyo': 'reached',
      'flaky.tokyo': 'reached',
      'refused.osaka': 'refused',
      'gone.osaka': 'unreachable',
      'hung.osaka': 'timed-out',
      'vpn.osaka': 'reached',
    });
    t.deepEqual(targets[0]?.tags, ['tokyo'], 'a group is a tag of its hosts');
    const calls = (await readFile(at('seen/calls'), 'utf8')).split('\n');
    const times = (host: string): number => calls.filter((one) => one === host).length;
    t.deepEqual([times('refused.osaka'), times('gone.osaka'), times('flaky.tokyo')], [1, 3, 2]);
    t.regex(stderr, /2 of 8 servers took longer than the others, or more than one attempt:/);
    t.regex(stderr, /\n {2}gone\.osaka .* 3 attempts +unreachable: .*No route to host/);
    t.regex(stderr, /\n {2}flaky\.tokyo .* 2 attempts\n/);
  }),
);

test.serial(
  'a limit chooses among the hosts of an inventory, and so do tags',
  unless(isWindows, async (t) => {
    const { ask, report } = await scene(FLEET);
    await ask('-i', 'fleet.yaml', '--limit', 'tokyo:!flaky*', '-r', 'json:report.json');
    t.is((await report()).targets.length, 3);
    await ask('-i', 'fleet.yaml', '--tags', 'osaka', '--limit', 'vpn*', '-r', 'json:report.json');
    t.deepEqual(
      (await report()).targets.map(({ name }) => name),
      ['vpn.osaka'],
    );
    for (const slip of ['osaca', 'tokyo,osaca']) {
      const { code, stderr } = await ask('-i', 'fleet.yaml', '--tags', slip);
      t.is(code, 2);
      t.regex(stderr, /no host of the inventory has a tag of osaca\n/);
    }
  }),
);

test('an inventory is listed without asking anybody, from a file and from standard input', async (t) => {
  const folder = await scratch();
  const file = path.join(folder, 'fleet.yaml');
  await writeFile(file, FLEET);
  const list = (args: readonly string[], input: string) =>
    spawnSync(process.execPath, [MAIN, 'inventory', 'list', ...args], { input, encoding: 'utf8' });
  const listed = list([file, '--limit', 'tokyo:!flaky*'], '');
  t.is(listed.stdout.split('\n')[0], 'vpn01.tokyo  ssh://admin@vpn01.tokyo  tokyo', listed.stderr);
  t.is(listed.stdout.trimEnd().split('\n').length, 3);
  const fromInput = list(['-', '--json'], '# ours\nvpn[1:2]\n');
  t.deepEqual(
    JSON.parse(fromInput.stdout).map(({ name, address }: { name: string; address: string }) => [name, address]),
    [
      ['vpn1', 'ssh://vpn1'],
      ['vpn2', 'ssh://vpn2'],
    ],
  );
  const wrong = list(['-'], 'vpn 1\n');
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /^sstp-audit: standard input:1:1 must look like .*\n {4}vpn 1\n {4}\^/);
});

const numbered = (last: number): string => `
defaults: { inputs: { publicNames: [vpn.example.com] } }
hosts: ['vpn[01:${last}]']
`;
/** More than are asked at a time unless it is said. */
const MANY = numbered(40);
/** Enough for a run that is stopped to have most of its servers before it. */
const SOME = numbered(24);

test.serial(
  'a run that is remembered reports what one that is not does',
  unless(isWindows, async (t) => {
    const { ask, run, report, at } = await scene(MANY);
    const plain = await ask('-i', 'fleet.yaml', '-r', 'json:plain.json');
    const kept = await run('-i', 'fleet.yaml', '--store', '--evidence', 'evidence', '-r', 'json:kept.json');
    t.is(plain.code, kept.code, kept.stderr);
    t.deepEqual(timeless(await report('kept.json')), timeless(await report('plain.json')));
    const names = Array.from({ length: 40 }, (_, number) => `vpn${String(number + 1).padStart(2, '0')}`);
    const file = at('state/sstp-audit/store.db');
    t.deepEqual(await inconsistencies({ file, run: 1, names, evidence: at('evidence') }), []);
    const again = await ask('--resume');
    t.is(again.code, 2);
    t.regex(again.stderr, /store\.db holds no unfinished run/);
  }),
);

for (const group of [false, true])
  test.serial(
    `a run that is stopped${group ? ' as a terminal does it, with all its programs,' : ''} reports every server, and can be gone on with`,
    unless(isWindows, async (t) => {
      const { start, run, report, at } = await scene(SOME, 600);
      // The profile is the built-in one all the same.
      await mkdir(at('baseline'));
      const args = ['--store', 's.db', '--evidence', 'evidence', '--at-a-time', '4', '-r', 'json:report.json'];
      const first = start('-i', 'fleet.yaml', ...args, '--allow-unknown');
      const recorded = async (): Promise<number> => (await readdir(at('evidence')).catch(() => [])).length;
      while ((await recorded()) < 8) await setTimeout(20);
      process.kill(group ? -first.pid : first.pid, 'SIGINT');
      const stopped = await first.ended;
      t.is(stopped.code, 130, stopped.stderr);
      t.regex(stopped.stderr, /stopping on SIGINT/);
      t.regex(
        stopped.stderr,
        /\d+ servers? (?:is|are) missing\nsstp-audit: hint: sstp-audit run --resume 1 --store s\.db goes on/,
      );
      t.regex(stopped.stderr, /exit code 130: nothing failed; .*; the run was stopped by SIGINT\n$/);
      const partial = await report();
      t.is(partial.exitCode, 130);
      t.is(partial.summary.targets, 24);
      const unreached = partial.targets.filter(({ reached }) => !reached);
      t.true(unreached.length > 10, `${unreached.length}`);
      if (!group) t.true(unreached.every(({ reason }) => reason === 'cancelled'));
      const last = await run('--resume', '1', '--store', 's.db', '-r', 'json:report.json');
      t.is(last.code, 0, last.stderr);
      const whole = await report();
      t.true(whole.targets.every(({ reached }) => reached));
      t.is(whole.startedAt, partial.startedAt);
      const names = whole.targets.map(({ name }) => name);
      t.is(names.length, 24);
      t.deepEqual(await inconsistencies({ file: at('s.db'), run: 1, names, evidence: at('evidence') }), []);
    }),
  );

test.serial(
  'a second signal ends a run at once',
  unless(isWindows, async (t) => {
    const { start } = await scene(SOME, 900);
    const first = start('-i', 'fleet.yaml', '--at-a-time', '2');
    await setTimeout(1_500);
    process.kill(first.pid, 'SIGINT');
    await until(() => first.texts.stderr.includes('stopping'));
    process.kill(first.pid, 'SIGTERM');
    const { code, signal } = await first.ended;
    t.true(signal === 'SIGTERM' || code === 130, `${code} ${signal}`);
  }),
);

test.serial(
  'a run is gone on with as it began, or not at all',
  unless(isWindows, async (t) => {
    const { start, ask, at } = await scene(SOME, 900);
    await writeFile(at('own.yaml'), 'profile: own\nversion: 1.0.0\ntitle: Ours\nextends: kb947031\n');
    const first = start('-i', 'fleet.yaml', '-p', 'own.yaml', '--store', 's.db', '--at-a-time', '2');
    await until(() => first.texts.stderr.includes('remembered in'));
    const busy = await ask('--resume', '--store', 's.db');
    t.is(busy.code, 2);
    t.regex(busy.stderr, /run 1 goes on in another process/);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    for (const [args, says] of [
      [['ssh://vpn01'], /--resume takes its targets from the store/],
      [['-p', 'baseline', '--limit', 'a'], /--profile cannot change in a run that goes on/],
      [['--tags', 'a'], /--tags cannot change/],
      [['--evidence', 'x'], /--evidence cannot change/],
    ] as const) {
      const refused = await ask('--resume', '--store', 's.db', ...args);
      t.is(refused.code, 2);
      t.regex(refused.stderr, says);
    }
    await writeFile(at('own.yaml'), 'profile: own\nversion: 1.0.1\ntitle: Ours\nextends: kb947031\n');
    const changed = await ask('--resume', '--store', 's.db');
    t.is(changed.code, 2);
    t.regex(changed.stderr, /own\.yaml is not what run 1 began with/);
    const store = new DatabaseSync(at('s.db'));
    store.exec("update run set tool_version = '0.0.9'");
    store.close();
    const later = await ask('--resume', '--store', 's.db');
    t.is(later.code, 2);
    t.regex(later.stderr, /run 1 was begun by sstp-audit 0\.0\.9, and this is /);
  }),
);
