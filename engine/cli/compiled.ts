/**
 * The program as it is published: one script, with what V8 made of it the times before. Node's own cache holds what is
 * compiled before a module runs, and most functions are compiled at their first call: that takes a third of judging one server.
 */
import path from 'node:path';

// An `import` makes Node read every export of its own modules, and with the first reading of some comes what is never needed.
const { readFileSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { getCompileCacheDir } = process.getBuiltinModule('node:module');
const { pathToFileURL } = process.getBuiltinModule('node:url');
const { Script } = process.getBuiltinModule('node:vm');
const { crc32 } = process.getBuiltinModule('node:zlib');

const FILE = path.join(import.meta.dirname, 'program.cjs');

/** Where it is kept; nowhere where nothing may be kept. Each command needs other functions. */
const placeFor = (name: string): string | undefined => {
  const folder = getCompileCacheDir();
  return folder && path.join(folder, `program-${name}`);
};
const [, , command = ''] = process.argv;
const COMMON = placeFor('');
const OWN = /^[a-z]+$/.test(command) ? placeFor(command) : COMMON;

/** Before the compiled form: checksums of the source and of itself, since V8 looks at neither, and how often it was made. */
const HEAD_BYTES = 12;
/** The second time knows what the first left out: what it did not come to, and what was thrown away to save memory. */
const TIMES = 3;

/** `mark`: checksum of the source. */
type Kept = Readonly<{ mark: number; data: Buffer; times: number }>;

const keptIn = (file: string | undefined, mark: number): Kept | undefined => {
  if (file === undefined) return undefined;
  try {
    const kept = readFileSync(file);
    const data = kept.subarray(HEAD_BYTES);
    const isWhole = kept.readUInt32LE(0) === mark && kept.readUInt32LE(4) === crc32(data);
    return isWhole ? { mark, data, times: kept.readUInt32LE(8) } : undefined;
  } catch {
    return undefined;
  }
};

const keepIn = (file: string, { mark, data, times }: Kept): void => {
  const head = Buffer.alloc(HEAD_BYTES);
  for (const [at, number] of [mark, crc32(data), times].entries()) head.writeUInt32LE(number, at * 4);
  const part = `${file}.${process.pid}`;
  try {
    writeFileSync(part, Buffer.concat([head, data]), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
};

const prepared = () => {
  const source = readFileSync(FILE);
  const mark = crc32(source);
  const own = keptIn(OWN, mark);
  const cachedData = (own ?? keptIn(COMMON, mark))?.data;
  const script = new Script(source.toString('latin1'), { filename: FILE, ...(cachedData && { cachedData }) });
  return { script, mark, times: own && !script.cachedDataRejected ? own.times : 0 };
};

const { script, mark, times } = prepared();
if (OWN && times < TIMES)
  process.on('exit', (code) => {
    // A mistake ends before most of its command has run.
    if (code !== 2) keepIn(OWN, { mark, data: script.createCachedData(), times: times + 1 });
  });

type Program = typeof import('./program.ts');
type Import = (url: string) => Promise<unknown>;
type Wrapped = (
  require: typeof process.getBuiltinModule,
  module: { exports: unknown },
  url: string,
  load: Import,
) => void;

const load = (): Program => {
  const loaded = { exports: {} as Program };
  const run = script.runInThisContext() as Wrapped;
  run(process.getBuiltinModule, loaded, pathToFileURL(FILE).href, (url) => import(url));
  return loaded.exports;
};

export const { main } = load();
