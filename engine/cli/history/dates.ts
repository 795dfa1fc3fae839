/** How operators say times: a day, an instant, or how long ago. */
import { InvalidArgumentError } from 'commander';
import { instantIn } from '../../instant.ts';

export const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: DAY_MS * 7 };
const AGE = /^(\d{1,5})([hdw])$/;

/** `400d`, `6w` or `12h` as milliseconds. */
export const age = (text: string): number => {
  const [, count, unit = ''] = AGE.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!(ms > 0)) throw new InvalidArgumentError('write an age such as 400d, 6w or 12h.');
  return ms;
};

/** `2026-11-01` (its beginning, UTC), an instant with a zone, or an age. */
export const moment = (text: string): Date => {
  if (AGE.test(text)) return new Date(Date.now() - age(text));
  const instant = instantIn(text);
  if (!instant)
    throw new InvalidArgumentError(
      'write a day such as 2026-11-01, an instant such as 2026-11-01T09:00Z, or an age such as 30d.',
    );
  return instant;
};

/** Whole days from one instant to another; -1 where that came an hour before. */
export const daysBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / DAY_MS);

/** An instant as people read it. */
export const minute = (iso: unknown): string => `${String(iso).slice(0, 10)} ${String(iso).slice(11, 16)}`;
