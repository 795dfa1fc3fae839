/** Reads and hashes every file of every folder in a folder, and nothing more: what judging them is compared with. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [parent = '.'] = process.argv.slice(2);
let bytes = 0;
for (const folder of readdirSync(parent))
  for (const file of readdirSync(path.join(parent, folder))) {
    const content = readFileSync(path.join(parent, folder, file));
    bytes += createHash('sha256').update(content).digest().length && content.length;
  }
console.log(`${bytes} bytes`);
