import { printable } from '../../printable.ts';
import { FLEET } from '../limits.ts';
import type { Ended } from '../watch.ts';
import type { Tally } from './tally.ts';

/** Longest name that a status shows; that of a server has 63 characters at most in each part. */
const NAME_WIDTH = 40;

export const shortName = (name: string): string => {
  const plain = printable(name);
  return plain.length > NAME_WIDTH ? `${plain.slice(0, NAME_WIDTH - 1)}…` : plain;
};

/** `48 s`, `3 min`, `2 h 5 min`. */
export const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** 12,345. */
const said = (count: number): string => count.toLocaleString('en');

/** `812 of 2,000 servers, 14 failing, 3 unknown, 12 a second, about 2 min left`. */
export const counts = ({ total, done, failing, unknown, rate, leftMs }: Tally): string => {
  const left = leftMs !== undefined && done < total ? `about ${duration(leftMs)} left` : undefined;
  const speed = rate > 0 ? `${rate.toFixed(rate < 10 ? 1 : 0)} a second` : undefined;
  return [
    `${said(done)} of ${said(total)} servers`,
    `${said(failing)} failing`,
    `${said(unknown)} unknown`,
    speed,
    left,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
};

/** The servers that take longest at the moment. */
export const slowest = (tally: Tally, most: number): string =>
  tally.slowest
    .filter(({ ms }) => ms >= FLEET.slowMs)
    .slice(0, most)
    .map(({ name, ms }) => `${shortName(name)} ${duration(ms)}`)
    .join(', ');

/** Who took much longer than the others, or more than one attempt: a table, one line each; none when nobody did. */
export const stragglers = (ends: readonly Ended[]): readonly string[] => {
  const times = ends.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const long = Math.max(FLEET.overtimeMs, 4 * (times[times.length >> 1] ?? 0));
  const late = ends.filter(({ tookMs, attempts }) => tookMs > long || attempts > 1).sort((a, b) => b.tookMs - a.tookMs);
  if (ends.length < 2 || late.length === 0) return [];
  const shown = late.slice(0, FLEET.stragglers);
  const width = Math.max(...shown.map(({ name }) => shortName(name).length));
  const more = late.length - shown.length;
  return [
    `${said(late.length)} of ${said(ends.length)} servers took longer than the others, or more than one attempt:`,
    ...shown.map(({ name, tookMs, attempts, reason, detail }) => {
      const tried = attempts > 1 ? `${attempts} attempts` : '';
      const why = reason ? `${reason}: ${printable(detail ?? '').slice(0, 100)}` : '';
      return `  ${shortName(name).padEnd(width)}  ${duration(tookMs).padStart(9)}  ${tried.padEnd(10)}  ${why}`.trimEnd();
    }),
    ...(more > 0 ? [`  and ${said(more)} more`] : []),
  ];
};
