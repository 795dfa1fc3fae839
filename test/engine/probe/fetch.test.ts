import net from 'node:net';
import test from 'ava';
import { LIMITS } from '../../../engine/limits.ts';
import { network, networkOf } from '../../../engine/probe/network.ts';
import { textOf } from '../../../engine/probe/questions.ts';
import type { Fetched } from '../../../engine/probe/seen.ts';
import { endpointOf, HASTY_MS, PATIENT_MS, probeOver, probing } from '../../network/asking.ts';
import { listening } from '../../network/listening.ts';
import { startNames } from '../../network/names.ts';
import { LIST, type Path, startWeb } from '../../network/web.ts';

const endpoint = endpointOf({ port: 443 });
const web = await startWeb();
test.after.always(() => web.close());
const probe = probing(endpoint, { allowPrivate: true });

const bodyOf = (fetched: Fetched): string => ('body' in fetched ? Buffer.from(fetched.body).toString() : 'no body');
const troubleIn = (fetched: Fetched) => ('trouble' in fetched ? fetched.trouble : { kind: 'none', detail: '' });

test('a list is fetched whole, whatever the form in which it travels', async (t) => {
  for (const path of ['/good.crl', '/chunked.crl'])
    t.is(bodyOf(await probe.fetch(`${web.base}${path}`)), LIST.toString());
  t.is(bodyOf(await probe.fetch(`${web.base}/empty.crl`)), '');
  const largest = await probe.fetch(`${web.base}/exactly-1-mib.crl`);
  t.is('body' in largest ? largest.body.length : 0, 1_048_576);
});

const WRONG: Partial<Record<Path, [kind: string, detail: RegExp]>> = {
  '/404.crl': ['not-found', /HTTP 404/],
  '/410.crl': ['not-found', /HTTP 410/],
  '/500.crl': ['declined', /HTTP 500/],
  '/redirect.crl': ['declined', /HTTP 302 Found: redirects are not followed/],
  '/loop.crl': ['declined', /HTTP 301/],
  '/too-large.crl': ['too-large', /1048576 bytes/],
  '/endless.crl': ['too-large', /1048576 bytes/],
  '/endless-head.crl': ['too-large', /head/],
  '/slow.crl': ['timed-out', /1\.5 s/],
  '/silent.crl': ['timed-out', /1\.5 s/],
  '/cut.crl': ['closed', /before the answer did/],
  '/close.crl': ['closed', /before the answer did/],
  '/reset.crl': ['reset', /ECONNRESET/],
  '/garbage.crl': ['garbage', /not HTTP/],
};
for (const [path, [kind, detail]] of Object.entries(WRONG))
  test(`${path} has a trouble of its own, within the deadline`, async (t) => {
    const started = performance.now();
    const fetchMs = kind === 'timed-out' ? HASTY_MS : PATIENT_MS;
    const trouble = troubleIn(await probing(endpoint, { allowPrivate: true, fetchMs }).fetch(`${web.base}${path}`));
    t.is(trouble.kind, kind, trouble.detail);
    t.regex(trouble.detail, detail);
    t.true(performance.now() - started < fetchMs + 2_000);
  });

test('a list has as long as Windows gives it, whatever the deadline of a stage', async (t) => {
  const hasty = probing(endpoint, { stageMs: HASTY_MS, allowPrivate: true });
  t.is(bodyOf(await hasty.fetch(`${web.base}/slow.crl`)), LIST.toString());
  t.is(LIMITS.fetchMs, 15_000);
});

test('a redirect is not followed', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  await probing(endpoint, { allowPrivate: true }).fetch(`${own.base}/redirect.crl`);
  t.deepEqual(own.asked, ['GET /redirect.crl']);
});

test('a port that nobody listens on is refused', async (t) => {
  const gone = await listening(net.createServer());
  await gone.close();
  t.is(troubleIn(await probe.fetch(`http://127.0.0.1:${gone.port}/a.crl`)).kind, 'refused');
});

test('an OCSP request is posted with its content type', async (t) => {
  const request = new Uint8Array([0x30, 0x31, 0x32]);
  t.is(bodyOf(await probe.fetch(`${web.base}/ocsp`, request)), 'for 012');
});

for (const [url, detail] of [
  ['ldap:///CN=ca,DC=example?certificateRevocationList', /only http/],
  ['https://127.0.0.1/a.crl', /only http/],
  ['file:///etc/passwd', /only http/],
  ['http://user:password@127.0.0.1/a.crl', /user name/],
  ['not a URL', /no URL/],
] as const)
  test(`${url} is not fetched`, async (t) => {
    const trouble = troubleIn(await probe.fetch(url));
    t.is(trouble.kind, 'forbidden');
    t.regex(trouble.detail, detail);
  });

test('a private address is not asked unless the operator allows it, however it is written', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  const strict = probing(endpoint);
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', '0.0.0.0'])
    t.is(troubleIn(await strict.fetch(`http://${host}:${own.port}/good.crl`)).kind, 'forbidden', host);
  t.deepEqual(own.asked, []);
  t.is(bodyOf(await probe.fetch(`${own.base}/good.crl`)), LIST.toString());
});

test('an address that stands for another one, and where clouds keep secrets, is asked for nobody', async (t) => {
  for (const host of [
    '169.254.169.254',
    '[::ffff:127.0.0.1]',
    '[fe80::1]',
    '0.0.0.0',
    '224.0.0.1',
    '[64:ff9b::7f00:1]',
  ])
    t.is(troubleIn(await probe.fetch(`http://${host}:${web.port}/good.crl`)).kind, 'forbidden', host);
});

