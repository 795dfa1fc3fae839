/** Facts against what was recorded on real machines, and every recorded answer against every reader. */
import test from 'ava';
import type { RoutingMiniport } from '../../../checks/facts/miniports.ts';
import * as miniports from '../../../checks/facts/miniports.ts';
import { parseSockets } from '../../../checks/facts/read/netstat.ts';
import { parseRegistry } from '../../../checks/facts/read/registry.ts';
import { parseRequestQueues } from '../../../checks/facts/read/request-queues.ts';
import { parseServiceStatus } from '../../../checks/facts/read/service-state.ts';
import { remoteAccess, serverFlags } from '../../../checks/facts/remote-access.ts';
import { type Fact, Unknown } from '../../../engine/define.ts';
import { gather } from '../../../engine/gather.ts';
import type { Reading } from '../../../engine/model.ts';
import { emptyServer, type Server, setValue, transportTo } from '../../server/state.ts';
import { keysOf, sample, sampleNames } from './samples.ts';

const readingOf = async <T>(server: Server, fact: Fact<T>): Promise<Reading<T>> => {
  const options = { signal: new AbortController().signal, keep: async () => {} };
  return (await gather({ server: transportTo(server) }, [fact], options)).readingOf(fact);
};

/** A machine that holds what an export says, and nothing else. */
const holding = (text: string): Server => {
  const server = emptyServer();
  for (const [key, values] of keysOf(text)) for (const [name, value] of values) setValue(server, key, name, value);
  return server;
};

test('the recorded miniport of a client has two ports and accepts no calls', async (t) => {
  const text = sample(t, 'wanminiport-registry-en-1.txt');
  if (text === undefined) return;
  t.like(await readingOf(holding(text), miniports.sstpMiniport), { known: true, value: { ports: 2, inbound: false } });
  // The same values under another id are those of another protocol.
  const other = holding(text.replaceAll('ms_sstpminiport', 'ms_pptpminiport'));
  const closed: RoutingMiniport = { ports: 2, inbound: false, routing: false };
  t.like(await readingOf(other, miniports.pptpMiniport), { known: true, value: closed });
  t.like(await readingOf(other, miniports.sstpMiniport), { known: true, value: undefined });
});

test('the recorded machine without RRAS is not configured, and has the usual flags', async (t) => {
  const text = sample(t, 'rras-parameters-registry-en-1.txt');
  if (text === undefined) return;
  const server = holding(text);
  t.like(await readingOf(server, remoteAccess), { known: true, value: { configured: false, routerType: 7, shut: [] } });
  t.like(await readingOf(server, serverFlags), { known: true, value: 0x802602 });
});

/** What a reader may take for its own: by the program that printed it. All else it must not understand. */
const READERS: Readonly<Record<string, readonly [own: RegExp, read: (text: string) => unknown]>> = {
  'sc.exe': [/^sc-/, (text) => ['RemoteAccess', 'SstpSvc', 'RasMan'].map((name) => parseServiceStatus(name, text))],
  'netstat.exe': [/^netstat-/, parseSockets],
  'netsh.exe': [/^$/, parseRequestQueues],
  'reg.exe': [/^regquery-/, (text) => parseRegistry(/HKEY_[^\]\r\n]*/.exec(text)?.[0] ?? 'HKLM\\SYSTEM', text)],
};
for (const [program, [own, read]] of Object.entries(READERS))
  test(`the reader of ${program} answers Unknown to what other programs printed`, (t) => {
    const others = sampleNames().filter((name) => !own.test(name));
    if (others.length === 0) t.log('SKIPPED: the recorded answers are not at hand');
    for (const name of others) t.throws(() => read(sample(t, name) ?? ''), { instanceOf: Unknown }, name);
    t.pass();
  });
