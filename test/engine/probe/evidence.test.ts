import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { X509Certificate } from '@peculiar/x509';
import test from 'ava';
import { defineFact, type NetworkFact } from '../../../engine/define.ts';
import { readFolder } from '../../../engine/evidence/read.ts';
import { createFolder } from '../../../engine/evidence/write.ts';
import { gather } from '../../../engine/gather.ts';
import { Mistake } from '../../../engine/mistake.ts';
import { readRoots, writeRoots } from '../../../engine/probe/answers.ts';
import { network, networkOf } from '../../../engine/probe/network.ts';
import { textOf } from '../../../engine/probe/questions.ts';
import { machineRoots, rootsIn } from '../../../engine/probe/roots.ts';
import type { Endpoint, Fetched } from '../../../engine/probe/seen.ts';
import { replay } from '../../../engine/transports/replay.ts';
import { asked, endpointOf, HASTY_MS, probeOver } from '../../network/asking.ts';
import type { Mode } from '../../network/modes.ts';
import { startProxy } from '../../network/proxy.ts';
import { pem, startRras } from '../../network/rras.ts';
import { LIST, startWeb } from '../../network/web.ts';
import { authority, issuing, root } from '../../server/pki.ts';

const { signal } = new AbortController();
const about = {
  tool: { name: 'sstp-audit', version: 'test' },
  vantage: 'network',
  transport: 'network',
  os: null,
  codePage: null,
  startedAt: '2026-11-01T00:00:00.000Z',
  finishedAt: '2026-11-01T00:00:01.000Z',
} as const;

const shared = networkOf({ allowPrivate: true });
const hasty = networkOf({ stageMs: HASTY_MS });
const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-probe-'));
test.after.always(() => rm(folder, { recursive: true }));
let folders = 0;

/** Asks through the engine, live, then again from the sealed folder that was kept meanwhile. */
const twice = async <T>(endpoint: Endpoint, ask: NetworkFact<T>['ask'], run = shared) => {
  const fact = defineFact<T>({ id: 'test', vantage: 'network', ask });
  const target = { name: `vpn${folders++}`, address: 'probe://vpn', tags: [], inputs: {} };
  const kept = await createFolder(folder, target);
  const live = await gather({ network: { transport: network(endpoint, run), endpoint } }, [fact], {
    signal,
    keep: kept.keep,
  });
  await kept.seal({ ...about, endpoint });
  const recording = await readFolder(kept.path);
  const again = await gather({ network: { transport: replay(recording), endpoint } }, [fact], {
    signal,
    keep: async () => {},
  });
  const text = recording.evidence.map(({ stdout }) => Buffer.from(stdout).toString()).join('\n');
  return { live: live.readingOf(fact), again: again.readingOf(fact), text };
};

/** A mode, and bytes that the server sent and evidence must hold. */
const KEPT: Partial<Record<Mode, string>> = {
  healthy: 'HTTP/1.1 200\r\nContent-Length: 18446744073709551615\r\n',
  'tls-plain-http': 'HTTP/1.1 400 Bad Request\r\n',
  'tls-alert-40': '\x15\x03\x03\x00\x02\x02\x28',
  'http-404': 'HTTP/1.1 404 Not Found\r\n',
  'http-half': 'HTTP/1.1 200 OK\r\nContent-',
  'sstp-nak': 'HTTP/1.1 200\r\n',
  'sstp-garbage': 'HTTP/1.1 200\r\n',
  'sstp-truncated': 'HTTP/1.1 200\r\n',
};
for (const [mode, bytes] of Object.entries(KEPT) as [Mode, string][])
  test(`what a server that is ${mode} said is kept, and means the same when it is read again`, async (t) => {
    const server = await startRras({ mode });
    t.teardown(server.close);
    const { live, again, text } = await twice(
      endpointOf(server),
      (probe) => probe.handshake('127.0.0.1', 'sstp'),
      hasty,
    );
    t.true(live.known);
    t.deepEqual(again, live);
    const received = [...text.matchAll(/"(?:raw|inside)": "([^"]+)"/g)].map(([, base64 = '']) =>
      Buffer.from(base64, 'base64'),
    );
    t.true(received.some((kept) => kept.toString('latin1').startsWith(bytes)));
  });

test('what a proxy said in place of consent is kept', async (t) => {
  const [server, proxy] = [await startRras(), await startProxy('proxy-407')];
  t.teardown(server.close);
  t.teardown(proxy.close);
  const endpoint = endpointOf(server, { proxy: `127.0.0.1:${proxy.port}` });
  const { live, again, text } = await twice(endpoint, (probe) => probe.handshake('127.0.0.1', 'sstp'));
  t.deepEqual(again, live);
  t.regex(Buffer.from(/"raw": "([^"]+)"/.exec(text)?.[1] ?? '', 'base64').toString(), /^HTTP\/1\.1 407 Proxy/);
});

