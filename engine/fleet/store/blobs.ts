import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Kysely, Transaction } from 'kysely';
import { Mistake } from '../../mistake.ts';
import type { Rows } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** Bytes that go by their hash, packed when that makes them smaller. */
export type Packed = Readonly<{ sha: Uint8Array; codec_id: number; bytes: number; body: Uint8Array }>;

/** How this process packs. Readers take the dictionary that each blob was packed with. */
export type Codec = Readonly<{ id: number; dictionary?: Uint8Array }>;

const RAW = 1;
const DEFLATE = 2;
/** SQLite takes thousands of parameters, but a statement of every length is prepared anew. */
const CHUNK = 64;

/** One call makes no object whose memory waits for the garbage collector: thousands of these are computed for a fleet. */
export const shaOf = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');
/** A hash in hexadecimal digits. */
export const hexOf = (sha: Uint8Array): string => Buffer.from(sha).toString('hex');

/** The codec with a dictionary of words that are frequent in what is stored; small blobs shrink to half with it. */
export const codecWith = async (db: Kysely<Tables>, dictionary: Uint8Array | undefined): Promise<Codec> => {
  if (!dictionary || dictionary.length === 0) return { id: DEFLATE };
  const sha = shaOf(dictionary);
  const known = (): Promise<{ id: number } | undefined> =>
    db.selectFrom('codec').select('id').where('sha', '=', sha).executeTakeFirst();
  const found = await known();
  if (found) return { id: found.id, dictionary };
  await db
    .insertInto('codec')
    .values({ kind: 'deflate-raw', dictionary, sha })
    .onConflict((conflict) => conflict.column('sha').doNothing())
    .execute();
  return { id: (await known())?.id ?? DEFLATE, dictionary };
};

const deflate = promisify(deflateRaw);

const packedAs = (sha: Uint8Array, bytes: Uint8Array, deflated: Uint8Array, { id }: Codec): Packed =>
  deflated.length < bytes.length
    ? { sha, codec_id: id, bytes: bytes.length, body: deflated }
    : { sha, codec_id: RAW, bytes: bytes.length, body: bytes };

/** Blobs that are to be written, by hash; packed are those that the store did not have when it was asked. */
export type Prepared = ReadonlyMap<string, Readonly<{ bytes: Uint8Array; packed?: Packed }>>;

export const prepareBlobs = async (db: Kysely<Tables>, codec: Codec, all: readonly Uint8Array[]): Promise<Prepared> => {
  const distinct = new Map(all.map((bytes) => [hexOf(shaOf(bytes)), bytes] as const));
  const there = await presentOf(db, [...distinct.keys()]);
  const options = codec.dictionary ? { dictionary: codec.dictionary } : {};
  const prepared = new Map<string, Readonly<{ bytes: Uint8Array; packed?: Packed }>>();
  // One after another: each takes a quarter of a megabyte while it is packed, and many servers may end at once.
  for (const [key, bytes] of distinct)
    prepared.set(key, {
      bytes,
      ...(!there.has(key) && {
        packed: packedAs(Buffer.from(key, 'hex'), bytes, await deflate(bytes, options), codec),
      }),
    });
  return prepared;
};

/** Writes what is not there yet. Looks again within the transaction: what was there may have been swept since. */
export const writeBlobs = async (trx: Transaction<Tables>, codec: Codec, prepared: Prepared): Promise<void> => {
  const there = await presentOf(trx, [...prepared.keys()]);
  const options = codec.dictionary ? { dictionary: codec.dictionary } : {};
  for (const [key, { bytes, packed }] of prepared) {
    if (there.has(key)) continue;
    const row = packed ?? packedAs(Buffer.from(key, 'hex'), bytes, deflateRawSync(bytes, options), codec);
    await trx.insertInto('blob').values(row).execute();
  }
};

const presentOf = async (db: Kysely<Tables>, keys: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (let from = 0; from < keys.length; from += CHUNK) {
    const shas = keys.slice(from, from + CHUNK).map((key) => Buffer.from(key, 'hex'));
    const rows = await db.selectFrom('blob').select('sha').where('sha', 'in', shas).execute();
    for (const { sha } of rows) found.add(hexOf(sha));
  }
  return found;
};

/** Reads blobs by their hash. Throws Mistake for one that is not there, or not what its hash says: a store is whole, or it is damaged. */
export const blobReader = (db: Kysely<Tables>): ((sha: Uint8Array) => Promise<Uint8Array>) => {
  const codecs = new Map<number, Promise<Buffer | undefined>>();
  const dictionaryOf = (id: number): Promise<Buffer | undefined> => {
    const known = codecs.get(id) ?? readDictionary(db, id);
    codecs.set(id, known);
    return known;
  };
  return async (sha) => {
    const row = await blobQuery(db, sha).executeTakeFirst();
    return unpacked(sha, row, await (row && dictionaryOf(row.codec_id)));
  };
};

/** The same without waiting. */
export const blobReaderNow = (db: Kysely<Tables>, rows: Rows): ((sha: Uint8Array) => Uint8Array) => {
  const dictionaries = new Map<number, Buffer | undefined>();
  // Thousands are read: to compile the query takes longer than to answer it.
  const compiled = blobQuery(db, new Uint8Array()).compile();
  return (sha) => {
    const query: typeof compiled = { ...compiled, parameters: [sha] };
    const [row] = rows(query);
    if (row && !dictionaries.has(row.codec_id)) {
      const [codec] = rows(dictionaryQuery(db, row.codec_id).compile());
      dictionaries.set(row.codec_id, codec?.dictionary ? Buffer.from(codec.dictionary) : undefined);
    }
    return unpacked(sha, row, row && dictionaries.get(row.codec_id));
  };
};

const blobQuery = (db: Kysely<Tables>, sha: Uint8Array) => db.selectFrom('blob').selectAll().where('sha', '=', sha);
const dictionaryQuery = (db: Kysely<Tables>, id: number) =>
  db.selectFrom('codec').select('dictionary').where('id', '=', id);

const unpacked = (sha: Uint8Array, row: Packed | undefined, dictionary: Buffer | undefined): Uint8Array => {
  if (!row) throw damaged(`it lacks the blob ${hexOf(sha)}`);
  const bytes = row.codec_id === RAW ? row.body : inflated(row, dictionary);
  if (hexOf(shaOf(bytes)) !== hexOf(sha)) throw damaged(`the blob ${hexOf(sha)} is not what its hash says`);
  return bytes;
};

const damaged = (what: string, cause?: unknown): Mistake =>
  new Mistake(`the store is damaged: ${what}`, 'put a copy of it back, or name another file', { cause });

/** The size is known, so that no more room is taken than needed: zlib would take 16 KiB for each blob. */
const inflated = ({ sha, body, bytes }: Packed, dictionary: Buffer | undefined): Uint8Array => {
  try {
    const room = { chunkSize: Math.max(64, bytes + 1), maxOutputLength: bytes + 1 };
    return inflateRawSync(body, { ...room, ...(dictionary && { dictionary }) });
  } catch (cause) {
    throw damaged(`the blob ${hexOf(sha)} cannot be unpacked`, cause);
  }
};

const readDictionary = async (db: Kysely<Tables>, id: number): Promise<Buffer | undefined> => {
  const codec = await dictionaryQuery(db, id).executeTakeFirst();
  return codec?.dictionary ? Buffer.from(codec.dictionary) : undefined;
};
