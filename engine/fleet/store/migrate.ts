import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../evidence/manifest.ts';
import { Mistake } from '../../mistake.ts';

const FOLDER = new URL('./migrations/sqlite/', import.meta.url);

type Migration = Readonly<{ number: number; name: string; sql: string; sha: string }>;

const migrations = (): readonly Migration[] =>
  readdirSync(fileURLToPath(FOLDER))
    .filter((name) => /^\d{3}-.+\.sql$/.test(name))
    .sort()
    .map((name) => {
      // Git may give other line ends on Windows.
      const sql = readFileSync(new URL(name, FOLDER), 'utf8').replaceAll('\r\n', '\n');
      return { number: Number(name.slice(0, 3)), name, sql, sha: sha256(Buffer.from(sql)) };
    });

/**
 * Brings a store to the form of this version: numbered SQL files, forward only, each once, all in one transaction. Throws
 * Mistake for a store of a newer version, and for one whose form is not what its migrations say.
 */
export const migrate = (database: DatabaseSync, file: string): void => {
  const known = migrations();
  if (isCurrent(applied(database), known)) return;
  database.exec('begin immediate');
  try {
    database.exec(
      'create table if not exists migration (number integer primary key, name text not null, sha text not null, applied_at text not null) strict',
    );
    const done = applied(database);
    const odd = done.find(({ number, sha }) => known.find((one) => one.number === number)?.sha !== sha);
    if (odd) throw new Mistake(`${file} has another form than this version knows (${odd.name})`, HINT);
    for (const { number, name, sql, sha } of known.slice(done.length)) {
      database.exec(sql);
      database.prepare('insert into migration values (?, ?, ?, ?)').run(number, name, sha, new Date().toISOString());
    }
    database.exec('commit');
  } catch (error) {
    // A full disk has ended the transaction already.
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
};

const HINT = 'a newer sstp-audit wrote it: use that one, or choose another --store';

type Applied = readonly Readonly<{ number: number; name: string; sha: string }>[];

const applied = (database: DatabaseSync): Applied => {
  const there = database.prepare("select 1 from sqlite_master where type = 'table' and name = 'migration'").get();
  if (!there) return [];
  return database
    .prepare('select number, name, sha from migration order by number')
    .all()
    .map(({ number, name, sha }) => ({ number: Number(number), name: String(name), sha: String(sha) }));
};

const isCurrent = (done: Applied, known: readonly Migration[]): boolean =>
  done.length === known.length &&
  done.every(({ number, sha }, at) => known[at]?.number === number && known[at]?.sha === sha);
