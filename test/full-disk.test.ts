/** A run whose disk takes no more: a small file system in a mount namespace of its own, which ends with the run. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Report } from '../engine/model.ts';
import { inconsistencies } from './engine/fleet/consistency.ts';
import { pretendSsh } from './engine/fleet/pretended-ssh.ts';
import { MAIN } from './program.ts';

/** Root may mount; others may in a user namespace, where the system lets them. */
const UNSHARE = ['unshare', process.getuid?.() === 0 ? '-m' : '-rm'] as const;
const HOSTS = 8;

const [unshare, ...mounting] = UNSHARE;
const canMount = spawnSync(unshare, [...mounting, 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0;

const mounted = (body: (t: ExecutionContext) => Promise<void>) => async (t: ExecutionContext) => {
  if (canMount) return body(t);
  t.log('NOT TESTED: no file system can be mounted here');
  t.pass();
};

/** A folder with an inventory, pretended servers, and a disk of that size at `small`. */
const scene = async (size: string) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-full-'));
  const bin = await pretendSsh(folder, 10);
  const at = (name: string): string => path.join(folder, name);
  await mkdir(at('small'));
  const hosts = `hosts: ['vpn[1:${HOSTS}]']\n`;
  await writeFile(at('fleet.yaml'), `defaults: { inputs: { publicNames: [vpn.example.com] } }\n${hosts}`);
  /** After the run, what is in `small` is gone; `then` still sees it. */
  const run = (args: readonly string[], then = 'true', before = 'true') => {
    const words = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
    const script = `mount -t tmpfs -o size=${size} small '${at('small')}' && ${before} && ${words}; code=$?; ${then}; exit $code`;
    return spawnSync(unshare, [...mounting, 'sh', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, CI: 'true' },
    });
  };
  const report = async (): Promise<Report> => JSON.parse(await readFile(at('report.json'), 'utf8'));
  return { at, run, report };
};

const RUN = ['run', '-i', 'fleet.yaml', '--at-a-time', '1', '-r', 'cli:report.txt', 'json:report.json'] as const;

/** The targets whose results are known, and how many of all there are. */
const knownIn = ({ targets, results }: Report): readonly string[] =>
  targets.map(({ name }) => name).filter((name) => results.some((one) => one.target === name && one.status === 'pass'));

test(
  'a text that its disk does not take is a mistake in plain words, whatever command wrote it',
  mounted(async (t) => {
    const { run } = await scene('64k');
    const full = '{ yes > small/fill 2> small/errors; exec > small/out; }';
    for (const args of [['questions'], ['profile', 'schema'], ['collector']]) {
      const { status, stderr } = run(args, 'true', full);
      t.is(status, 2, stderr);
      t.regex(
        stderr,
        /^sstp-audit: standard output cannot be written: no space left on the disk\nsstp-audit: hint: .*\n$/,
      );
    }
  }),
);

test(
  'evidence that fills its disk ends the asking; every report tells what was kept, and why there is no more',
  mounted(async (t) => {
    const { at, run, report } = await scene('1200k');
    const { status, stderr } = run([...RUN, '--evidence', 'small/evidence', '--allow-unknown']);
    t.is(status, 3, stderr);
    t.regex(
      stderr,
      /^sstp-audit: the run was stopped: small\/evidence\/vpn\d\/\S+ cannot be written: no space left on the disk\nsstp-audit: hint: .*make room/m,
    );
    const whole = await report();
    t.is(whole.summary.targets, HOSTS);
    const known = knownIn(whole);
    t.true(known.length > 0 && known.length < HOSTS, `${known}`);
    t.is(whole.exitCode, 3);
    t.regex(whole.exitReason, /allowed by --allow-unknown; the run was stopped: .*no space left/);
    const rest = whole.results.filter(({ target }) => !known.includes(target));
    t.true(rest.every(({ status, reason }) => status === 'unknown' && /not-recorded|cancelled/.test(reason ?? '')));
    t.true(rest.every(({ detail = '' }) => /no space left/.test(detail)));
    t.regex(await readFile(at('report.txt'), 'utf8'), /the run was stopped: .*no space left/);
  }),
);

test(
  'gathering onto a disk that is full says what was gathered',
  mounted(async (t) => {
    const { run } = await scene('1200k');
    const { status, stderr } = run(['gather', '-i', 'fleet.yaml', '--at-a-time', '1', '--evidence', 'small/evidence']);
    t.is(status, 3, stderr);
    t.regex(stderr, /vpn1: \d+ of \d+ questions answered/);
    t.regex(stderr, /the run was stopped: .*no space left on the disk\nsstp-audit: hint: /);
  }),
);

