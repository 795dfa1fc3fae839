import { PassThrough } from 'node:stream';
import test from 'ava';
import { isLive, progressOn } from '../../../engine/fleet/progress/progress.ts';
import { tallying } from '../../../engine/fleet/progress/tally.ts';
import { counts, duration, shortName, slowest, stragglers } from '../../../engine/fleet/progress/words.ts';
import type { Ended } from '../../../engine/fleet/watch.ts';

const ended = (name: string, rest: Partial<Ended> = {}): Ended => ({
  name,
  status: 'pass',
  tookMs: 1_000,
  attempts: 1,
  ...rest,
});

test('a tally counts what ends, names who takes long, and reckons what is left', (t) => {
  const tally = tallying(10, 0);
  for (const name of ['a', 'b', 'c', 'd']) tally.began(name, 1_000);
  tally.ended(ended('a'));
  tally.ended(ended('b', { status: 'fail' }));
  tally.ended(ended('c', { status: 'unknown' }));
  tally.began('e', 4_000);
  const now = tally.at(6_000);
  t.like(now, { total: 10, done: 3, failing: 1, unknown: 1, rate: 0.5, leftMs: 14_000 });
  t.is(counts(now), '3 of 10 servers, 1 failing, 1 unknown, 0.5 a second, about 14 s left');
  t.is(slowest(now, 4), 'd 5 s', 'e is not slow yet');
  tally.waits('d');
  t.is(slowest(tally.at(20_000), 4), 'e 16 s', 'd waits for another attempt');
});

test('nothing is reckoned from nothing, and nothing is left at the end', (t) => {
  t.is(counts(tallying(2, 0).at(5_000)), '0 of 2 servers, 0 failing, 0 unknown');
  const tally = tallying(1, 0);
  tally.ended(ended('a'));
  t.is(counts(tally.at(100)), '1 of 1 servers, 0 failing, 0 unknown, 10 a second');
});

for (const [ms, words] of [
  [400, '0 s'],
  [99_000, '99 s'],
  [120_000, '2 min'],
  [7_500_000, '2 h 5 min'],
] as const)
  test(`${ms} ms are ${words}`, (t) => t.is(duration(ms), words));

test('stragglers are those that took much longer than the others, or more than one attempt; what servers said is harmless', (t) => {
  const many = Array.from({ length: 50 }, (_, at) => ended(`vpn${at}`));
  t.deepEqual(stragglers(many), []);
  const lines = stragglers([
    ...many,
    ended('hung', { tookMs: 120_000, reason: 'timed-out', detail: 'late\u001b[2J\n##[error] x' }),
    ended('gone', { tookMs: 3_000, attempts: 3, reason: 'unreachable', detail: 'No route' }),
  ]);
  t.deepEqual(lines, [
    '2 of 52 servers took longer than the others, or more than one attempt:',
    '  hung      2 min              timed-out: late [2J # #[error] x',
    '  gone        3 s  3 attempts  unreachable: No route',
  ]);
});

test('ten stragglers are named, the others are counted', (t) => {
  const many = [...Array(99)].map((_, at) => ended(`vpn${at}`, at < 40 ? { tookMs: 60_000 + at } : {}));
  const lines = stragglers(many);
  t.is(lines.length, 12);
  t.is(lines.at(-1), '  and 30 more');
  t.regex(lines[1] ?? '', /^ {2}vpn39 /);
});

test('a name that would upset a terminal is shown harmless and short', (t) => {
  t.is(shortName('a\u001b]0;x\u0007b\u202e'), 'a ]0;x b ');
  t.is(shortName('x'.repeat(100)).length, 40);
});

/** A stream that keeps what is written; `tty` makes it look like a terminal. */
const paper = (tty: boolean): NodeJS.WriteStream & { text(): string } => {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  return Object.assign(stream, {
    isTTY: tty,
    columns: 80,
    rows: 24,
    text: () => text,
  }) as unknown as NodeJS.WriteStream & {
    text(): string;
  };
};

test('a log gets whole lines and no control characters', async (t) => {
  const stream = paper(false);
  const progress = await progressOn({ total: 3, stream, live: false });
  progress.began('a');
  progress.say('a word');
  progress.ended(ended('a'));
  progress.ended(ended('b', { attempts: 2 }));
  progress.end();
  await new Promise((resolve) => setImmediate(resolve));
  t.is(
    stream.text(),
    'sstp-audit: a word\nsstp-audit: 1 of 2 servers took longer than the others, or more than one attempt:\n  b        1 s  2 attempts\n',
  );
});

test('a terminal is redrawn in place, its cursor stays visible, and what is said stays above', async (t) => {
  const stream = paper(true);
  let now = 0;
  const progress = await progressOn({ total: 3, stream, live: true, now: () => now });
  progress.began('slow.example.com');
  now = 5_000;
  await new Promise((resolve) => setTimeout(resolve, 600));
  progress.ended(ended('a', { status: 'fail' }));
  progress.say('a word');
  await new Promise((resolve) => setTimeout(resolve, 600));
  progress.end();
  const text = stream.text();
  t.regex(text, /\[ {20}\] 0 of 3 servers, 0 failing, 0 unknown/);
  t.regex(text, /\[={6} {14}\] 1 of 3 servers, 1 failing/);
  t.regex(text, /slowest: slow\.example\.com 5 s/);
  t.regex(text, /sstp-audit: a word\n/);
  t.false(text.includes('\u001b[?25l'), 'the cursor is not hidden');
});

test('a status is redrawn on a terminal that can, and not in CI', (t) => {
  const [terminal, pipe] = [paper(true), paper(false)];
  t.true(isLive(terminal, {}));
  t.false(isLive(terminal, { CI: 'true' }));
  t.false(isLive(terminal, { TERM: 'dumb' }));
  t.false(isLive(pipe, {}));
});
