/** A store with a year of a small fleet: runs, drift, certificates, a server that was taken away, and a run that was killed. */
import type { Certificates } from '../../../engine/fleet/store/certificates.ts';
import type { Store } from '../../../engine/fleet/store/store.ts';
import type { Result } from '../../../engine/model.ts';
import { answer, audited, failed, newStore, planFor, result } from './stores.ts';

export const NOW = new Date('2026-11-26T12:00:00.000Z');

type Seen = Readonly<{
  at: string;
  results: readonly Result[];
  /** What the server said, beside what all say. */
  said?: string;
  certificates?: Certificates;
  reached?: boolean;
}>;

/** Records a run of some servers; those without an observation were not got to. */
export const recordRun = async (
  store: Store,
  startedAt: string,
  seen: Readonly<Record<string, Seen | undefined>>,
  finished = true,
): Promise<number> => {
  const { run, lock } = await store.begin(planFor(Object.keys(seen)), new Date(startedAt));
  for (const { name, targetId } of await store.journal(run)) {
    const one = seen[name];
    if (!one) continue;
    const { at, results, said = `${name} at ${at}`, certificates = {} } = one;
    const evidence = [answer('001', said.repeat(20)), answer('002', 'the same on all servers')];
    await store.record({ run, targetId, audited: audited(name, { at, results, evidence }), attempts: 1, certificates });
  }
  const gate = { failOn: 'low', allowUnknown: false } as const;
  lock.release(finished);
  if (finished) await store.finish(run, { at: new Date(startedAt), exitCode: 1, exitReason: '1 result failed', gate });
  return run;
};

const day = (date: string): string => `${date}T03:00:00.000Z`;
const both = (name: string): readonly Result[] => [result(name, 'door/open'), result(name, 'door/port')];
const denied = (name: string): Result =>
  result(name, 'door/open', { status: 'unknown', findings: [], reason: 'denied', detail: 'no right to look' });
const bound = (subject: string, notAfter: string): Certificates => ({
  bound: [{ subject, thumbprint: 'AB'.repeat(20), notAfter }],
});

/** Runs 1 to 5: the first is old, the fourth was killed, the last is of today. */
export const yearOf = async (): Promise<Readonly<{ store: Store; runs: readonly number[] }>> => {
  const store = await newStore();
  const old = '2025-09-01';
  const runs = [
    await recordRun(store, day(old), {
      vpn01: { at: day(old), results: both('vpn01') },
      vpn02: { at: day(old), results: both('vpn02') },
      gone: {
        at: day(old),
        results: [failed('gone', 'door/port', '9')],
        certificates: bound('CN=gone', day('2025-12-01')),
      },
    }),
    await recordRun(store, day('2026-10-01'), {
      vpn01: { at: day('2026-10-01'), results: [result('vpn01', 'door/open'), failed('vpn01', 'door/port', '4443')] },
      vpn02: { at: day('2026-10-01'), results: both('vpn02'), certificates: bound('CN=two', day('2026-12-06')) },
    }),
    await recordRun(store, day('2026-11-01'), {
      vpn01: {
        at: day('2026-11-01'),
        results: [result('vpn01', 'door/open'), failed('vpn01', 'door/port', '4444')],
        certificates: bound('CN=one', day('2026-11-20')),
      },
      vpn02: { at: day('2026-11-01'), results: [denied('vpn02'), result('vpn02', 'door/port')] },
      vpn03: { at: day('2026-11-01'), results: both('vpn03'), certificates: bound('CN=three', day('2027-11-01')) },
    }),
    await recordRun(
      store,
      day('2026-11-20'),
      { vpn01: undefined, vpn02: { at: day('2026-11-20'), results: both('vpn02') } },
      false,
    ),
    await recordRun(store, day('2026-11-25'), {
      vpn01: { at: day('2026-11-25'), results: both('vpn01'), said: 'vpn01 as before' },
      vpn03: {
        at: day('2026-11-25'),
        results: [result('vpn03', 'door/open'), failed('vpn03', 'door/port', '1')],
        said: 'vpn01 as before',
      },
    }),
  ];
  return { store, runs };
};
