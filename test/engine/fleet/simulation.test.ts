import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import type { Report } from '../../../engine/model.ts';
import { kindOf } from './simulated.ts';
import type { Took } from './simulated-run.ts';

const SERVERS = 150;
/** Hung servers are waited for until their deadline; healthy ones have far more than they need, also on a busy machine. */
const [ANSWER_MS, DEADLINE_S] = [50, 8];

for (const store of ['store.db', '-'])
  test(`a hundred and fifty servers, some hung or refusing, take little memory${store === '-' ? ', also without a store' : ''}`, async (t) => {
    t.timeout(600_000);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-simulation-'));
    const at = (name: string): string => path.join(folder, name);
    const program = path.join(import.meta.dirname, 'simulated-run.ts');
    const args = [store === '-' ? '-' : at(store), SERVERS, at('report.json'), ANSWER_MS, DEADLINE_S].map(String);
    await promisify(execFile)(process.execPath, [program, ...args], { env: { ...process.env, CI: 'true' } });
    const took: Took = JSON.parse(await readFile(at('report.json.took'), 'utf8'));
    t.log(JSON.stringify(took));
    t.true(took.rssMb < 300, `${took.rssMb} MB`);
    const { targets, summary }: Report = JSON.parse(await readFile(at('report.json'), 'utf8'));
    t.is(summary.targets, SERVERS);
    const expected = targets.map(
      (_, number) => ({ healthy: 'reached', hung: 'timed-out', refused: 'refused' })[kindOf(number)],
    );
    t.deepEqual(
      targets.map(({ reached, reason }) => (reached ? 'reached' : reason)),
      expected,
    );
    await rm(folder, { recursive: true });
  });
