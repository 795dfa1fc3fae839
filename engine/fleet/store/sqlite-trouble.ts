import { Mistake } from '../../mistake.ts';

/** By SQLite's result code: what the world does, in words of the operator. All others are defects of ours. */
const WORDS: Readonly<Record<number, string>> = {
  5: 'another process has been writing to it for too long',
  8: 'it is read-only',
  10: 'its disk failed or is full, or its quota or limit (ulimit -f) is used up',
  11: 'it is damaged',
  13: 'no space left on the disk',
  14: 'it cannot be opened, or a file beside it cannot be made',
  26: 'it is not a store',
};

const RESUME = 'then sstp-audit run --resume goes on with what is missing';
const HINT = `make room, or see to the rights of its folder; ${RESUME}`;
const HINTS: Readonly<Record<number, string>> = {
  5: `let the other process end, or end it; ${RESUME}`,
  11: 'put a copy of it back, or name another file',
  26: 'name a file that run --store made, or a new one',
};

const codeOf = (error: unknown): number | undefined => {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
};

/** What is wrong with a store, where that lies in the world; undefined for an error of another kind. Extended codes end with the code. */
export const storeTrouble = (error: unknown): string | undefined => WORDS[codeOf(error) ?? 0];

/** Whether SQLite says that a store, or a file beside it, cannot be written. */
export const isStoreRefusal = (error: unknown): boolean => [8, 14].includes(codeOf(error) ?? 0);

/** Whether a store, or a file beside it, may have no room on its disk. */
export const isStoreFull = (error: unknown): boolean => [10, 13].includes(codeOf(error) ?? 0);

/** Does something with a store. Throws Mistake for what the world does to its file. */
export type Telling = <T>(work: () => T) => T;

export const tellingOf =
  (file: string): Telling =>
  (work) => {
    try {
      return work();
    } catch (cause) {
      const trouble = storeTrouble(cause);
      if (trouble === undefined) throw cause;
      throw new Mistake(`${file} cannot be used as a store: ${trouble}`, HINTS[codeOf(cause) ?? 0] ?? HINT, { cause });
    }
  };
