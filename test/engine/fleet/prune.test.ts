import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { type CompiledQuery, Kysely, type LogEvent } from 'kysely';
import { pruneStore } from '../../../engine/fleet/store/prune.ts';
import { openSqlite, sqliteDialect } from '../../../engine/fleet/store/sqlite.ts';
import { openStore, type Store } from '../../../engine/fleet/store/store.ts';
import { markLive, sweep } from '../../../engine/fleet/store/sweep.ts';
import type { Tables } from '../../../engine/fleet/store/tables.ts';
import { Mistake } from '../../../engine/mistake.ts';
import { recordRun, yearOf } from './histories.ts';
import { failed, newStore, planFor, result } from './stores.ts';

const SPRING = '2026-03-01T00:00:00.000Z';
const COUNT = { remove: false, vacuum: false };
const REMOVE = { remove: true, vacuum: false };

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(items);
const blobsIn = ({ file }: Store): number => {
  const database = new DatabaseSync(file, { readOnly: true });
  const count = Number(database.prepare('select count(*) as count from blob').get()?.['count']);
  database.close();
  return count;
};
/** Everything that a store still holds can be read, and nothing refers to what is not there. */
const isWhole = async (t: ExecutionContext, store: Store): Promise<void> => {
  for (const { id } of await store.runs())
    for (const recorded of await all(store.results(id))) t.is((await recorded.evidence()).length, 2);
  const database = new DatabaseSync(store.file, { readOnly: true });
  t.deepEqual(database.prepare('pragma foreign_key_check').all(), []);
  t.is(database.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok');
  database.close();
};

test('counting forgets nothing, and says what forgetting would', async (t) => {
  const { store } = await yearOf();
  const before = blobsIn(store);
  const counted = await store.prune(SPRING, COUNT);
  t.like(counted, { results: 3, servers: 1, spared: [] });
  t.deepEqual(counted.runs, [{ id: 1, startedAt: '2025-09-01T03:00:00.000Z', expected: 3, isFinished: true }]);
  t.true(counted.blobs > 0 && counted.bytes > 0);
  t.deepEqual([(await store.runs()).length, blobsIn(store)], [5, before]);
  t.deepEqual(await store.prune(SPRING, COUNT), counted, 'it can be asked twice');
});

test('what is old goes with what only it needs; what a kept result needs stays', async (t) => {
  const { store } = await yearOf();
  const [before, counted] = [blobsIn(store), await store.prune(SPRING, COUNT)];
  t.deepEqual(await store.prune(SPRING, REMOVE), counted, 'as was said');
  t.is(blobsIn(store), before - counted.blobs);
  t.deepEqual(
    (await store.runs()).map(({ id }) => id),
    [5, 4, 3, 2],
  );
  await isWhole(t, store);
  const [newest] = await all(store.results(5));
  t.deepEqual(
    String(Buffer.from((await newest?.evidence())?.[1]?.stdout ?? [])),
    'the same on all servers',
    'said in the oldest run, too',
  );
  const again = await store.prune(SPRING, REMOVE);
  t.deepEqual([again.runs.length, again.blobs], [0, 0]);
});

test('what is known now of a server that only old runs knew goes; of the others it stays', async (t) => {
  const { store } = await yearOf();
  const known = async () => (await store.now(['pass', 'fail'])).map(({ target, check }) => `${target} ${check}`);
  t.true((await known()).includes('gone door/port'));
  await store.prune(SPRING, REMOVE);
  t.deepEqual(await known(), [
    'vpn01 door/open',
    'vpn02 door/open',
    'vpn03 door/open',
    'vpn01 door/port',
    'vpn02 door/port',
    'vpn03 door/port',
  ]);
  t.false((await store.expiring('2030')).some(({ target }) => target === 'gone'));
  t.deepEqual(await all(store.story('gone')), []);
});

test('a run that was resumed late is as old as what it saw last', async (t) => {
  const store = await newStore();
  const seen = (at: string, actual: string) => ({ a: { at, results: [failed('a', 'door/port', actual)] } });
  const resumed = await recordRun(store, '2024-01-01T00:00:00.000Z', seen('2025-11-25T00:00:00.000Z', '2'));
  await recordRun(store, '2025-11-20T00:00:00.000Z', seen('2025-11-20T00:00:00.000Z', '1'));
  t.deepEqual((await store.prune('2025-03-01', REMOVE)).runs, []);
  t.like((await store.now(['fail']))[0], { target: 'a', lastRun: resumed });
});

test('a run that saw a server at a time that is still to come, by a wrong clock, is as old as its beginning', async (t) => {
  const store = await newStore();
  const began = '2025-01-01T00:00:00.000Z';
  const seen = { a: { at: '2099-01-01T00:00:00.000Z', results: [result('a', 'door/port')] } };
  const run = await recordRun(store, began, seen);
  t.like(await store.prune(SPRING, REMOVE), { runs: [{ id: run }] });
});

test('where a run goes and an older one is kept, a trend counts no server twice, and none below zero', async (t) => {
  const store = await newStore();
  const run = (startedAt: string, seen: Readonly<Record<string, string>>) =>
    recordRun(
      store,
      startedAt,
      Object.fromEntries(
        Object.entries(seen).map(([name, at]) => [
          name,
          { at, results: [name === 'b' ? failed(name, 'door/port', '1') : result(name, 'door/port')] },
        ]),
      ),
    );
  const [first, second, late] = ['2024-01-01T00:00:00.000Z', '2024-01-02T00:00:00.000Z', '2025-11-25T00:00:00.000Z'];
  await run(first, { a: first, b: late });
  await run(second, { a: second });
  await store.prune('2025-03-01', REMOVE);
  const standings = (await store.trend('door/port', '2023-12-01')).map(({ day, counts }) => [
    day,
    counts.pass,
    counts.fail,
  ]);
  t.deepEqual(standings, [
    ['2025-11-25', 0, 1],
    ['2024-01-01', 0, 0],
  ]);
});

test('an answer that an old and a kept run share stays, whichever way round', async (t) => {
  const store = await newStore();
  const seen = (at: string) => ({ a: { at, results: [result('a', 'door/open')], said: 'word for word' } });
  await recordRun(store, '2025-01-01T00:00:00.000Z', seen('2025-01-01T00:00:00.000Z'));
  await recordRun(store, '2026-10-01T00:00:00.000Z', seen('2026-10-01T00:00:00.000Z'));
  const { results, blobs } = await store.prune(SPRING, REMOVE);
  t.deepEqual([results, blobs], [1, 0]);
  await isWhole(t, store);
});

test('everything can be forgotten', async (t) => {
  const { store } = await yearOf();
  await store.prune('2030', { remove: true, vacuum: true });
  t.deepEqual([(await store.runs()).length, blobsIn(store)], [0, 0]);
  t.deepEqual(await store.now(['pass', 'fail', 'unknown']), []);
  await isWhole(t, store);
});

test('a run that is held or goes on is spared, and said; one that was killed goes', async (t) => {
  const { store } = await yearOf();
  const database = new DatabaseSync(store.file);
  database.exec('update run set hold = 1 where id = 1');
  database.close();
  const { run: goesOn, lock } = await store.begin(planFor(['vpn09']), new Date('2025-05-05T00:00:00.000Z'));
  const { runs, spared } = await store.prune('2026-11-21', REMOVE);
  t.deepEqual(
    runs.map(({ id, isFinished }) => [id, isFinished]),
    [
      [2, true],
      [3, true],
      [4, false],
    ],
  );
  t.deepEqual(
    spared.map(({ id }) => id),
    [1, goesOn],
  );
  t.deepEqual(
    (await store.runs()).map(({ id }) => id),
    [goesOn, 5, 1],
  );
  lock.release(true);
  await isWhole(t, store);
  t.deepEqual(
    (await readdir(path.dirname(store.file))).filter((name) => name.endsWith('.lock')),
    [],
  );
});

test('counting leaves the lock of a run that can be gone on with where it is', async (t) => {
  const { store } = await yearOf();
  await store.prune('2030', COUNT);
  const locks = (await readdir(path.dirname(store.file))).filter((name) => name.endsWith('.lock'));
  t.deepEqual(locks, ['store.db.run-4.lock']);
  t.truthy(store.lock(4));
});

test('two processes do not forget at the same time', async (t) => {
  const { store } = await yearOf();
  const other = await openStore(store.file);
  const [one, two] = await Promise.allSettled([store.prune(SPRING, REMOVE), other.prune(SPRING, REMOVE)]);
  t.is(one.status, 'fulfilled');
  t.true(two.status === 'rejected' && two.reason instanceof Mistake);
  await other.close();
});

test('whoever records meanwhile loses nothing', async (t) => {
  const { store } = await yearOf();
  // Answers that the old run has and the others will have again, so that they are dead at one moment and needed at the next.
  const writers = Promise.all(
    [1, 2].map(() =>
      promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'writer.ts'), store.file, '150']),
    ),
  );
  let isDone = false;
  writers.then(
    () => {
      isDone = true;
    },
    () => {
      isDone = true;
    },
  );
  let times = 0;
  for (; !isDone; times += 1) {
    const run = await recordRun(store, '2025-01-01T00:00:00.000Z', {
      vpn7: { at: '2025-01-01T00:00:00.000Z', results: [result('vpn7', 'door/open')] },
    });
    t.true((await store.prune(SPRING, REMOVE)).runs.some(({ id }) => id === run));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const { stdout } of await writers) t.is((await all(store.results(Number(stdout)))).length, 150);
  t.true(times > 3);
  await isWhole(t, store);
});

