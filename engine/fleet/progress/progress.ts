/** How a long run goes, on standard error: a status that stays in place on a terminal, lines from time to time in a log. */
import { FLEET } from '../limits.ts';
import type { Ended, Watch } from '../watch.ts';
import { tallying } from './tally.ts';
import { counts, slowest, stragglers } from './words.ts';

export type Progress = Watch &
  Readonly<{
    /** Prints a line that stays. */
    say(line: string): void;
    /** Goes on below what somebody else has printed. */
    leave(): void;
    /** Ends the status and prints who took long. */
    end(): void;
  }>;

/** Whether a status may be redrawn in place. */
export const isLive = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';

export type Display = Readonly<{
  everyMs: number;
  show(lines: readonly string[]): void;
  clear(): void;
  /** Leaves what is shown where it is, because somebody else wrote below it. */
  leave(): void;
}>;

const inLines = (stream: NodeJS.WritableStream): Display => ({
  everyMs: FLEET.linesEveryMs,
  show: ([line = '']) => stream.write(`sstp-audit: ${line}\n`),
  clear: () => {},
  leave: () => {},
});

const BAR = 20;
const bar = (done: number, total: number): string => {
  const full = Math.floor((done / Math.max(1, total)) * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}]`;
};

type Options = Readonly<{ total: number; stream: NodeJS.WriteStream; live: boolean; now?: () => number }>;

/** Watches a run. Short runs show nothing but their stragglers. */
export const progressOn = async ({ total, stream, live, now = Date.now }: Options): Promise<Progress> => {
  const startedAt = now();
  const tally = tallying(total, startedAt);
  const ends: Ended[] = [];
  const display = live ? (await import('./in-place.ts')).inPlace(stream) : inLines(stream);
  const draw = (): void => {
    const current = tally.at(now());
    if (current.elapsedMs < FLEET.quietMs || total < 2) return;
    const slow = slowest(current, live ? 4 : 1);
    const line = counts(current);
    display.show(
      live
        ? [`${bar(current.done, total)} ${line}`, slow && `slowest: ${slow}`]
        : [slow ? `${line}; slowest ${slow}` : line],
    );
  };
  const timer = setInterval(draw, display.everyMs);
  timer.unref();
  return {
    began: (name) => tally.began(name, now()),
    retrying: (name) => tally.waits(name),
    ended: (how) => {
      tally.ended(how);
      ends.push(how);
    },
    say: (line) => {
      display.clear();
      stream.write(`sstp-audit: ${line}\n`);
    },
    leave: () => display.leave(),
    end: () => {
      clearInterval(timer);
      display.clear();
      for (const line of stragglers(ends)) stream.write(line.startsWith(' ') ? `${line}\n` : `sstp-audit: ${line}\n`);
    },
  };
};
