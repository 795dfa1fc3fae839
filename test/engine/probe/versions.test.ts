import net from 'node:net';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { alertIn, clientHello, SUITES, serverWordsIn, VERSION_CODES } from '../../../engine/probe/hello.ts';
import { TLS_VERSIONS, type VersionOffer } from '../../../engine/probe/seen.ts';
import { endpointOf, HASTY_MS, PATIENT_MS, probing } from '../../network/asking.ts';
import { listening } from '../../network/listening.ts';
import { offerIn, type Refusal, startPicky } from '../../network/picky.ts';
import { startRras } from '../../network/rras.ts';
import * as says from '../../network/says.ts';

const versionsOf = (server: { port: number }, stageMs = PATIENT_MS) =>
  probing(endpointOf(server), { stageMs }).versions('127.0.0.1');
const accepted = (offers: readonly VersionOffer[]) =>
  Object.fromEntries(offers.filter(({ suites }) => suites.length > 0).map(({ version, suites }) => [version, suites]));
const sure = (t: ExecutionContext, offers: readonly VersionOffer[]) =>
  t.deepEqual(
    offers.filter(({ trouble }) => trouble),
    [],
  );

test.serial('a hello offers what it should, and nothing in it is out of joint', (t) => {
  for (const version of TLS_VERSIONS) {
    const offer = offerIn(clientHello(version, SUITES[version], 'vpn.example.com'));
    t.deepEqual([offer.version, offer.suites], [VERSION_CODES[version], SUITES[version]]);
    t.is(offer.serverName, version === 'SSL 3.0' ? undefined : 'vpn.example.com');
  }
  t.is(offerIn(clientHello('TLS 1.2', [1], '192.0.2.1')).serverName, undefined);
  t.is(new Set(SUITES['TLS 1.2']).size, SUITES['TLS 1.2'].length, 'each suite once');
});

test.serial('a ServerHello is read however it is cut', (t) => {
  const hello = Buffer.concat([says.alert(112, 1), says.serverHello(0x301, 0x2f)]);
  for (let length = 0; length < hello.length; length++) t.is(serverWordsIn(hello.subarray(0, length)), undefined);
  t.deepEqual(serverWordsIn(hello), { version: 'TLS 1.0', suite: 0x2f });
  const message = says.serverHello(0x304, 0x1301).subarray(5);
  const split = [message.subarray(0, 10), message.subarray(10)].map((part) => says.record(0x16, ...part));
  t.deepEqual(serverWordsIn(Buffer.concat(split)), { version: 'TLS 1.3', suite: 0x1301 });
});

test.serial('no bytes make the reader fail', (t) => {
  const anything = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const almost = fc
    .tuple(fc.constantFrom(0x15, 0x16, 0x14), anything)
    .map(([type, rest]) => Buffer.from([type, 3, 1, ...rest]));
  fc.assert(
    fc.property(fc.oneof(anything, almost), (bytes) => {
      serverWordsIn(bytes);
      alertIn(bytes);
      t.pass();
    }),
    { numRuns: 2_000 },
  );
});

test.serial('a modern server offers what it was told to', async (t) => {
  const ciphers = 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256';
  const server = await startRras({ tls: { ciphers: `TLS_AES_256_GCM_SHA384:${ciphers}`, honorCipherOrder: true } });
  t.teardown(server.close);
  const offers = await versionsOf(server);
  sure(t, offers);
  t.deepEqual(accepted(offers), { 'TLS 1.2': [0xc030, 0xc02f], 'TLS 1.3': [0x1302] });
  t.is(server.saw.connections, 8, 'one for each suite, and one for each version that says no');
});