test('every question has the same answer from the evidence', async (t) => {
  const [server, web] = [await startRras(), await startWeb()];
  t.teardown(server.close);
  t.teardown(web.close);
  const { live, again } = await twice(endpointOf(server), async (probe) => ({
    resolved: await probe.resolve('localhost'),
    versions: await probe.versions('127.0.0.1'),
    list: await probe.fetch(`${web.base}/good.crl`),
    missing: await probe.fetch(`${web.base}/404.crl`),
    posted: await probe.fetch(`${web.base}/ocsp`, new Uint8Array([1, 2])),
    roots: await probe.trustedRoots('3000'),
  }));
  t.true(live.known);
  t.deepEqual(again, live);
});

test('URLs that differ in nothing but case are kept apart', async (t) => {
  const web = await startWeb();
  t.teardown(web.close);
  const quick = networkOf({ fetchMs: HASTY_MS, allowPrivate: true });
  const ask: NetworkFact<readonly Fetched[]>['ask'] = async (probe) => [
    await probe.fetch(`${web.base}/good.crl`),
    await probe.fetch(`${web.base}/GOOD.crl`),
  ];
  const { live, again } = await twice(endpointOf({ port: 443 }), ask, quick);
  t.deepEqual(again, live);
  t.deepEqual(again.known && again.value.map((fetched) => 'body' in fetched && fetched.body.length), [
    LIST.length,
    false,
  ]);
});

test('an address that refuses leaves the call for the next one', async (t) => {
  const server = await startRras();
  t.teardown(server.close);
  const closed = await startRras();
  await closed.close();
  const ask = (transport: ReturnType<typeof network>, address: string, port: number) =>
    asked(transport, textOf({ kind: 'handshake', address, until: 'sstp', endpoint: endpointOf({ port }) }));
  const transport = network(endpointOf(server));
  t.is((await ask(transport, '127.0.0.1', closed.port)).missing, undefined);
  t.is((await ask(transport, '127.0.0.1', server.port)).missing, undefined);
  t.like(await ask(transport, '127.0.0.1', closed.port), { missing: { reason: 'bug' } });
  t.is(server.aborts(), 1);
});

test('a second call for SSTP is not made, to whatever address', async (t) => {
  const server = await startRras();
  t.teardown(server.close);
  const endpoint = endpointOf(server);
  const transport = network(endpoint, shared);
  const [first, second] = ['127.0.0.1', '::1'].map((address) =>
    textOf({ kind: 'handshake', address, until: 'sstp', endpoint }),
  );
  t.is((await asked(transport, first ?? '')).missing, undefined);
  t.like(await asked(transport, second ?? ''), {
    exitCode: null,
    missing: { reason: 'bug', detail: 'a second SSTP call to vpn.example.com is not made' },
  });
  t.is(server.saw.connections, 1);
  t.is((await probeOver(transport, endpoint).handshake('127.0.0.1', 'tls')).steps.length, 2, 'up to TLS it may');
});

test('targets that share a server call it one after another, and keep nobody from calling another', async (t) => {
  const [server, silent] = await Promise.all([startRras(), startRras({ mode: 'sstp-silent' })]);
  for (const { close } of [server, silent]) t.teardown(close);
  const all = networkOf({ stageMs: HASTY_MS });
  const call = ({ port }: { port: number }) =>
    probeOver(network(endpointOf({ port }), all), endpointOf({ port })).handshake('127.0.0.1', 'sstp');
  const started = performance.now();
  const waiting = [call(silent), call(silent)];
  const steps = await Promise.all([1, 2, 3, 4, 5].map(async () => (await call(server)).steps.at(-1)));
  t.true(performance.now() - started < HASTY_MS);
  t.deepEqual(
    steps.map((step) => [step?.stage, step?.trouble]),
    steps.map(() => ['sstp', undefined]),
  );
  t.deepEqual(server.saw.messages, [1, 5, 1, 5, 1, 5, 1, 5, 1, 5]);
  await Promise.all(waiting);
  t.deepEqual(silent.saw.messages, [1, 5, 1, 5]);
});

for (const [name, reason] of [
  ['AbortError', 'cancelled'],
  ['TimeoutError', 'timed-out'],
] as const)
  test(`a run that is stopped by ${name} leaves politely, and what it heard is not whole`, async (t) => {
    const server = await startRras({ mode: 'sstp-silent' });
    t.teardown(server.close);
    const endpoint = endpointOf(server);
    const stop = new AbortController();
    const transport = network(endpoint, networkOf({ stageMs: 60_000 }));
    const question = textOf({ kind: 'handshake', address: '127.0.0.1', until: 'sstp', endpoint });
    const watching = setInterval(() => {
      if (server.saw.messages.length > 0) stop.abort(new DOMException('stopped', name));
    }, 20);
    const [answer] = await transport.exchange([question], { signal: stop.signal });
    clearInterval(watching);
    t.is(answer?.missing?.reason, reason);
    t.is(server.aborts(), 1);
    const [after] = await transport.exchange([question], { signal: stop.signal });
    t.is(after?.missing?.reason, reason, 'nothing more is asked');
    t.is(server.saw.connections, 1);
  });

