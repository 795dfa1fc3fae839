/** Thousands of recorded servers in a minute: a few are recorded, the others are the same files under other names. */
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MANIFEST, type Manifest, SEAL, sha256 } from '../../engine/evidence/manifest.ts';
import { RECORDINGS } from '../../test/evidence/make.ts';
import { auditOf, healthyNow } from './recorded.ts';

/** Recorded servers that are healthy, each with a certificate of its own. */
const HEALTHY = 40;
/** Of so many servers one is like each of the recordings of the demo, most of which have something wrong. */
const ONE_IN = 60;
const SITES = ['tokyo', 'osaka', 'berlin', 'london', 'paris', 'sydney'];

/** Writes sealed folders of so many servers below `parent`, with sites as tags. */
export const recordFleet = async (parent: string, servers: number): Promise<void> => {
  const models = path.join(parent, 'models');
  for (let at = 0; at < HEALTHY; at++) await auditOf(await healthyNow(at), `healthy-${at}`, models);
  const odd = Object.entries(RECORDINGS);
  for (const [name, make] of odd) await auditOf(make(), name, models);
  for (let at = 0; at < servers; at++) {
    const [oddName] = odd[at % ONE_IN] ?? [`healthy-${at % HEALTHY}`];
    const site = SITES[at % SITES.length] ?? '';
    copy(path.join(models, oddName), path.join(parent, 'servers'), {
      name: `vpn${String(at).padStart(5, '0')}.${site}.example.com`,
      site,
    });
  }
};

/** The answers are links; only the manifest and the seal are new. */
const copy = (model: string, parent: string, { name, site }: Readonly<{ name: string; site: string }>): void => {
  const folder = path.join(parent, name);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(model))
    if (file !== MANIFEST && file !== SEAL) linkSync(path.join(model, file), path.join(folder, file));
  // We wrote it ourselves, just now.
  const was = JSON.parse(readFileSync(path.join(model, MANIFEST), 'utf8')) as Manifest;
  const manifest = Buffer.from(
    `${JSON.stringify({ ...was, target: { ...was.target, name, tags: [site] } }, undefined, 2)}\n`,
  );
  writeFileSync(path.join(folder, MANIFEST), manifest);
  const seal = readFileSync(path.join(model, SEAL), 'utf8');
  writeFileSync(
    path.join(folder, SEAL),
    seal.replace(new RegExp(`^.*  ${MANIFEST}$`, 'm'), `${sha256(manifest)}  ${MANIFEST}`),
  );
};
