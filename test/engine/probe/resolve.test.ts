import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { network, networkOf } from '../../../engine/probe/network.ts';
import { textOf } from '../../../engine/probe/questions.ts';
import { asked, endpointOf, HASTY_MS, probing } from '../../network/asking.ts';
import { startNames } from '../../network/names.ts';

const names = await startNames({
  'both.example.com': { a: ['192.0.2.1', '192.0.2.2'], aaaa: ['2001:db8::1'] },
  'four.example.com': { a: ['192.0.2.1'] },
  'twice.example.com': { a: ['192.0.2.1', '192.0.2.1'] },
  'empty.example.com': {},
  'broken.example.com': 'servfail',
  'silent.example.com': 'silent',
});
test.after.always(() => names.close());

const nowhere = '/nonexistent/hosts';
const options = { nameServers: [names.server], hostsFile: nowhere };
const probe = probing(endpointOf({ port: 443 }), options);

test('a name gives its addresses of both families', async (t) => {
  t.deepEqual(await probe.resolve('both.example.com'), {
    name: 'both.example.com',
    addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
  });
  t.deepEqual((await probe.resolve('FOUR.example.com.')).addresses, ['192.0.2.1']);
  t.deepEqual((await probe.resolve('twice.example.com')).addresses, ['192.0.2.1'], 'each once');
});

test('a name that does not exist, and one without addresses, are known to be so', async (t) => {
  t.deepEqual(await probe.resolve('nothing.example.com'), {
    name: 'nothing.example.com',
    addresses: [],
    missing: 'the name does not exist (NXDOMAIN)',
  });
  t.like(await probe.resolve('empty.example.com'), { addresses: [], missing: 'the name has no address' });
});

test('a DNS server that fails leaves the name unknown', async (t) => {
  await t.throwsAsync(probe.resolve('broken.example.com'), { message: /^unreachable: .*ESERVFAIL/ });
});

test('a DNS server that is silent leaves the name unknown, within the deadline', async (t) => {
  const started = performance.now();
  const hasty = probing(endpointOf({ port: 443 }), { ...options, stageMs: HASTY_MS });
  await t.throwsAsync(hasty.resolve('silent.example.com'), { message: /^timed-out: / });
  t.true(performance.now() - started < HASTY_MS + 2_000);
});

test('a run that is stopped does not wait for DNS', async (t) => {
  const endpoint = endpointOf({ port: 443 });
  const transport = network(endpoint, networkOf({ stageMs: 60_000, ...options }));
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  const started = performance.now();
  const question = textOf({ kind: 'resolve', name: 'silent.example.com' });
  const [answer] = await transport.exchange([question], { signal: stop.signal });
  t.is(answer?.missing?.reason, 'cancelled');
  t.true(performance.now() - started < 5_000);
});

test('the hosts file goes before DNS', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-hosts-'));
  const hostsFile = path.join(folder, 'hosts');
  await writeFile(
    hostsFile,
    '# 192.0.2.8 four.example.com\r\n192.0.2.9\tother FOUR.example.com # comment\r\n::9 four.example.com\nnonsense\n',
  );
  const resolved = await probing(endpointOf({ port: 443 }), { ...options, hostsFile }).resolve('four.example.com');
  t.deepEqual(resolved.addresses, ['192.0.2.9', '::9']);
  await rm(folder, { recursive: true });
});

test('an address is its own answer, and localhost never leaves this machine', async (t) => {
  const before = names.asked.length;
  t.deepEqual((await probe.resolve('192.0.2.7')).addresses, ['192.0.2.7']);
  t.deepEqual((await probe.resolve('2001:DB8::7')).addresses, ['2001:db8::7']);
  t.deepEqual((await probe.resolve('vpn.localhost')).addresses, ['127.0.0.1', '::1']);
  t.is(names.asked.length, before);
});

test('without a hosts file and other settings, the names of this machine are known', async (t) => {
  const answer = await asked(network(endpointOf({ port: 443 })), textOf({ kind: 'resolve', name: 'localhost' }));
  t.is(answer.missing, undefined);
  t.regex(Buffer.from(answer.stdout).toString(), /127\.0\.0\.1|::1/);
});
