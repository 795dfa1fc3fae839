import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { doAll, type Job, type Schedule } from '../../../engine/fleet/schedule.ts';
import type { Places } from '../../../engine/fleet/slots.ts';

const NEVER = new AbortController().signal;
const PLACES = { atATime: 4, perSite: 100, sites: {}, perJumpHost: 100, overtimeMs: 60_000 };
const schedule = ({
  places,
  ...rest
}: Partial<Omit<Schedule, 'places'>> & { places?: Partial<Places> } = {}): Schedule => ({
  signal: NEVER,
  deadlineMs: 60_000,
  attempts: 1,
  backoffMs: 1,
  ...rest,
  places: { ...PLACES, ...places },
});

/** Counts how many run at the same time, and what became of them. */
const counter = () => {
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const count = (kinds: readonly string[], by: number): void => {
    for (const kind of kinds) {
      running.set(kind, (running.get(kind) ?? 0) + by);
      most.set(kind, Math.max(most.get(kind) ?? 0, running.get(kind) ?? 0));
    }
  };
  const ends: string[] = [];
  const job = (name: string, ms: number, where: Partial<Job<string>> = {}): Job<string> => ({
    run: async (signal) => {
      const kinds = ['all', where.site ?? '', where.via ?? ''];
      count(kinds, 1);
      await setTimeout(ms, undefined, { signal }).catch(() => {});
      count(kinds, -1);
      return signal.aborted ? `${name} cut` : name;
    },
    giveUp: () => `${name} lost`,
    again: () => false,
    retrying: () => {},
    ended: async (outcome) => {
      ends.push(outcome ?? `${name} not begun`);
    },
    ...where,
  });
  return { job, most, ends };
};
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

test('no more servers at a time than there are places, and all of them', async (t) => {
  const { job, most, ends } = counter();
  await doAll(
    times(50, (at) => job(`${at}`, 2)),
    schedule(),
  );
  t.is(most.get('all'), 4);
  t.is(new Set(ends).size, 50);
});

test('no more servers of a site and behind a jump host than these bear, and others go on meanwhile', async (t) => {
  const { job, most, ends } = counter();
  const jobs = [
    ...times(20, (at) => job(`tokyo ${at}`, 5, { site: 'tokyo' })),
    ...times(20, (at) => job(`osaka ${at}`, 5, { site: 'osaka', via: 'bastion' })),
    ...times(4, (at) => job(`none ${at}`, 5)),
  ];
  const places = { atATime: 20, perSite: 3, sites: { osaka: 8 }, perJumpHost: 2 };
  await doAll(jobs, schedule({ places }));
  t.is(most.get('tokyo'), 3);
  t.is(most.get('osaka'), 2, 'the jump host bears two');
  t.is(most.get('bastion'), 2);
  t.is(ends.length, 44);
  t.true(ends.findIndex((end) => end.startsWith('none')) < 12, 'those that wait for a site took no place');
});

test('a hung server gives its place free, and is waited for all the same', async (t) => {
  const { job, most, ends } = counter();
  const { promise: allQuick, resolve } = Promise.withResolvers<void>();
  let left = 40;
  // Were places held by those that hang, this would never end.
  const hung = times(8, (at) => ({ ...job(`hung ${at}`, 0), run: () => allQuick.then(() => `hung ${at}`) }));
  const quick = times(40, (at) => {
    const one = job(`quick ${at}`, 1);
    const ended = async (outcome: string | undefined): Promise<void> => {
      await one.ended(outcome, 1);
      if (--left === 0) resolve();
    };
    return { ...one, ended };
  });
  await doAll([...hung, ...quick], schedule({ places: { overtimeMs: 20 } }));
  t.is(ends.length, 48);
  t.true(
    ends.slice(0, 40).every((end) => end.startsWith('quick')),
    ends.join(', '),
  );
  t.true((most.get('all') ?? 0) <= 4);
});

test('hung servers beside the others are limited', async (t) => {
  const { job, most } = counter();
  await doAll(
    times(60, (at) => job(`hung ${at}`, 150)),
    schedule({ places: { atATime: 2, overtimeMs: 5 } }),
  );
  t.is(most.get('all'), 2 + 2 * 4);
});

test('work that does not stop at its deadline is given up', async (t) => {
  const { job, ends } = counter();
  const deaf = { ...job('deaf', 0), run: () => new Promise<string>(() => {}) };
  await doAll([deaf], schedule({ deadlineMs: -9_980 }));
  t.deepEqual(ends, ['deaf lost']);
});

test('a connection that fails is tried again after a while, without a place meanwhile', async (t) => {
  const { job, ends } = counter();
  const waits: [number, number][] = [];
  let tries = 0;
  const flaky = {
    ...job('flaky', 0),
    run: async (_signal: AbortSignal, isLast: boolean) => `${++tries}${isLast ? ' last' : ''}`,
    again: (outcome: string) => !outcome.startsWith('3'),
    retrying: ({ attempt, ms }: { attempt: number; ms: number }) => waits.push([attempt, ms]),
  };
  await doAll([flaky, job('good', 1)], schedule({ attempts: 3, backoffMs: 40, places: { atATime: 1 } }));
  t.deepEqual(ends, ['good', '3 last']);
  t.deepEqual(
    waits.map(([attempt]) => attempt),
    [2, 3],
  );
  t.true(waits[0] !== undefined && waits[0][1] >= 40 && waits[0][1] <= 60);
  t.true(waits[1] !== undefined && waits[1][1] >= 160 && waits[1][1] <= 240);
});

test('what is refused is not tried again', async (t) => {
  const { job, ends } = counter();
  let tries = 0;
  const refused = { ...job('refused', 0), run: async () => `${++tries}` };
  await doAll([refused], schedule({ attempts: 3 }));
  t.deepEqual(ends, ['1']);
});

test('sites are limited whatever they are called', async (t) => {
  const { job, most, ends } = counter();
  const sites = Object.fromEntries([['__proto__', 2]]);
  const places = { atATime: 12, perSite: 3, sites };
  const at = (site: string) => times(6, () => job(site, 2, { site }));
  await doAll([...at('__proto__'), ...at('constructor')], schedule({ places }));
  t.is(most.get('__proto__'), 2);
  t.is(most.get('constructor'), 3);
  t.is(ends.length, 12);
});

test('a stop ends what has begun, and begins nothing: every server has its row', async (t) => {
  const { job, ends } = counter();
  const stop = new AbortController();
  const begun = doAll(
    times(10, (at) => job(`${at}`, 60_000)),
    schedule({ signal: stop.signal }),
  );
  await setTimeout(20);
  stop.abort();
  await begun;
  t.deepEqual(ends.toSorted(), [...times(4, (at) => `${at} cut`), ...times(6, (at) => `${at + 4} not begun`)]);
});

test('a stop ends the wait before another attempt', async (t) => {
  const { job, ends } = counter();
  const stop = new AbortController();
  const flaky = { ...job('flaky', 0), again: () => true, retrying: () => stop.abort() };
  await doAll([flaky], schedule({ signal: stop.signal, attempts: 3, backoffMs: 60_000 }));
  t.deepEqual(ends, ['flaky not begun']);
});

test('an error of ours stops the run, and is told once what has begun has ended', async (t) => {
  const { job, ends } = counter();
  const broken = { ...job('broken', 0), ended: () => Promise.reject(new Error('disk full')) };
  const jobs = [broken, ...times(10, (at) => job(`${at}`, 60_000))];
  await t.throwsAsync(doAll(jobs, schedule()), { message: 'disk full' });
  t.is(ends.length, 10);
});
