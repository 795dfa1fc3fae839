import { Mistake } from './mistake.ts';
import { printable } from './printable.ts';

/** By the code of the operating system, as Node names it. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EBUSY: 'another program has it open',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it, or a part of its path, is no folder',
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
  // What a spreadsheet or an editor saves is in the code page of its country unless somebody says otherwise.
  ERR_ENCODING_INVALID_ENCODED_DATA:
    'it is not UTF-8 text: save it as UTF-8; Excel calls that CSV UTF-8, and Notepad asks for the encoding when it saves',
  ETXTBSY: 'it is a program that runs',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** To list what is no folder fails by the same code as to open what lies in it. */
const isNoFolder = (error: unknown): boolean =>
  codeOf(error) === 'ENOTDIR' && error instanceof Error && 'syscall' in error && error.syscall === 'scandir';

/** Why a file cannot be used, in words of the operator; what is not known here, as the system says it. */
export const fileTrouble = (error: unknown): string =>
  (isNoFolder(error) ? 'it is no folder' : undefined) ??
  WORDS[codeOf(error)] ??
  (error instanceof Error ? error.message : String(error));

/** Whether an error says that there is no such file. */
export const isAbsence = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** Whether an error says that this account, or this file system, lets nobody do that. */
export const isRefusal = (error: unknown): boolean => ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));

/** Without a path, an error is about the working folder, or about what standard output goes to. */
const PATHLESS: readonly unknown[] = ['uv_cwd', 'write'];

/** Whether an error is about a file that is not as somebody wished. */
export const isFileTrouble = (error: unknown): error is NodeJS.ErrnoException =>
  Object.hasOwn(WORDS, codeOf(error)) &&
  error instanceof Error &&
  ('path' in error || ('syscall' in error && PATHLESS.includes(error.syscall)));

/** Where an operation of the file system ends that fails: throws Mistake, which names the file. */
export const cannot =
  (done: 'read' | 'written' | 'made', file: string, hint: string) =>
  (cause: unknown): never => {
    throw new Mistake(printable(`${file} cannot be ${done}: ${fileTrouble(cause)}`), hint, { cause });
  };

/** What reads a file without waiting. Throws Mistake, which names the file, where that fails. */
export const reading = <T>(file: string, hint: string, read: () => T): T => {
  try {
    return read();
  } catch (cause) {
    return cannot('read', file, hint)(cause);
  }
};
