/** SQLite by node:sqlite, and Kysely on top of it. */
import path from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { type Telling, tellingOf } from './sqlite-trouble.ts';

/** Node 22 warns on standard error as soon as node:sqlite is loaded; all that we use of it is the same there and later. */
const quietly = <T>(load: () => T): T => {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
};

const { DatabaseSync: Database } = quietly(() => process.getBuiltinModule('node:sqlite'));

/** What another process that writes may take before we give up: one of ours writes for some milliseconds at a time. */
const WAIT_MS = 10_000;

/** Opens a file, or makes it. A commit is on the disk when it returns; readers do not wait for the writer. */
export const openSqlite = (file: string): DatabaseSync =>
  begun(new Database(file, { timeout: WAIT_MS }), (database) =>
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;'),
  );

/** A database with which the first thing has been done; where that fails, nothing holds its file any more. */
export const begun = (database: DatabaseSync, first: (database: DatabaseSync) => void): DatabaseSync => {
  try {
    first(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Opens a file that this account cannot write. `isWhole`: nothing lies beside it, and nobody writes it. */
export const openSqliteToRead = (file: string, isWhole: boolean): DatabaseSync => {
  if (!isWhole) return new Database(file, { readOnly: true, timeout: WAIT_MS });
  // SQLite takes no server in an address: a share of Windows is a path with two slashes more (belief).
  const { href } = pathToFileURL(path.resolve(file));
  const address = `${href.replace(/^file:\/\/(?=[^/])/, 'file:////')}?immutable=1`;
  return new Database(address, { readOnly: true, timeout: WAIT_MS });
};

/** Kysely's own dialect says `begin`: to read and then write beside another writer fails at once, so ours says `immediate`. */
export const sqliteDialect = (database: DatabaseSync, file: string): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createDriver: () => driverOf(database, file),
});

/** Rows of what the query builder compiled, for whoever cannot wait. */
export type Rows = <R>(query: CompiledQuery<R>) => readonly R[];

export const rowsOf = (database: DatabaseSync, file: string): Rows => {
  const execute = executeOn(database, tellingOf(file));
  return <R>(query: CompiledQuery<R>) => execute<R>(query).rows;
};

const driverOf = (database: DatabaseSync, file: string): Driver => {
  const told = tellingOf(file);
  const connection = connectionTo(database, told);
  const turns = new Map<DatabaseConnection, () => void>();
  let last = Promise.resolve();
  return {
    init: async () => {},
    // One connection: transactions of this process take turns.
    acquireConnection: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = last;
      last = promise;
      await before;
      const mine = { ...connection };
      turns.set(mine, resolve);
      return mine;
    },
    releaseConnection: async (mine) => {
      turns.get(mine)?.();
      turns.delete(mine);
    },
    beginTransaction: async () => told(() => database.exec('begin immediate')),
    commitTransaction: async () => told(() => database.exec('commit')),
    // A full disk has ended the transaction already.
    rollbackTransaction: async () => {
      if (database.isTransaction) database.exec('rollback');
    },
    destroy: async () => database.close(),
  };
};

/** Statements that are kept prepared. */
const MOST_PREPARED = 200;

const connectionTo = (database: DatabaseSync, told: Telling): DatabaseConnection => {
  const execute = executeOn(database, told);
  return {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => execute<R>(query),
    // A stream would hold the only connection for as long as somebody reads: pages do not.
    streamQuery: () => {
      throw new Error('read in pages');
    },
  };
};

const executeOn = (database: DatabaseSync, told: Telling) => {
  const prepared = new Map<string, Readonly<{ statement: StatementSync; reads: boolean }>>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= MOST_PREPARED) prepared.clear();
    const statement = database.prepare(sql);
    const entry = { statement, reads: statement.columns().length > 0 };
    prepared.set(sql, entry);
    return entry;
  };
  return <R>({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryResult<R> =>
    told(() => {
      const { statement, reads } = prepare(sql);
      const values = parameters.map(bound);
      // The query builder says what a row is; SQLite cannot.
      if (reads) return { rows: statement.all(...values) as R[] };
      const { changes, lastInsertRowid } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    });
};

/** Node 22 binds no booleans. */
const bound = (value: unknown): SQLInputValue => {
  if (typeof value === 'boolean') return Number(value);
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`a ${typeof value} cannot be stored`);
};

/** SQLite's code for "somebody else holds the lock". */
const BUSY = 5;

/** A lock on a file, held until it is closed or the process ends; undefined when another process holds it. */
export const openLock = (file: string): DatabaseSync | undefined => {
  try {
    return begun(new Database(file, { timeout: 0 }), (database) => database.exec('begin exclusive'));
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return undefined;
    throw error;
  }
};
