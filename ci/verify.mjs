/** The one gate: format, lint, types, unused code, generated files, tests. `npm test` runs it; `npm test -- --only tests` one part. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process from 'node:process';

const PARTS = {
  lint: ['biome', ['check', '--error-on-warnings', '.']],
  types: ['tsc', ['--noEmit']],
  unused: ['knip', ['--no-progress']],
  generated: ['node', ['ci/generate.ts', '--check']],
  tests: ['ava', []],
};

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

/** AVA's own count, from its closing lines. */
const countIn = (output, word) => {
  const found = [
    ...output.matchAll(new RegExp(`^\\s*(\\d+) (?:tests?|uncaught exceptions?|unhandled rejections?) ${word}`, 'gm')),
  ];
  return found.reduce((sum, [, number]) => sum + Number(number), 0);
};

/** Where AVA notes the files that hold a failed test. */
const FAILED = new URL('../node_modules/.cache/ava/failing-tests.json', import.meta.url);
/** More than a few is no accident. */
const MOST_ACCIDENTS = 5;

/**
 * Live tests have deadlines, and a busy machine misses them: a few files that failed run once more, one after another, and
 * it is said. What fails twice has failed; a run that was cut short is not saved by this.
 */
const onceMore = async (first) => {
  const files = first.ok ? [] : JSON.parse(await readFile(FAILED, 'utf8').catch(() => '[]'));
  const isWhole = !/Timed out while running|uncaught exception|unhandled rejection|exited due to/i.test(first.output);
  if (files.length === 0 || files.length > MOST_ACCIDENTS || !isWhole) return first;
  console.log(`\n# tests: failed in ${files.join(', ')}: these run once more, alone`);
  const second = await run('ava', ['--concurrency=1', ...files]);
  const failed = countIn(second.output, 'failed');
  const saved = countIn(first.output, 'failed') - failed;
  console.log(`# tests: ${saved} failed once and passed alone`);
  return {
    ...second,
    passed: countIn(first.output, 'passed') + saved,
    failed,
    seconds: first.seconds + second.seconds,
  };
};

const [flag, wanted] = process.argv.slice(2);
if (flag !== undefined && (flag !== '--only' || !(wanted in PARTS))) {
  console.error(`usage: verify.mjs [--only ${Object.keys(PARTS).join('|')}]`);
  process.exit(2);
}

let failures = 0;
let count;
for (const [name, [file, args]] of Object.entries(PARTS)) {
  if (wanted !== undefined && wanted !== name) continue;
  console.log(`\n# ${name}`);
  const first = await run(file, args);
  const ended = name === 'tests' ? await onceMore(first) : first;
  const { ok, output, seconds } = ended;
  console.log(`# ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)`);
  if (!ok) failures++;
  if (name === 'tests')
    count = { passed: ended.passed ?? countIn(output, 'passed'), failed: ended.failed ?? countIn(output, 'failed') };
}
const testless = count !== undefined && count.passed === 0;
if (testless) console.error('no test ran');
if (count) console.log(`\n${count.passed} passed, ${count.failed} failed`);
process.exitCode = failures > 0 || testless || count?.failed ? 1 : 0;