test('a name is judged by its addresses', async (t) => {
  const names = await startNames({ 'inside.example.com': { a: ['127.0.0.1'], aaaa: ['fd00::1'] } });
  t.teardown(names.close);
  const strict = probing(endpoint, { nameServers: [names.server], hostsFile: '/nonexistent' });
  t.deepEqual(troubleIn(await strict.fetch(`http://inside.example.com:${web.port}/good.crl`)), {
    kind: 'forbidden',
    detail:
      'inside.example.com is at 127.0.0.1, fd00::1, which is not a public address (--allow-private asks it; clients outside cannot)',
  });
  t.regex(troubleIn(await strict.fetch('http://169.254.169.254/a.crl')).detail, /which is not a public address$/);
});

test('of several addresses the first that takes the connection is asked', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  const names = await startNames({
    'broken.example.com': { a: ['127.0.0.76', '127.0.0.1'] },
    'twice.example.com': { a: ['127.0.0.1', '127.0.0.77'] },
    'down.example.com': { a: ['127.0.0.76', '127.0.0.77'] },
    'many.example.com': { a: [...[70, 71, 72, 73, 74].map((last) => `127.0.0.${last}`), '127.0.0.1'] },
  });
  t.teardown(names.close);
  const asking = probing(endpoint, { nameServers: [names.server], hostsFile: '/nonexistent', allowPrivate: true });
  const at = (name: string, path = '/good.crl') => asking.fetch(`http://${name}.example.com:${own.port}${path}`);
  t.is(bodyOf(await at('broken')), LIST.toString());
  t.is(troubleIn(await at('twice', '/404.crl')).kind, 'not-found');
  t.is(troubleIn(await at('twice', '/close.crl')).kind, 'closed');
  t.is(troubleIn(await at('down')).kind, 'refused');
  t.is(troubleIn(await at('many')).kind, 'refused');
  t.deepEqual(own.asked, ['GET /good.crl', 'GET /404.crl', 'GET /close.crl']);
});

test('a name that does not exist is told apart from one for which DNS does not answer', async (t) => {
  const names = await startNames({ 'broken.example.com': 'servfail' });
  t.teardown(names.close);
  const asking = probing(endpoint, { nameServers: [names.server], hostsFile: '/nonexistent' });
  t.is(troubleIn(await asking.fetch('http://gone.example.com/a.crl')).kind, 'not-found');
  t.is(troubleIn(await asking.fetch('http://broken.example.com/a.crl')).kind, 'unreachable');
});

test('a name that changes its mind after it was checked gains nothing', async (t) => {
  const own = await startWeb('127.0.0.77');
  t.teardown(own.close);
  let times = 0;
  // Once for each family; whoever asks again is sent to another server.
  const names = await startNames({ 'rebind.example.com': () => ({ a: [times++ < 2 ? '127.0.0.1' : '127.0.0.77'] }) });
  t.teardown(names.close);
  const open = probing(endpoint, { nameServers: [names.server], hostsFile: '/nonexistent', allowPrivate: true });
  t.is(bodyOf(await open.fetch(`http://rebind.example.com:${web.port}/good.crl`)), LIST.toString());
  t.deepEqual([names.asked.length, own.asked.length], [2, 0]);
});

test('targets of one run share what was fetched, troubles included', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  const shared = networkOf({ fetchMs: HASTY_MS, allowPrivate: true });
  const probes = [1, 2, 3].map(() => probeOver(network(endpoint, shared), endpoint));
  for (const path of ['/good.crl', '/404.crl', '/silent.crl'])
    await Promise.all(probes.map((each) => each.fetch(`${own.base}${path}`)));
  await probes[0]?.fetch(`${own.base}/ocsp`, new Uint8Array([1]));
  await probes[1]?.fetch(`${own.base}/ocsp`, new Uint8Array([2]));
  t.deepEqual(own.asked, ['GET /good.crl', 'GET /404.crl', 'GET /silent.crl', 'POST /ocsp', 'POST /ocsp']);
});

test('one target that gives up does not end what another waits for', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  const shared = networkOf({ allowPrivate: true });
  const stop = new AbortController();
  const question = textOf({ kind: 'fetch', url: `${own.base}/slow.crl` });
  const [hasty, patient] = [network(endpoint, shared), network(endpoint, shared)];
  setTimeout(() => stop.abort(), 100);
  const [cut, whole] = await Promise.all([
    hasty.exchange([question], { signal: stop.signal }),
    patient.exchange([question], { signal: new AbortController().signal }),
  ]);
  t.is(cut[0]?.missing?.reason, 'cancelled');
  t.is(whole[0]?.missing, undefined);
  t.regex(Buffer.from(whole[0]?.stdout ?? '').toString(), /"body"/);
  t.is(own.asked.length, 1);
});

test('when the last who waits gives up, the connection ends', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  const transport = network(endpoint, networkOf({ fetchMs: 60_000, allowPrivate: true }));
  await transport.exchange([textOf({ kind: 'fetch', url: `${own.base}/silent.crl` })], { signal: stop.signal });
  for (let left = 200; left > 0 && own.open() > 0; left--) await new Promise((resolve) => setTimeout(resolve, 25));
  t.is(own.open(), 0);
});

test('more URLs than a chain can need are not fetched for one target', async (t) => {
  const own = await startWeb();
  t.teardown(own.close);
  const transport = network(endpoint, networkOf({ allowPrivate: true }));
  const questions = Array.from({ length: 50 }, (_, at) => textOf({ kind: 'fetch', url: `${own.base}/404.crl?${at}` }));
  const answers = await transport.exchange(questions, { signal: new AbortController().signal });
  t.deepEqual([own.asked.length, answers.filter(({ missing }) => missing?.reason === 'truncated').length], [32, 18]);
});
