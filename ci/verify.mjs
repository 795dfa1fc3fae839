/**
 * The one gate: format, lint, types, unused code, generated files, tests. `npm test` runs it, `npm test -- --only tests` one
 * part, and `CI=true npm test` the stand-ins for Windows, too.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Tests start some hundred Node processes, each of which would strip the types of the same files. */
const cache = new URL('../node_modules/.cache/node', import.meta.url);
/** Where tests make their folders; it goes with all that they leave there. */
const scratch = mkdtempSync(path.join(tmpdir(), 'sstp-audit-'));
// Some tests are somebody else.
chmodSync(scratch, 0o755);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
/** The program as users have it: tests start it often, and it starts in a third of the time. */
const program = path.join(scratch, 'program');
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: decodeURIComponent(cache.pathname),
  TMPDIR: scratch,
  SSTP_AUDIT_MAIN: path.join(program, 'main.mjs'),
};

const LIVE = 'test/windows/**/*.test.ts';
const CONFIG = '--config=ci/ava.config.mjs';
const PARTS = {
  lint: ['biome', ['check', '--error-on-warnings', '.']],
  types: ['tsc', ['--noEmit']],
  unused: ['knip', ['--no-progress']],
  generated: ['node', ['ci/generate.ts', '--check']],
  build: ['node', ['ci/build.ts', program]],
  tests: ['ava', [CONFIG, '--concurrency=4', 'test/**/*.test.ts', `!${LIVE}`]],
  // Windows programs under wine answer within their deadlines where no more keeps the machine busy.
  windows: ['ava', [CONFIG, '--concurrency=2', LIVE]],
};
const WITH_TESTS = ['tests', 'windows'];

/** What runs beside each other. Tests have deadlines, and have the machine for themselves. */
const TOGETHER = [['lint', 'types', 'unused', 'generated', 'build'], ['tests'], ['windows']];

/** Starts a part. What it says is kept until it is its turn: `tell` says it, and goes on with what comes. */
const start = (file, args) => {
  const started = Date.now();
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env, shell: process.platform === 'win32' });
  const kept = [];
  let write = (...said) => kept.push(said);
  let output = '';
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      write(name, text);
      if (name === 'stdout') output += text;
    });
  const ended = new Promise((resolve) => {
    const end = (ok) => resolve({ ok, output, seconds: (Date.now() - started) / 1000 });
    child.on('error', (error) => {
      write('stderr', `${error.message}\n`);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
  const tell = () => {
    write = (name, text) => process[name].write(text);
    for (const said of kept) write(...said);
    return ended;
  };
  return { tell };
};

/** AVA's own count, from its closing lines; where tests failed, these do not say how many passed. */
const countIn = (output, word) => {
  const found = [
    ...output.matchAll(
      new RegExp(`^\\s*(\\d+) (?:tests?|hooks?|uncaught exceptions?|unhandled rejections?) ${word}`, 'gm'),
    ),
  ];
  const sum = found.reduce((total, [, number]) => total + Number(number), 0);
  return sum === 0 && word === 'passed' ? [...output.matchAll(/^\s*\u2714 /gm)].length : sum;
};

const [flag, wanted] = process.argv.slice(2);
if (flag !== undefined && (flag !== '--only' || !(wanted in PARTS))) {
  console.error(`usage: verify.mjs [--only ${Object.keys(PARTS).join('|')}]`);
  process.exit(2);
}

const isWanted = (name) => wanted === undefined || wanted === name || (name === 'build' && WITH_TESTS.includes(wanted));

/** What takes minutes and much of Debian is passed over unless it is asked for. */
const isPassedOver = (name) => name === 'windows' && wanted !== name && process.env.CI !== 'true';

let failures = 0;
const counts = [];
const tellOf = async (name, part) => {
  console.log(`\n# ${name}`);
  if (!part) {
    console.log(
      `# ${name}: NOT TESTED: CI=true npm test, or npm test -- --only ${name}, runs it (ci/setup-debian.sh first)`,
    );
    return;
  }
  const { ok, output, seconds } = await part.tell();
  console.log(`# ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)`);
  if (!ok) failures++;
  if (WITH_TESTS.includes(name)) counts.push({ passed: countIn(output, 'passed'), failed: countIn(output, 'failed') });
};
for (const group of TOGETHER) {
  const names = group.filter(isWanted);
  const parts = names.map((name) => [name, isPassedOver(name) ? undefined : start(...PARTS[name])]);
  for (const [name, part] of parts) await tellOf(name, part);
}
const testless = counts.some(({ passed }) => passed === 0);
if (testless) console.error('no test ran');
const sum = (of) => counts.reduce((total, count) => total + count[of], 0);
if (counts.length > 0) console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = failures > 0 || testless || sum('failed') > 0 ? 1 : 0;
