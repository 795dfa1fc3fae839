/** Whether a store and a folder of evidence hold a run as it should be. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readFolder } from '../../../engine/evidence/read.ts';
import type { Recorded } from '../../../engine/fleet/store/read.ts';
import { openStore } from '../../../engine/fleet/store/store.ts';
import type { Evidence } from '../../../engine/model.ts';

type Run = Readonly<{ file: string; run: number; names: readonly string[]; evidence: string }>;

/** What a run recorded, and what of it is not as it should be. */
export type Consistency = Readonly<{
  /** Servers that are recorded, those that are recorded again, and those that are not. */
  recorded: number;
  double: number;
  lost: number;
  /** Where the store and the folders of evidence are broken, or disagree. */
  wrong: readonly string[];
}>;

/** Every server recorded once, none lost, none double; every blob what its hash says; the folders as the store has them. */
export const inconsistencies = async (run: Run): Promise<readonly string[]> => {
  const { recorded, double, lost, wrong } = await consistencyOf(run);
  return double + lost === 0 ? wrong : [`${recorded} are recorded, ${double} of them again, ${lost} not`, ...wrong];
};

export const consistencyOf = async ({ file, run, names, evidence }: Run): Promise<Consistency> => {
  const wrong: string[] = [];
  const store = await openStore(file, { mustExist: true });
  const recorded: string[] = [];
  for await (const one of store.results(run)) {
    recorded.push(one.name);
    wrong.push(...(await differences(one, path.join(evidence, one.name))));
  }
  await store.close();
  const once = new Set(recorded);
  const lost = names.filter((name) => !once.has(name)).length;
  const double = recorded.length - once.size;
  if (double + lost === 0 && recorded.join() !== names.join())
    wrong.push('the order, or a name, is not that of the run');
  const folders = (await readdir(evidence)).filter((name) => name !== 'interrupted').toSorted();
  if (folders.join() !== names.toSorted().join()) wrong.push(`there are ${folders.length} folders`);
  return { recorded: recorded.length, double, lost, wrong: [...wrong, ...inDatabase(file)] };
};

/** Where a sealed folder and the store disagree about a server. */
const differences = async (recorded: Recorded, folder: string): Promise<readonly string[]> => {
  const answers = await recorded.evidence();
  const { broken, evidence: kept } = await readFolder(folder);
  if (broken) return [`${recorded.name}: ${broken.detail}`];
  if (kept.length !== answers.length) return [`${recorded.name}: ${answers.length} answers, and ${kept.length}`];
  const same = ({ id, stdout, startedAt }: Evidence, other: Evidence | undefined): boolean =>
    other?.id === id && Buffer.from(other.stdout).equals(stdout) && other.startedAt === startedAt;
  return answers
    .filter((answer, at) => !same(answer, kept[at]))
    .map(({ id }) => `${recorded.name}: ${id} is not what the folder has`);
};

/** What SQLite itself finds, and evidence that no row speaks of. */
const inDatabase = (file: string): readonly string[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string) => database.prepare(sql).all();
  const found = [
    ...rows('pragma integrity_check').filter((row) => row['integrity_check'] !== 'ok'),
    ...rows('pragma foreign_key_check'),
    ...rows('select run_id, target_id from result group by run_id, target_id having count(*) > 1'),
    ...rows(
      'select * from run_target where (recorded_at is null) <> (not exists (select 1 from result r where r.run_id = run_target.run_id and r.target_id = run_target.target_id))',
    ),
  ].map((row) => JSON.stringify(row));
  database.close();
  return found;
};
