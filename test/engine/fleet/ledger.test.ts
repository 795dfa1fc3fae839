import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { ledgerInMemory } from '../../../engine/fleet/ledger.ts';
import type { Server } from '../../../engine/fleet/listed.ts';
import { sharing } from '../../../engine/fleet/shared.ts';
import { audited, failed, result } from './stores.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const server = (name: string): Server => ({
  target: { name, address: `ssh://${name}`, tags: [], inputs: {} },
  listed: { address: `ssh://${name}`, tags: [], inputs: {}, groups: [], reach: {} },
  open: async () => ({}),
});

test('what is kept for a report is what was audited, in the order of the run', async (t) => {
  const servers = ['b', 'a', 'c'].map(server);
  const ledger = ledgerInMemory(servers);
  const all = servers.map(({ target: { name } }) =>
    audited(name, { results: [failed(name, 'door/port', '\u{1f6aa} \ud800')] }),
  );
  for (const at of [2, 0, 1]) {
    const [one, other] = [servers[at], all[at]];
    if (one && other) await ledger.keep(one, other, { whole: true, attempts: 1 });
  }
  t.deepEqual(
    await ledger.all(),
    all.map(({ note, results, observedAt }) => ({ note, results, observedAt })),
  );
});

test('a short text that was cut out of a long answer does not keep the answer in memory', async (t) => {
  const servers = Array.from({ length: 40 }, (_, at) => server(`vpn${at}`));
  const ledger = ledgerInMemory(servers);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const [at, one] of servers.entries()) {
    const answer = `${at}: ${'x'.repeat(1_000_000)} the value is ${at}`;
    const message = answer.slice(-20);
    const results = [result(one.target.name, 'door/port', { findings: [{ verdict: 'pass', message }] })];
    await ledger.keep(one, audited(one.target.name, { results }), { whole: true, attempts: 1 });
  }
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  t.true(grown < 10_000_000, `${grown} bytes for forty short messages`);
  t.is((await ledger.all()).at(-1)?.results[0]?.findings[0]?.message.endsWith('the value is 39'), true);
});

test('like texts become one text', (t) => {
  const share = sharing();
  const texts = Array.from({ length: 3 }, () =>
    JSON.parse('{"a":["netsh.exe http show sslcert"],"b":null,"c":1,"d":true}'),
  );
  const [first, ...others] = texts.map(share);
  for (const other of others) t.deepEqual(other, first);
  t.deepEqual(first, texts[0]);
});
