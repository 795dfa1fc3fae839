import net from 'node:net';
import test from 'ava';
import type { Trouble } from '../../../engine/probe/seen.ts';
import { endpointOf, HASTY_MS, PATIENT_MS, probing } from '../../network/asking.ts';
import { listening } from '../../network/listening.ts';
import { type ProxyMode, startProxy } from '../../network/proxy.ts';
import { startRras } from '../../network/rras.ts';

const through = async (mode: ProxyMode, address = '127.0.0.1') => {
  const [server, proxy] = [await startRras(), await startProxy(mode)];
  const endpoint = endpointOf(server, { proxy: `127.0.0.1:${proxy.port}` });
  const stageMs = mode === 'proxy-silent' ? HASTY_MS : PATIENT_MS;
  const handshake = await probing(endpoint, { stageMs }).handshake(address, 'sstp');
  await Promise.all([server.close(), proxy.close()]);
  return { handshake, server, proxy };
};

for (const mode of ['healthy', 'http-1.0'] as const)
  test(`a proxy that is ${mode} makes the connection, which is a step of its own`, async (t) => {
    const { handshake, server, proxy } = await through(mode);
    t.deepEqual(
      handshake.steps.map(({ stage, trouble }) => [stage, trouble]),
      ['proxy', 'tcp', 'tls', 'http', 'sstp'].map((stage) => [stage, undefined]),
    );
    t.is(handshake.sstp?.message, 'CALL_CONNECT_ACK');
    t.deepEqual([proxy.asked, server.aborts()], [[`127.0.0.1:${server.port}`], 1]);
  });

test('a proxy is asked for the name when a name is given, and resolves it itself', async (t) => {
  const { handshake, server, proxy } = await through('healthy', 'localhost');
  t.is(handshake.sstp?.message, 'CALL_CONNECT_ACK');
  t.deepEqual(proxy.asked, [`localhost:${server.port}`]);
});

const WRONG: Readonly<Record<Exclude<ProxyMode, 'healthy' | 'http-1.0'>, [kind: Trouble['kind'], detail: RegExp]>> = {
  'proxy-407': ['declined', /HTTP 407 Proxy Authentication Required/],
  'proxy-403': ['declined', /HTTP 403 Forbidden/],
  'proxy-silent': ['timed-out', /0 bytes came/],
  'proxy-close': ['closed', /without an answer/],
  'proxy-reset': ['reset', /ECONNRESET/],
  'proxy-garbage': ['garbage', /not HTTP/],
  'proxy-endless': ['too-large', /16384 bytes/],
};

for (const [mode, [kind, detail]] of Object.entries(WRONG) as [keyof typeof WRONG, [Trouble['kind'], RegExp]][])
  test(`the trouble of a proxy that is ${mode} is its own`, async (t) => {
    const { handshake, server } = await through(mode);
    t.is(handshake.steps.length, 1);
    t.like(handshake.steps[0], { stage: 'proxy', trouble: { kind } });
    t.regex(handshake.steps[0]?.trouble?.detail ?? '', detail);
    t.is(server.saw.connections, 0);
  });

test('a proxy that cannot reach the server is in trouble, not the server', async (t) => {
  const [gone, proxy] = [await listening(net.createServer()), await startProxy('healthy')];
  t.teardown(proxy.close);
  await gone.close();
  const endpoint = endpointOf(gone, { proxy: `127.0.0.1:${proxy.port}` });
  t.like(await probing(endpoint).handshake('127.0.0.1', 'sstp'), {
    steps: [{ stage: 'proxy', trouble: { kind: 'declined', detail: 'the proxy answered HTTP 502 Bad Gateway' } }],
  });
});

test('a proxy that nobody listens on is refused', async (t) => {
  const [server, gone] = [await startRras(), await listening(net.createServer())];
  t.teardown(server.close);
  await gone.close();
  const endpoint = endpointOf(server, { proxy: `localhost:${gone.port}` });
  t.like(await probing(endpoint).handshake('127.0.0.1', 'sstp'), {
    steps: [{ stage: 'proxy', trouble: { kind: 'refused' } }],
  });
});

test('versions are asked for through the proxy, too', async (t) => {
  const [server, proxy] = [await startRras({ mode: 'tls-1.2-only' }), await startProxy('healthy')];
  t.teardown(server.close);
  t.teardown(proxy.close);
  const endpoint = endpointOf(server, { proxy: `127.0.0.1:${proxy.port}` });
  const offers = await probing(endpoint).versions('127.0.0.1');
  t.deepEqual(
    offers.filter(({ suites }) => suites.length > 0).map(({ version }) => version),
    ['TLS 1.2'],
  );
  t.is(server.saw.connections, proxy.asked.length);
});
