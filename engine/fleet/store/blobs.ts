import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Kysely, Transaction } from 'kysely';
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

/** Reads blobs by their hash. Throws for one that is not there, or not what its hash says: a store is whole, or it is broken. */
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
  if (!row) throw new Error(`the store lacks the blob ${hexOf(sha)}`);
  const bytes =
    row.codec_id === RAW ? row.body : inflated(row.body, { size: row.bytes, ...(dictionary && { dictionary }) });
  if (hexOf(shaOf(bytes)) !== hexOf(sha)) throw new Error(`the blob ${hexOf(sha)} is not what its hash says`);
  return bytes;
};

/** The size is known, so that no more room is taken than needed: zlib would take 16 KiB for each blob. */
const inflated = (
  body: Uint8Array,
  { size, dictionary }: Readonly<{ size: number; dictionary?: Buffer }>,
): Uint8Array => inflateRawSync(body, { chunkSize: Math.max(64, size + 1), ...(dictionary && { dictionary }) });

const readDictionary = async (db: Kysely<Tables>, id: number): Promise<Buffer | undefined> => {
  const { dictionary } = await dictionaryQuery(db, id).executeTakeFirstOrThrow();
  return dictionary ? Buffer.from(dictionary) : undefined;
};
