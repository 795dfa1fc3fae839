/** Inventories that are written in a test. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Inventory, readInventory } from '../../../engine/fleet/inventory/read.ts';
import { Mistake } from '../../../engine/mistake.ts';
import type { Inputs } from '../../../engine/profile/inputs.ts';

const scratch = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-inventory-'));
let written = 0;

/** Inputs of a profile that inventories give values to. */
export const INPUTS: Inputs = { listenerPort: { type: 'integer', minimum: 1 }, publicNames: { type: 'array' } };

/** Writes a file of that name to a folder of its own, and gives its path. */
export const write = async (name: string, text: string | Uint8Array): Promise<string> => {
  const folder = path.join(scratch, String(++written));
  await writeFile(path.join(scratch, 'ca.pem'), '');
  await mkdir(folder);
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
};

export const read = async (name: string, text: string | Uint8Array, inputs?: Inputs): Promise<Inventory> =>
  readInventory(await write(name, text), inputs);

/** The mistakes in an inventory, as printed; the file goes by its own name. */
export const mistakesIn = async (name: string, text: string | Uint8Array, inputs?: Inputs): Promise<string> => {
  const file = await write(name, text);
  try {
    await readInventory(file, inputs);
  } catch (error) {
    if (error instanceof Mistake) return error.message.replaceAll(file, name);
    throw error;
  }
  return '';
};
