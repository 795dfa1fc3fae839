import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { folderOf } from '../evidence/write.ts';
import { makeFolder } from '../make-folder.ts';
import type { Server } from './listed.ts';

/** Where the evidence of servers goes whose audit was interrupted: nothing is deleted, and nobody takes it for evidence of a run. */
const INTERRUPTED = 'interrupted';

/** Moves away what an interrupted run left of servers that it did not record; gives how many. */
export const setAside = async (evidence: string, servers: readonly Server[]): Promise<number> => {
  const left = servers.map(({ target }) => folderOf(evidence, target.name)).filter((folder) => existsSync(folder));
  if (left.length === 0) return 0;
  const aside = path.join(evidence, INTERRUPTED);
  await makeFolder(aside);
  const stamp = new Date().toISOString().replace(/[^\dT]/g, '');
  for (const folder of left) await rename(folder, path.join(aside, `${path.basename(folder)}-${stamp}`));
  return left.length;
};
