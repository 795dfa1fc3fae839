/**
 * A process of its own that meets hostile peers and says what they cost it. Its argument is JSON: `[[name, kind, where]]`
 * with the port of a server or the URL of a list. Prints one JSON line for each, and last what is still open.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { network, networkOf } from '../../engine/probe/network.ts';
import { textOf } from '../../engine/probe/questions.ts';
import { endpointOf, HASTY_MS } from './asking.ts';

export type Peer = readonly [name: string, kind: 'server' | 'list', where: string];
/** Most bytes above what the process needed before: of buffers, of objects, of the whole process. */
export type Cost = Readonly<{ name: string; buffers: number; heap: number; process: number; ms: number }>;

const { signal } = new AbortController();
const shared = networkOf({ stageMs: HASTY_MS, fetchMs: HASTY_MS, allowPrivate: true });

const meet = async (kind: Peer[1], where: string): Promise<void> => {
  const endpoint = endpointOf({ port: kind === 'server' ? Number(where) : 443 });
  const question =
    kind === 'server'
      ? textOf({ kind: 'handshake', address: '127.0.0.1', until: 'sstp', endpoint })
      : textOf({ kind: 'fetch', url: where });
  await network(endpoint, shared).exchange([question], { signal });
};

const now = () => {
  const { arrayBuffers, heapUsed, rss } = process.memoryUsage();
  return { buffers: arrayBuffers, heap: heapUsed, process: rss };
};

const costOf = async ([name, kind, where]: Peer): Promise<Cost> => {
  globalThis.gc?.();
  const before = now();
  let most = before;
  const look = (): void => {
    const { buffers, heap, process: rss } = now();
    most = {
      buffers: Math.max(most.buffers, buffers),
      heap: Math.max(most.heap, heap),
      process: Math.max(most.process, rss),
    };
  };
  const timer = setInterval(look, 1);
  const started = performance.now();
  await meet(kind, where);
  look();
  clearInterval(timer);
  return {
    name,
    buffers: most.buffers - before.buffers,
    heap: most.heap - before.heap,
    process: most.process - before.process,
    ms: performance.now() - started,
  };
};

const peers = JSON.parse(process.argv[2] ?? '[]') as readonly Peer[];
// Twice, so that what is loaded on first use is not counted against anyone.
for (const [, kind, where] of peers.slice(0, 2)) await meet(kind, where);
for (const peer of peers) process.stdout.write(`${JSON.stringify(await costOf(peer))}\n`);
await sleep(50);
process.stdout.write(`${JSON.stringify(process.getActiveResourcesInfo().filter((what) => what !== 'PipeWrap'))}\n`);
