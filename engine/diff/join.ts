import type { Result } from '../model.ts';
import { serverKey } from '../server-name.ts';
import type { Both } from './change.ts';
import type { Side, Slot } from './side.ts';

/** Results that belong together. `same`: both sides have the very same bytes, which nobody has read yet. */
export type Joined = Both | Readonly<{ same: Slot }>;

/**
 * Pairs the results of two sides by server and check, in one pass, without holding either side in memory: sides mostly have
 * the same order, and only what comes early on one of them waits for the other.
 */
export const joined = function* (before: Side, after: Side): Iterable<Joined> {
  const [was, is] = [walkOn(before, after), walkOn(after, before)];
  let here = '';
  for (;;) {
    const [old, now] = [was.current(), is.current()];
    if (!old && !now) break;
    if (old?.bytes && now?.bytes && old.of === now.of && old.bytes.equals(now.bytes)) {
      yield { same: now };
      was.advance();
      is.advance();
      continue;
    }
    const moving = lagging(was, is, here);
    for (const walk of moving) here = walk.server() ?? here;
    yield* settled(moving, { was, is });
  }
  for (const result of was.waiting.values()) yield { before: result };
  for (const result of is.waiting.values()) yield { after: result };
};

/** One side on its way. */
type Walk = Readonly<{
  current(): Slot | undefined;
  result(): Result | undefined;
  /** The key of its server. */
  server(): string | undefined;
  advance(): void;
  /** Whether the other side does not know the server of the current result. */
  isAlone(): boolean;
  /** What the other side has not come to yet, by server and check. */
  waiting: Map<string, Result>;
}>;

const walkOn = (side: Side, other: Side): Walk => {
  const slots = side.slots()[Symbol.iterator]();
  let slot: Slot | undefined = slots.next().value;
  let result: Result | undefined;
  let server: string | undefined;
  const read = (): Result | undefined => {
    if (result || !slot) return result;
    result = slot.read();
    server = serverKey(result.target);
    return result;
  };
  const serverOf = (): string | undefined => {
    read();
    return server;
  };
  return {
    current: () => slot,
    result: read,
    server: serverOf,
    advance: () => {
      slot = slots.next().value;
      result = undefined;
      server = undefined;
    },
    isAlone: () => {
      const one = serverOf();
      return one !== undefined && !other.servers.has(one);
    },
    waiting: new Map(),
  };
};

const keyOf = ({ target, check }: Result): string => `${serverKey(target)}\n${check}`;

/** Who moves: whoever is alone, or still at a server that the other side has left; else both. */
const lagging = (was: Walk, is: Walk, here: string): readonly Walk[] => {
  const [old, now] = [was.server(), is.server()];
  if (old === undefined || was.isAlone()) return old === undefined ? [is] : [was];
  if (now === undefined || is.isAlone()) return now === undefined ? [was] : [is];
  if (old === now) return [was, is];
  return old === here ? [was] : now === here ? [is] : [was, is];
};

/** Pairs what moves, with each other or with what waits for it; the rest waits. */
const settled = function* (moving: readonly Walk[], { was, is }: Readonly<{ was: Walk; is: Walk }>): Iterable<Joined> {
  const [old, now] = [was.result(), is.result()];
  if (moving.length === 2 && old && now && keyOf(old) === keyOf(now)) {
    for (const walk of moving) walk.advance();
    yield { before: old, after: now };
    return;
  }
  if (moving.includes(was)) yield* arrived(was, is, (before, after) => ({ before, after }));
  if (moving.includes(is)) yield* arrived(is, was, (after, before) => ({ before, after }));
};

const arrived = function* (walk: Walk, other: Walk, pair: (result: Result, partner: Result) => Both): Iterable<Both> {
  const result = walk.result();
  if (!result) return;
  walk.advance();
  const partner = taken(other.waiting, keyOf(result));
  if (partner) yield pair(result, partner);
  else walk.waiting.set(keyOf(result), result);
};

const taken = (waiting: Map<string, Result>, key: string): Result | undefined => {
  const result = waiting.get(key);
  waiting.delete(key);
  return result;
};