test.serial('an old server is understood where OpenSSL would not offer what it accepts', async (t) => {
  const server = await startPicky({
    accepts: { 'SSL 3.0': [0x05, 0x04], 'TLS 1.0': [0x0a, 0x2f], 'TLS 1.2': [0xc030, 0x9d, 0x35, 0x0a, 0x05] },
  });
  t.teardown(server.close);
  const offers = await versionsOf(server);
  sure(t, offers);
  t.deepEqual(accepted(offers), {
    'SSL 3.0': [0x05, 0x04],
    'TLS 1.0': [0x0a, 0x2f],
    'TLS 1.2': [0xc030, 0x9d, 0x35, 0x0a, 0x05],
  });
});

test.serial('a server that steps down to another version does not offer the one that was asked for', async (t) => {
  const server = await startPicky({ accepts: { 'TLS 1.0': [0x2f] }, steps: true });
  t.teardown(server.close);
  t.deepEqual(accepted(await versionsOf(server)), { 'TLS 1.0': [0x2f] });
});

test.serial('at most four connections are open at a time', async (t) => {
  const suites = SUITES['TLS 1.2'].slice(0, 30);
  const server = await startPicky({
    accepts: { 'TLS 1.0': suites, 'TLS 1.1': suites, 'TLS 1.2': suites, 'SSL 3.0': suites },
  });
  t.teardown(server.close);
  t.is((await versionsOf(server))[3]?.suites.length, 30);
  t.true(server.most() >= 2 && server.most() <= 4, `${server.most()} at a time`);
});

const SURE: readonly Refusal[] = ['alert-70', 'alert-40', 'alert-80', 'close', 'reset'];
for (const refusal of SURE)
  test.serial(`a version that is refused by ${refusal} is not offered, when another one is`, async (t) => {
    const server = await startPicky({
      accepts: { 'TLS 1.2': [0xc030] },
      refuses: { 'SSL 3.0': refusal, 'TLS 1.0': refusal, 'TLS 1.1': refusal, 'TLS 1.2': refusal, 'TLS 1.3': refusal },
    });
    t.teardown(server.close);
    const offers = await versionsOf(server);
    sure(t, offers);
    t.deepEqual(accepted(offers), { 'TLS 1.2': [0xc030] });
  });

for (const [refusal, kind] of [
  ['alert-112', 'alert'],
  ['silent', 'timed-out'],
  ['garbage', 'garbage'],
] as const)
  test.serial(`a version that is answered by ${refusal} is neither offered nor not offered`, async (t) => {
    const server = await startPicky({ accepts: { 'TLS 1.2': [0xc030] }, refuses: { 'TLS 1.0': refusal } });
    t.teardown(server.close);
    const offers = await versionsOf(server, kind === 'timed-out' ? HASTY_MS : PATIENT_MS);
    t.like(offers[1], { version: 'TLS 1.0', suites: [], trouble: { kind } });
    t.deepEqual(offers.filter(({ trouble }) => trouble).length, 1);
  });

test.serial('a server that hangs up on everyone offers nothing that is known', async (t) => {
  for (const mode of ['tls-reset', 'tls-close'] as const) {
    const server = await startRras({ mode });
    t.teardown(server.close);
    const offers = await versionsOf(server);
    t.deepEqual(
      offers.map(({ trouble }) => trouble?.kind),
      TLS_VERSIONS.map(() => (mode === 'tls-reset' ? 'reset' : 'closed')),
    );
  }
});

test.serial('a server that hangs up when it is asked too often has said nothing of the rest', async (t) => {
  const suites = [0xc030, 0xc02f, 0x9d, 0x9c];
  const server = await startPicky({ accepts: { 'TLS 1.2': suites }, tiresAfter: 6 });
  t.teardown(server.close);
  const tls12 = (await versionsOf(server)).find(({ version }) => version === 'TLS 1.2');
  t.is(tls12?.trouble?.kind, 'closed');
  t.true((tls12?.suites.length ?? 9) < suites.length);
});

test.serial('a port that nobody listens on offers nothing that is known', async (t) => {
  const gone = await listening(net.createServer());
  await gone.close();
  t.deepEqual(
    (await versionsOf(gone)).map(({ trouble }) => trouble?.kind),
    TLS_VERSIONS.map(() => 'refused'),
  );
});
