/**
 * The one gate: format, lint, types, unused code, generated files, tests. `npm test` runs it, `npm test -- --only tests` one
 * part, and `CI=true npm test` the stand-ins for Windows, too.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';

const LIVE = 'test/windows/**/*.test.ts';
const PARTS = {
  lint: ['biome', ['check', '--error-on-warnings', '.']],
  types: ['tsc', ['--noEmit']],
  unused: ['knip', ['--no-progress']],
  generated: ['node', ['ci/generate.ts', '--check']],
  tests: ['ava', ['test/**/*.test.ts', `!${LIVE}`]],
  // Windows programs under wine answer within their deadlines where nothing else keeps the machine busy.
  windows: ['ava', ['--concurrency=1', LIVE]],
};
const WITH_TESTS = ['tests', 'windows'];

/** Tests start some hundred Node processes, each of which would strip the types of the same files. */
const cache = new URL('../node_modules/.cache/node', import.meta.url);
const env = { ...process.env, NODE_COMPILE_CACHE: decodeURIComponent(cache.pathname) };

const run = (file, args) =>
  new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env, shell: process.platform === 'win32' });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      output += text;
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve({ ok: false, output, seconds: 0 });
    });
    child.on('close', (code) => resolve({ ok: code === 0, output, seconds: (Date.now() - started) / 1000 }));
  });

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

/** What takes minutes and much of Debian is passed over unless it is asked for. */
const isPassedOver = (name) => name === 'windows' && wanted !== name && process.env.CI !== 'true';

let failures = 0;
const counts = [];
for (const [name, [file, args]] of Object.entries(PARTS)) {
  if (wanted !== undefined && wanted !== name) continue;
  console.log(`\n# ${name}`);
  if (isPassedOver(name)) {
    console.log(
      `# ${name}: NOT TESTED: CI=true npm test, or npm test -- --only ${name}, runs it (ci/setup-debian.sh first)`,
    );
    continue;
  }
  const { ok, output, seconds } = await run(file, args);
  console.log(`# ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)`);
  if (!ok) failures++;
  if (WITH_TESTS.includes(name)) counts.push({ passed: countIn(output, 'passed'), failed: countIn(output, 'failed') });
}
const testless = counts.some(({ passed }) => passed === 0);
if (testless) console.error('no test ran');
const sum = (of) => counts.reduce((total, count) => total + count[of], 0);
if (counts.length > 0) console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = failures > 0 || testless || sum('failed') > 0 ? 1 : 0;
