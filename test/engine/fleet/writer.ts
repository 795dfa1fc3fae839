/** A process that records servers in a store: `node writer.ts FILE COUNT` prints the number of its run. */
import { openStore } from '../../../engine/fleet/store/store.ts';
import { audited, planFor } from './stores.ts';

const [file = '', count = '0'] = process.argv.slice(2);
const store = await openStore(file);
const names = Array.from({ length: Number(count) }, (_, at) => `vpn${at}`);
const { run } = await store.begin(planFor(names), new Date());
for (const { name, targetId } of await store.journal(run)) {
  await store.record({ run, targetId, audited: audited(name), attempts: 1 });
  await new Promise((resolve) => setImmediate(resolve));
}
await store.close();
process.stdout.write(`${run}`);
