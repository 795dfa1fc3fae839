import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { cannot } from '../file-trouble.ts';

/**
 * Writes a file anew: it is as it was or as it shall be, never in between, even when the machine stops. Rights and a link
 * to it stay. Throws Mistake where it cannot be written.
 */
export const replaceFile = async (file: string, text: string): Promise<void> => {
  const place = await realpath(file).catch(() => file);
  const beside = `${place}.${randomUUID()}.part`;
  try {
    const { mode } = await stat(place).catch(() => ({ mode: 0o666 }));
    const handle = await open(beside, 'wx', mode & 0o777);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, place);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {});
    cannot('written', file, 'choose another path, or see to the rights of its folder')(cause);
  }
};
