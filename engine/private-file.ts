import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { reading } from './file-trouble.ts';
import { Mistake } from './mistake.ts';

/**
 * The text of a file that holds a secret. Throws Mistake when others may read or change it; on Windows, where rights are
 * lists, those are not looked at.
 */
export const readPrivate = (path: string): string => {
  const descriptor = reading(path, HINT, () => openSync(path, 'r'));
  try {
    const found = fstatSync(descriptor);
    if (found.isDirectory()) throw new Mistake(`${path} cannot be read: it is a folder`, HINT);
    const { mode, uid } = found;
    const isOurs = uid === process.getuid?.() || uid === 0;
    if (process.platform !== 'win32' && ((mode & 0o077) !== 0 || !isOurs))
      throw new Mistake(`${path} can be read or changed by others`, `chmod 600 ${path}, and own it`);
    // A byte order mark, or what Windows PowerShell saves with >, would be a wrong password, and could lock the account.
    return reading(path, HINT, () => new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor)));
  } finally {
    closeSync(descriptor);
  }
};

const HINT = 'name a file that is there and yours';
