import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type { Report, Result } from '../../../engine/model.ts';
import { inconsistencies } from './consistency.ts';
import { killAndResume } from './killing.ts';

const KILLS = 20;

test('a run that is killed twenty times and gone on with has every server once, and its evidence', async (t) => {
  t.timeout(900_000);
  if (process.platform === 'win32') return t.pass();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-kill-'));
  const { kills, interrupted, names, file, evidence, report } = await killAndResume(folder, KILLS);
  t.log(JSON.stringify({ ...kills, interrupted }));
  t.true(kills.starting > 0 && kills.asking > KILLS / 2 && kills.reporting === 1, 'it was killed whatever it was at');
  t.true(interrupted > 0, 'and while it wrote evidence');
  t.deepEqual(await inconsistencies({ file, run: 1, names, evidence }), []);
  const { summary, targets, results }: Report = JSON.parse(await readFile(report, 'utf8'));
  t.is(summary.targets, names.length);
  t.deepEqual(
    targets.map(({ name, reached }) => [name, reached]),
    names.map((name) => [name, true]),
  );
  t.is(summary.fail, 0);
  const statuses = Map.groupBy(results, ({ target }: Result) => target);
  const all = [...statuses.values()].map((own) => own.map(({ check, status }) => [check, status]));
  for (const own of all) t.deepEqual(own, all[0]);
  await rm(folder, { recursive: true });
});
