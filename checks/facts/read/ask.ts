import { type ProcessOutput, type Shell, Unknown } from '../../../engine/define.ts';
import { type Key, parseRegistry } from './registry.ts';

type How = Readonly<{
  /** `/s`: the keys below, too. */
  recursive?: boolean;
  /** The key is missing on most healthy servers: ask its parent in the same breath, not in a second exchange. */
  usuallyAbsent?: boolean;
  /** Keep what could be read when a key further below refuses (reg.exe then ends with exit code 1). */
  partial?: boolean;
}>;

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('\\'));

const query = ($: Shell, path: string, recursive: boolean): PromiseLike<ProcessOutput> =>
  recursive ? $`reg.exe query ${path} /s`.nothrow() : $`reg.exe query ${path}`.nothrow();

/** The keys above a key, nearest first, down to those like HKLM\SYSTEM. */
const above = (path: string): readonly string[] => {
  const parent = parentOf(path);
  return parent.includes('\\') ? [parent, ...above(parent)] : [];
};

/**
 * reg.exe ends with exit code 1 for a key that does not exist and for one that this account may not read, and words the
 * difference in the server's language only. So: a readable key above that does not list what leads to it proves that it is
 * absent. The nearest one mostly can; those above it are asked in one exchange. Source: windows-facts 13.3.
 */
const provenAbsent = async ($: Shell, path: string): Promise<undefined> => {
  const [nearest = '', ...further] = above(path);
  const asked = async (key: string) => ({ key, output: await query($, key, false) });
  const first = await asked(nearest);
  const answers = first.output.exitCode === 1 ? [first, ...(await Promise.all(further.map(asked)))] : [first];
  const at = answers.findIndex(({ output }) => output.exitCode !== 1);
  const readable = answers[at];
  if (!readable) throw new Unknown('denied', `${path} cannot be read`);
  const missing = answers[at - 1]?.key ?? path;
  const listed = parse(readable.key, readable.output).key(missing.slice(readable.key.length + 1));
  if (listed) throw new Unknown('denied', `${missing} exists and cannot be read`);
};

const parse = (path: string, output: ProcessOutput): Key => {
  if (output.exitCode !== 0 && output.exitCode !== 1)
    throw new Unknown('unreadable', `reg.exe ended with exit code ${output.exitCode} for ${path}`);
  return parseRegistry(path, output.stdout);
};

/** A key of the registry, or `undefined` where it is proven that it does not exist. Throws Unknown for all else. */
export const readKey = async ($: Shell, path: string, how: How = {}): Promise<Key | undefined> => {
  const asked = query($, path, how.recursive ?? false);
  if (how.usuallyAbsent) query($, parentOf(path), false).then(undefined, () => undefined);
  const output = await asked;
  if (output.exitCode === 1 && output.stdout.trim() === '') return provenAbsent($, path);
  if (output.exitCode === 1 && !how.partial) throw new Unknown('denied', `a key below ${path} cannot be read`);
  return parse(path, output);
};

/** A key that every server with the role has. Throws Unknown `absent` where it does not exist. */
export const needKey = async ($: Shell, path: string, how: How = {}): Promise<Key> => {
  const key = await readKey($, path, how);
  if (!key) throw new Unknown('absent', `${path} does not exist`);
  return key;
};
