/** Writes the files that are made of others. `--check` only says whether they are fresh. */
import { readFile, writeFile } from 'node:fs/promises';
import { checks } from '../checks/index.ts';
import { ja } from '../checks/ja.ts';
import { inventorySchema } from '../engine/fleet/inventory/form.ts';
import { profileSchema, waiverFileSchema } from '../engine/profile.ts';
import { checksReadme } from './checks-readme.ts';
import { diffAssets, fleetAssets, htmlAssets } from './html-assets.ts';

const root = new URL('../', import.meta.url);
const FILES: Readonly<Record<string, () => string>> = {
  'checks/README.md': () => checksReadme(checks),
  'profiles/schema.json': () => `${JSON.stringify(profileSchema(checks), undefined, 2)}\n`,
  'profiles/inventory.schema.json': () => `${JSON.stringify(inventorySchema, undefined, 2)}\n`,
  'profiles/waivers.schema.json': () => `${JSON.stringify(waiverFileSchema(checks), undefined, 2)}\n`,
  'reporters/html/assets.json': htmlAssets,
  'reporters/html/fleet/assets.json': fleetAssets,
  'reporters/diff/html/assets.json': diffAssets,
};

const checking = process.argv.includes('--check');
const stale: string[] = [];
for (const [file, make] of Object.entries(FILES)) {
  const fresh = make();
  const current = await readFile(new URL(file, root), 'utf8').catch(() => '');
  if (current === fresh) continue;
  stale.push(file);
  if (!checking) await writeFile(new URL(file, root), fresh);
}

const untranslated = checks.filter(({ id }) => !ja[id]).map(({ id }) => id);
if (untranslated.length > 0) console.log(`without Japanese prose: ${untranslated.join(', ')}`);
for (const file of stale) console.log(checking ? `${file} is not fresh: npm run generate` : `${file} written`);
process.exitCode = checking && stale.length > 0 ? 1 : 0;
