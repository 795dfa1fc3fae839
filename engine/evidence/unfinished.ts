/** Folders whose gathering was killed: they must not vanish from what is judged, and nothing in them counts. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Ignorance } from '../model.ts';
import { ANSWER_FILE, MANIFEST, type Manifest, SEAL } from './manifest.ts';

export const UNFINISHED: Ignorance = {
  reason: 'truncated',
  detail: `the evidence was not gathered to its end: the folder has no ${SEAL}`,
};

/** Whether these are the files of a folder of evidence. */
export const isOurs = (files: readonly string[]): boolean =>
  files.some((file) => file === MANIFEST || file === SEAL || ANSWER_FILE.test(file));

/** Whether these are the files of a folder in which gathering began and did not end: the seal comes last. */
export const isUnfinished = (files: readonly string[]): boolean => isOurs(files) && !files.includes(SEAL);

/** What can be told of a folder that says nothing of itself: it is called like its target. */
export const unfinishedManifest = async (folder: string): Promise<Manifest> => {
  const at = (await stat(folder)).mtime.toISOString();
  const name = path.basename(path.resolve(folder));
  return {
    format: 'sstp-audit/evidence/1',
    tool: { name: 'sstp-audit', version: '' },
    target: { name, address: '', tags: [] },
    vantage: 'server',
    transport: 'evidence',
    os: null,
    codePage: null,
    startedAt: at,
    finishedAt: at,
    entries: [],
  };
};
