import test from 'ava';
import { openRun } from '../../../engine/cli/run-side.ts';
import { diff } from '../../../engine/diff.ts';
import type { Result } from '../../../engine/model.ts';
import { pass, reportOf, side, told } from '../diff-cases.ts';
import { recordRun } from './histories.ts';
import { failed, newStore, result } from './stores.ts';

const AT = '2026-11-01T03:00:00.000Z';

/** Records runs of some servers; gives each as a side of a comparison. */
const sidesOf = async (...runs: readonly Readonly<Record<string, readonly Result[]>>[]) => {
  const store = await newStore();
  for (const servers of runs) {
    const seen = Object.entries(servers).map(([name, results]) => [name, { at: AT, results }] as const);
    await recordRun(store, AT, Object.fromEntries(seen));
  }
  await store.close();
  return Promise.all(runs.map((_, at) => openRun(`run:${at + 1}`, { store: store.file, lang: 'en' })));
};

const BETWEEN = '"},{"check":"door/none"},{"check":';
const strange = (name: string): readonly Result[] => [
  result(name, 'door/open', { findings: [{ verdict: 'pass', message: BETWEEN, actual: `\\${BETWEEN}\\` }] }),
  result(name, 'door/port', { status: 'unknown', findings: [], reason: 'denied', detail: `“${BETWEEN}` }),
];

test('results of a run come back one by one as they were recorded, whatever stands in their texts', async (t) => {
  const [side] = await sidesOf({ vpn01: strange('vpn01'), vpn02: [], vpn03: [failed('vpn03', 'door/open', BETWEEN)] });
  const slots = [...(side?.slots() ?? [])];
  t.deepEqual(
    slots.map((slot) => slot.read()),
    [...strange('vpn01'), failed('vpn03', 'door/open', BETWEEN)],
  );
  t.true(
    slots.every(({ bytes }) => bytes),
    'nobody needs to read those that are the same in another run',
  );
  await side?.close();
});

test('results that cannot be told apart at a glance are read all the same', async (t) => {
  const expected = { doors: [{ name: 'front' }, { check: 'twice' }] };
  const results = [result('vpn01', 'door/open', { expected }), result('vpn01', 'door/port')];
  const [side] = await sidesOf({ vpn01: results });
  t.deepEqual(
    [...(side?.slots() ?? [])].map((slot) => slot.read()),
    results,
  );
  await side?.close();
});

test('what two servers say alike, byte for byte, is not the same result', async (t) => {
  const sides = await sidesOf(
    { vpn01: [result('vpn01', 'door/open')], vpn02: strange('vpn02') },
    { vpn03: [result('vpn03', 'door/open')], vpn02: strange('vpn02') },
  );
  const [before, after] = sides;
  if (!before || !after) return t.fail();
  const { summary, compared } = diff(before, after);
  t.like(summary, { added: 1, removed: 1, unchanged: 1, 'not-compared': 1 });
  t.is(compared, 2);
  for (const side of sides) await side.close();
});

test('a run and a report that spell a server in another case speak of the same', async (t) => {
  const [before] = await sidesOf({ VPN01: [failed('VPN01', 'door/open', '1')] });
  if (!before) return t.fail();
  const { changes, servers } = diff(before, side(reportOf([told([pass()], { target: 'vpn01', check: 'door/open' })])));
  t.like(changes[0], { bucket: 'fixed', target: 'vpn01' });
  t.is(changes[0]?.evidence.find(({ command }) => command === 'sc.exe query 001')?.before?.id, '001');
  t.truthy(servers[0]?.before && servers[0].after);
  await before.close();
});

test('the answers behind a change are those of both runs', async (t) => {
  const sides = await sidesOf(
    { vpn01: [result('vpn01', 'door/open')] },
    { vpn01: [failed('vpn01', 'door/open', '1')] },
  );
  const [before, after] = sides;
  if (!before || !after) return t.fail();
  const [change] = diff(before, after).changes;
  t.is(change?.bucket, 'regressed');
  t.deepEqual(
    change?.evidence.map(({ command, before: was, after: is }) => [command, was?.id, was?.sha256 === is?.sha256]),
    [['sc.exe query 001', '001', true]],
  );
  for (const side of sides) await side.close();
});
