import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cannot } from '../file-trouble.ts';
import { makeFolder } from '../make-folder.ts';
import { Mistake } from '../mistake.ts';
import type { Evidence, Target } from '../model.ts';
import { type Entry, MANIFEST, type Manifest, SEAL, type Stream, sha256 } from './manifest.ts';

/** An evidence folder that is being written. */
export type Folder = Readonly<{
  path: string;
  /** Writes the bytes of one answer. */
  keep(evidence: Evidence): Promise<void>;
  /** Writes the manifest and, last, the seal: a folder without a seal is not finished. */
  seal(about: Omit<Manifest, 'format' | 'entries' | 'target'>): Promise<void>;
}>;

/** Names of devices in every folder of Windows, whatever ending they have. */
const DEVICE = /^(?=(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?:\.|$))/i;
/** Names by which a folder of evidence is known, and that beside the servers to which interrupted audits are moved. */
const OWN = /^(?=(?:manifest\.json|sha256sums|interrupted)$)/i;

/**
 * A folder name that any file system takes, that of Windows too, which leaves out dots at the end. Names that had to be
 * changed, and those with letters that file systems spell in more than one way, keep apart by a piece of their hash.
 */
export const folderName = (target: string): string => {
  const plain = target
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.-]/gu, '_')
    .replace(/^\.+/, '_')
    .replace(DEVICE, '_')
    .replace(OWN, '_')
    // Three bytes each, they fit into the 255 that Linux takes.
    .slice(0, 80)
    .replace(/\.$/, '_')
    .toWellFormed();
  return plain === target && /^[\w.-]+$/.test(plain)
    ? plain
    : `${plain}-${createHash('sha256').update(target).digest('hex').slice(0, 8)}`;
};

/** Where the evidence of a target goes. */
export const folderOf = (parent: string, target: string): string => path.join(parent, folderName(target));

/**
 * A folder that comes into being with the first answer that came back, or with its seal: a target that is tried in vain
 * and then again leaves nothing of the first time.
 */
export const plannedFolder = (parent: string, target: Target): Omit<Folder, 'path'> => {
  const waiting: Evidence[] = [];
  let created: Promise<Folder> | undefined;
  const opened = async (): Promise<Folder> => {
    created ??= createFolder(parent, target);
    const folder = await created;
    for (const evidence of waiting.splice(0)) await folder.keep(evidence);
    return folder;
  };
  return {
    keep: async (evidence) => {
      if (evidence.missing && !created) waiting.push(evidence);
      else await (await opened()).keep(evidence);
    },
    seal: async (about) => (await opened()).seal(about),
  };
};

/** Throws Mistake for a folder that is the sealed evidence of a server: with anything added it would prove nothing any more. */
export const needUnsealed = (parent: string): void => {
  if (existsSync(path.join(parent, SEAL)))
    throw new Mistake(
      `${parent} is the sealed evidence of a server, to which nothing may be added`,
      'choose another --evidence folder',
    );
};

/** Throws Mistake when the folder exists already: evidence is never written over. */
export const createFolder = async (parent: string, target: Target): Promise<Folder> => {
  const folder = folderOf(parent, target.name);
  needUnsealed(parent);
  await makeFolder(parent).catch(cannot('made', parent, HINT));
  await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') cannot('made', folder, HINT)(cause);
    throw new Mistake(
      `${folder} exists already, and evidence is never written over`,
      'choose a new --evidence folder',
      { cause },
    );
  });
  const entries: Entry[] = [];
  const sums: string[] = [];
  const write = async (file: string, bytes: Uint8Array): Promise<void> => {
    await writeFile(path.join(folder, file), bytes, { flag: 'wx' }).catch(cannotWrite(path.join(folder, file)));
    sums.push(`${sha256(bytes)}  ${file}`);
  };
  const stream = async (file: string, bytes: Uint8Array): Promise<Stream> => {
    if (bytes.length > 0) await write(file, bytes);
    return { ...(bytes.length > 0 && { file }), bytes: bytes.length, sha256: sha256(bytes) };
  };
  return {
    path: folder,
    keep: async ({ stdout, stderr, ...rest }) => {
      const streams = {
        stdout: await stream(`${rest.id}.out`, stdout),
        stderr: await stream(`${rest.id}.err`, stderr),
      };
      entries.push({ ...rest, complete: !rest.missing, ...streams });
    },
    seal: async (about) => {
      const { name, address, tags } = target;
      const manifest: Manifest = {
        format: 'sstp-audit/evidence/1',
        ...about,
        target: { name, address, tags },
        entries: entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      };
      await write(MANIFEST, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
      const seal = path.join(folder, SEAL);
      await writeFile(`${seal}.part`, `${sums.toSorted(bySecondColumn).join('\n')}\n`).catch(cannotWrite(seal));
      await rename(`${seal}.part`, seal).catch(cannotWrite(seal));
    },
  };
};

const HINT = 'make room there, or choose another --evidence folder';

const cannotWrite = (file: string): ReturnType<typeof cannot> =>
  cannot(
    'written',
    file,
    'its folder is not finished, and does not count: make room, and gather anew into another --evidence folder; with --store, --resume goes on',
  );

const bySecondColumn = (a: string, b: string): number => (a.slice(66) < b.slice(66) ? -1 : 1);