test(
  'a store that fills its disk ends the asking; what it does not take is reported all the same, and the run can be gone on with',
  mounted(async (t) => {
    const { run, report } = await scene('450k');
    const { status, stderr } = run([...RUN, '--store', 'small/store.db'], 'cp -r small kept');
    t.is(status, 3, stderr);
    t.regex(stderr, /the run was stopped: small\/store\.db cannot be used as a store: (?:no space left|its disk)/);
    t.regex(stderr, /\d servers? (?:is|are) missing\nsstp-audit: hint: sstp-audit run --resume 1/);
    const whole = await report();
    t.is(whole.summary.targets, HOSTS);
    t.true(knownIn(whole).length > 0 && knownIn(whole).length < HOSTS);
    const again = run(['run', '--resume', '1', '--store', 'kept/store.db', '-r', 'json:report.json']);
    t.is(again.status, 0, again.stderr);
    t.is(knownIn(await report()).length, HOSTS);
  }),
);

test(
  'a report that its disk does not take says how to get it without asking anybody anew',
  mounted(async (t) => {
    const { run } = await scene('450k');
    const args = ['run', '-i', 'fleet.yaml', '--store', 'kept.db', '-r', 'json:small/report.json'];
    const full = 'head -c 400000 /dev/zero > small/ballast';
    const resumed = `'${process.execPath}' '${MAIN}' run --resume 1 --store kept.db -r json:whole.json`;
    const { status, stderr } = run(args, resumed, full);
    t.is(status, 2, stderr);
    t.regex(
      stderr,
      /run 1 is not finished: .*\nsstp-audit: hint: sstp-audit run --resume 1 --store kept\.db goes on[\s\S]*small\/report\.json cannot be written: no space left[\s\S]*run 1 goes on with 0 of 8 servers/,
    );
  }),
);

test(
  'a store that has no room for a run at all is a mistake, before anything is asked',
  mounted(async (t) => {
    const { run } = await scene('40k');
    const { status, stderr } = run([...RUN, '--store', 'small/store.db']);
    t.is(status, 2, stderr);
    t.regex(stderr, /^sstp-audit: small\/store\.db cannot be .*(?:no space left|its disk)/);
    t.notRegex(stderr, /defect/);
  }),
);

test(
  'a store on a disk that is full answers what it remembers; what would write it is told to make room',
  mounted(async (t) => {
    const { run } = await scene('3m');
    t.is(run([...RUN, '--store', 'kept.db']).status, 0);
    const full = '{ cp kept.db small/s.db; yes > small/fill 2> small/errors; true; }';
    const { status, stdout, stderr } = run(['history', 'runs', '--store', 'small/s.db'], 'true', full);
    t.is(status, 0, stderr);
    t.regex(stdout, /\nruns: 1\n$/);
    const pruned = run(['history', 'prune', '--older-than', '1d', '--store', 'small/s.db'], 'true', full);
    t.is(pruned.status, 2);
    t.regex(
      pruned.stderr,
      /^sstp-audit: small\/s\.db cannot be opened as a store: .*(?:full|no space left).*\nsstp-audit: hint: make room/,
    );
  }),
);

test(
  'when there is room again, a run whose evidence filled its disk goes on with what is missing',
  mounted(async (t) => {
    const { at, run, report } = await scene('12m');
    const resumed = `rm small/ballast; '${process.execPath}' '${MAIN}' run --resume 1 --store store.db -r json:whole.json`;
    const after = `${resumed} && cp -r small/evidence kept`;
    const args = [...RUN, '--store', 'store.db', '--evidence', 'small/evidence'];
    const { status, stderr } = run(args, after, 'head -c 11400000 /dev/zero > small/ballast');
    t.is(status, 3, stderr);
    t.regex(stderr, /the run was stopped: .*no space left[\s\S]*run 1 goes on with \d of 8 servers/);
    t.true(knownIn(await report()).length < HOSTS);
    const whole: Report = JSON.parse(await readFile(at('whole.json'), 'utf8'));
    t.is(knownIn(whole).length, HOSTS);
    const names = whole.targets.map(({ name }) => name);
    t.deepEqual(await inconsistencies({ file: at('store.db'), run: 1, names, evidence: at('kept') }), []);
  }),
);

test(
  'a diagnosis whose evidence fills its disk says so, and is no success',
  mounted(async (t) => {
    const { run } = await scene('60k');
    const args = ['diagnose', '809', 'ssh://vpn1', 'ssh://vpn2', '--input', 'publicNames=vpn.example.com', '--json'];
    const { status, stdout, stderr } = run([...args, '--evidence', 'small/evidence']);
    t.is(status, 3, stderr);
    t.regex(stderr, /^sstp-audit: the run was stopped: small\/evidence\/vpn1\S* cannot be .*no space left/);
    t.like(JSON.parse(stdout), { targets: [], exitCode: 3 });
    t.regex(JSON.parse(stdout).stopped, /no space left on the disk/);
  }),
);
