import { Mistake } from './mistake.ts';
import { printable } from './printable.ts';

/** By the code of the operating system, as Node names it. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EBUSY: 'another program has it open',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something that is no folder has its name',
  EFBIG: 'it would be larger than this system lets a file be (ulimit -f)',
  EIO: 'the disk failed',
  EISDIR: 'it is a folder',
  ELOOP: 'links lead round in a circle',
  EMFILE: 'too many files are open (ulimit -n)',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of its path is no folder',
  ENXIO: 'nobody listens there',
  EPERM: 'this system does not allow it',
  EROFS: 'its file system is read-only',
  ETXTBSY: 'it is a program that runs',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Why a file cannot be used, in words of the operator; what is not known here, as the system says it. */
export const fileTrouble = (error: unknown): string =>
  WORDS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));

/** Where an operation of the file system ends that fails: throws Mistake, which names the file. */
export const cannot =
  (done: 'read' | 'written' | 'made', file: string, hint: string) =>
  (cause: unknown): never => {
    throw new Mistake(printable(`${file} cannot be ${done}: ${fileTrouble(cause)}`), hint, { cause });
  };