test('what is recorded after the newest rows are gone, and takes their numbers, loses nothing', async (t) => {
  const store = await newStore();
  const at = '2025-01-01T00:00:00.000Z';
  const old = await recordRun(store, at, { vpn1: { at, results: [result('vpn1', 'door/open')] } });
  const database = openSqlite(store.file);
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database, store.file) });
  const marked = await markLive(db, [old]);
  await db.deleteFrom('run').where('id', '=', old).execute();
  await recordRun(store, at, { vpn2: { at, results: [result('vpn2', 'door/port')] } });
  await sweep(db, marked);
  await db.destroy();
  await isWhole(t, store);
});

test('what goes with a run is found by an index', async (t) => {
  const store = await newStore();
  const database = new DatabaseSync(store.file, { readOnly: true });
  const keys = database
    .prepare(
      "select m.name, group_concat(f.\"from\" || ' = 1', ' and ') as is_of from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' and on_delete = 'CASCADE' group by m.name, f.id",
    )
    .all();
  t.deepEqual(
    keys.map(({ name }) => name),
    ['finding_change', 'result', 'run_target'],
  );
  for (const { name, is_of } of keys)
    for (const { detail } of database.prepare(`explain query plan delete from ${name} where ${is_of}`).all())
      t.regex(String(detail), /^SEARCH /);
  database.close();
});