test('what the probe does not understand, and an endpoint that cannot be, are defects and not answers', async (t) => {
  const transport = network(endpointOf({ port: 443 }), shared);
  t.is((await asked(transport, 'probe frobnicate x')).missing?.reason, 'bug');
  const impossible = textOf({
    kind: 'handshake',
    address: '127.0.0.1',
    until: 'tls',
    endpoint: endpointOf({ port: 70_000 }),
  });
  t.is((await asked(transport, impossible)).missing?.reason, 'bug');
  const unresolved = textOf({
    kind: 'handshake',
    address: 'localhost',
    until: 'tls',
    endpoint: endpointOf({ port: 443 }),
  });
  t.like((await asked(transport, unresolved)).missing, {
    reason: 'bug',
    detail: 'the probe failed: Error: localhost is dialled before it is resolved',
  });
});

const subjectOf = ({ certificate }: typeof root): string =>
  Buffer.from(certificate.subjectName.toArrayBuffer()).toString('hex').toUpperCase();

test('roots are found by their own name, not by a name in them', async (t) => {
  const file = path.join(folder, 'roots.pem');
  const other = await authority({ name: 'Other Root', key: 'other' });
  await writeFile(file, `Some words\n${pem(root.der)}\n${pem(other.der)}${pem(issuing.der)}`);
  const endpoint = endpointOf({ port: 443 });
  const transport = network(endpoint, networkOf({ roots: await rootsIn([file]) }));
  const probe = probeOver(transport, endpoint);
  const found = async (made: typeof root) =>
    (await probe.trustedRoots(subjectOf(made))).map(({ der }) => Buffer.from(der));
  t.deepEqual(await found(root), [Buffer.from(root.der)], 'the issuing authority has the name, too, as its issuer');
  t.deepEqual(await found(other), [Buffer.from(other.der)]);
  t.deepEqual(await probe.trustedRoots('3000'), []);
  const answer = await asked(transport, textOf({ kind: 'trusted-roots', subjectId: '3000' }));
  t.is(Buffer.from(answer.stderr).toString(), `the roots in ${file}, 3 certificates\n`);
});

test("where no roots are given, this machine's own count, and evidence says so", async (t) => {
  const answer = await asked(network(endpointOf({ port: 443 })), textOf({ kind: 'trusted-roots', subjectId: '3000' }));
  t.regex(
    Buffer.from(answer.stderr).toString(),
    /^(this machine's own roots|the roots that come with Node v\S+), [1-9]\d* certificates\n$/,
  );
  t.is(machineRoots().source, Buffer.from(answer.stderr).toString().trimEnd());
});

test('roots that come with Node count beside those of Windows, which adds public ones when it needs them', (t) => {
  const bundled = `the roots that come with Node ${process.version}`;
  const sourceOf = (...given: Parameters<typeof machineRoots>) => machineRoots(...given).source.replace(/, \d+ .*/, '');
  t.is(sourceOf([pem(root.der)], 'win32'), `this machine's own roots and ${bundled}`);
  t.is(sourceOf([pem(root.der)], 'linux'), "this machine's own roots");
  t.is(sourceOf([], 'linux'), bundled);
});

test('a root of this machine that is none of the public ones is told as its own, in evidence, too', async (t) => {
  const [bundled = ''] = tls.rootCertificates;
  const machine = machineRoots([pem(root.der), bundled], 'linux');
  const subject = new X509Certificate(bundled).subjectName.toArrayBuffer();
  const own = await machine.named(Buffer.from(subjectOf(root), 'hex'));
  t.deepEqual(own, [{ der: new Uint8Array(root.der), isOwn: true }]);
  const known = await machine.named(Buffer.from(subject));
  t.deepEqual(
    known.map(({ isOwn }) => isOwn),
    [undefined],
  );
  for (const roots of [own, known]) t.deepEqual(readRoots(writeRoots(roots)), roots);
});

for (const [content, message] of [
  [undefined, /cannot be read/],
  ['no certificate at all', /holds no certificate/],
  [`${pem(root.der)}${pem(new Uint8Array([1, 2, 3]))}`, /certificate that cannot be read/],
] as const)
  test(`a file of roots is a mistake when it ${message.source}`, async (t) => {
    const file = path.join(folder, `${message.source.replaceAll(' ', '-')}.pem`);
    if (content !== undefined) await writeFile(file, content);
    await t.throwsAsync(rootsIn([file]), { instanceOf: Mistake, message });
  });
