import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { LIMITS } from '../../../engine/limits.ts';
import { HASTY_MS } from '../../network/asking.ts';
import type { Cost, Peer } from '../../network/hostile.ts';
import type { Mode } from '../../network/modes.ts';
import { startRras } from '../../network/rras.ts';
import { startWeb } from '../../network/web.ts';

const MIB = 1_048_576;
const FLOODS: readonly Mode[] = [
  'tls-flood',
  'tls-endless-record',
  'tls-garbage',
  'tls-bytewise',
  'tls-silent',
  'http-endless',
  'http-endless-line',
  'http-bytewise',
  'http-silent',
  'sstp-flood',
  'sstp-oversized',
  'sstp-bytewise',
];
const LISTS = ['/endless.crl', '/endless-head.crl', '/too-large.crl', '/exactly-1-mib.crl'];

test('no peer makes the probe hold more than a little memory, or leaves anything open', async (t) => {
  const web = await startWeb();
  t.teardown(web.close);
  const modes: readonly Mode[] = ['healthy', ...FLOODS];
  const servers = await Promise.all(modes.map((mode) => startRras({ mode })));
  for (const server of servers) t.teardown(server.close);
  // The first two are met before anything is measured.
  const [healthy, ...hostile] = modes.map((mode, at): Peer => [mode, 'server', String(servers[at]?.port)]);
  const [good, ...lists] = ['/good.crl', ...LISTS].map((name): Peer => [name, 'list', `${web.base}${name}`]);
  const file = path.join(import.meta.dirname, '../../network/hostile.ts');
  const args = ['--expose-gc', file, JSON.stringify([healthy, good, ...hostile, ...lists])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  const lines = stdout.trimEnd().split('\n');
  const costs = lines.slice(0, -1).map((line) => JSON.parse(line) as Cost);
  t.is(costs.length, 2 + FLOODS.length + LISTS.length);
  for (const { name, buffers, process: whole, heap, ms } of costs) {
    t.log(
      `${name}: ${Math.round(buffers / 1024)} KiB of buffers, ${Math.round(heap / 1024)} of objects, ${Math.round(ms)} ms`,
    );
    // A list may itself have 1 MiB; on its way into evidence it exists three times, and what was freed may still count.
    t.true(buffers <= (name.startsWith('/') ? 8 * MIB : MIB), `${name}: ${buffers} bytes of buffers`);
    t.true(heap <= 6 * MIB && whole <= 24 * MIB, `${name}: ${heap} bytes of objects, ${whole} in all`);
    t.true(ms < 2 * HASTY_MS + LIMITS.leaveMs, `${name}: ${ms} ms`);
  }
  t.is(lines.at(-1), '[]', 'nothing is open afterwards');
});