test('nothing that forgetting asks reads a table again for each row of another', async (t) => {
  const { store } = await yearOf();
  const database = openSqlite(store.file);
  const asked: CompiledQuery[] = [];
  const log = ({ query }: LogEvent) => void asked.push(query);
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database, store.file), log });
  const free = () => ({ release: () => {} });
  await pruneStore(db, { ...REMOVE, before: SPRING, lockRun: free, lockStore: free });
  const plans = asked
    .filter(({ sql }) => /^\s*(?:select|delete)/.test(sql))
    .map(({ sql, parameters }) => database.prepare(`explain query plan ${sql}`).all(...(parameters as number[])));
  t.true(plans.length > 10);
  for (const plan of plans) t.notRegex(plan.map(({ detail }) => detail).join('\n'), /CORRELATED.*\nSCAN/s);
  await db.destroy();
});

test('room is not given back while a run goes on, which could not write meanwhile', async (t) => {
  const { store } = await yearOf();
  const { run, lock } = await store.begin(planFor(['vpn09']), new Date());
  await t.throwsAsync(store.prune(SPRING, { remove: true, vacuum: true }), {
    instanceOf: Mistake,
    message: `run ${run} goes on, and could not write meanwhile`,
  });
  t.is((await store.runs()).length, 6);
  t.is((await store.prune(SPRING, { remove: false, vacuum: true })).runs.length, 1);
  lock.release(false);
  t.is((await store.prune(SPRING, { remove: true, vacuum: true })).runs.length, 1);
});

test('the room in the file is given back when that is asked for', async (t) => {
  const store = await newStore();
  const results = [result('a', 'door/open')];
  for (let at = 0; at < 40; at++) {
    const said = Array.from({ length: 400 }, (_, part) => Math.sin(at * 1_000 + part).toString(36)).join('');
    await recordRun(store, '2025-01-01T00:00:00.000Z', { a: { at: '2025-01-01T00:00:00.000Z', results, said } });
  }
  const pages = (): number => {
    const database = new DatabaseSync(store.file, { readOnly: true });
    const count = Number(database.prepare('pragma page_count').get()?.['page_count']);
    database.close();
    return count;
  };
  const full = pages();
  await store.prune(SPRING, REMOVE);
  t.is(pages(), full);
  await store.prune(SPRING, { remove: true, vacuum: true });
  t.true(pages() < full / 2, `${pages()} of ${full} pages`);
});
