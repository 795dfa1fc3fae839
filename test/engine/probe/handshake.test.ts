import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import net from 'node:net';
import { PemConverter } from '@peculiar/x509';
import test, { type ExecutionContext } from 'ava';
import { LIMITS } from '../../../engine/limits.ts';
import type { Stage, Trouble } from '../../../engine/probe/seen.ts';
import { troubleOf } from '../../../engine/probe/trouble.ts';
import { endpointOf, HASTY_MS, handshakeWith, PATIENT_MS, probing } from '../../network/asking.ts';
import { listening } from '../../network/listening.ts';
import { MODES, type Mode } from '../../network/modes.ts';
import { startRras } from '../../network/rras.ts';
import { ocspOf } from '../../server/ocsp.ts';
import { issuing, leaf, root, selfSignedByEd25519, vpn } from '../../server/pki.ts';

type Expected = Readonly<{
  stage: Stage;
  trouble?: Trouble['kind'];
  alert?: number;
  detail?: RegExp;
  /** HTTP status, when an answer was read. */
  http?: number;
  sstp?: string;
  /** Whether the server is told that the call is over; true wherever a call was asked for and the connection stands. */
  abort?: boolean;
}>;

/** Every mode of the fixture, and what the probe makes of it. */
const EXPECTED: Readonly<Record<Mode, Expected>> = {
  healthy: { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'sha1-only': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1', abort: true },
  'sha256-only': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-256', abort: true },
  'tls-1.3-only': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'tls-1.2-only': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'tls-1.0-only': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },

  'tcp-reset': { stage: 'tcp', trouble: 'reset' },
  'tcp-close': { stage: 'tls', trouble: 'closed', detail: /without an answer/ },
  'tls-silent': { stage: 'tls', trouble: 'timed-out', detail: /within 1\.5 s, 0 bytes/ },
  'tls-reset': { stage: 'tls', trouble: 'reset' },
  'tls-close': { stage: 'tls', trouble: 'closed', detail: /without an answer/ },
  'tls-plain-http': { stage: 'tls', trouble: 'garbage', detail: /"HTTP\/1\.1 400 Bad Request/ },
  'tls-banner': { stage: 'tls', trouble: 'garbage', detail: /"SSH-2\.0-OpenSSH_9\.2\.\."/ },
  'tls-garbage': { stage: 'tls', trouble: 'garbage', detail: /"\.{60}"/ },
  'tls-alert-40': { stage: 'tls', trouble: 'alert', alert: 40, detail: /handshake_failure/ },
  'tls-alert-70': { stage: 'tls', trouble: 'alert', alert: 70, detail: /protocol_version/ },
  'tls-alert-80-close': { stage: 'tls', trouble: 'alert', alert: 80 },
  'tls-warning-then-alert': { stage: 'tls', trouble: 'alert', alert: 40 },
  'tls-alert-reset': { stage: 'tls', trouble: 'alert', alert: 70 },
  'tls-ssl3': { stage: 'tls', trouble: 'declined', detail: /SSL 3\.0/ },
  'tls-half': { stage: 'tls', trouble: 'timed-out', detail: /20 bytes came/ },
  'tls-half-close': { stage: 'tls', trouble: 'closed', detail: /after 20 bytes/ },
  'tls-nonsense': { stage: 'tls', trouble: 'garbage' },
  'tls-flood': { stage: 'tls', trouble: 'too-large' },
  'tls-endless-record': { stage: 'tls', trouble: 'too-large' },
  'tls-bytewise': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'tls-too-slow': { stage: 'tls', trouble: 'timed-out', detail: /[1-9]\d* bytes came/ },

  'http-401': { stage: 'http', trouble: 'declined', http: 401 },
  'http-404': { stage: 'http', trouble: 'declined', http: 404, detail: /HTTP\/1\.1 404 Not Found/ },
  'http-407': { stage: 'http', trouble: 'declined', http: 407 },
  'http-503': { stage: 'http', trouble: 'declined', http: 503 },
  'http-302': { stage: 'http', trouble: 'declined', http: 302 },
  'http-1.0': { stage: 'http', trouble: 'declined', http: 200, detail: /HTTP\/1\.0 200 OK/ },
  'http-reason': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'http-page': { stage: 'sstp', trouble: 'garbage', http: 200, detail: /<!DOCTYPE html>/ },
  'http-silent': { stage: 'http', trouble: 'timed-out' },
  'http-close': { stage: 'http', trouble: 'closed', detail: /without an answer/ },
  'http-reset': { stage: 'http', trouble: 'reset' },
  'http-half': { stage: 'http', trouble: 'closed', detail: /after 25 bytes/ },
  'http-garbage': { stage: 'http', trouble: 'garbage' },
  'http-endless': { stage: 'http', trouble: 'too-large' },
  'http-endless-line': { stage: 'http', trouble: 'too-large' },
  'http-bytewise': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'http-too-slow': { stage: 'http', trouble: 'timed-out' },

  'sstp-nak': {
    stage: 'sstp',
    trouble: 'declined',
    http: 200,
    sstp: 'CALL_CONNECT_NAK 4',
    detail: /VALUE_NOT_SUPPORTED/,
    abort: true,
  },
  'sstp-nak-bare': { stage: 'sstp', trouble: 'declined', http: 200, sstp: 'CALL_CONNECT_NAK', abort: true },
  'sstp-abort': {
    stage: 'sstp',
    trouble: 'declined',
    http: 200,
    sstp: 'CALL_ABORT 7',
    detail: /INVALID_FRAME_RECEIVED/,
    abort: true,
  },
  'sstp-disconnect': { stage: 'sstp', trouble: 'declined', http: 200, sstp: 'CALL_DISCONNECT', abort: true },
  'sstp-silent': { stage: 'sstp', trouble: 'timed-out', http: 200, detail: /0 bytes came/, abort: true },
  'sstp-close': { stage: 'sstp', trouble: 'closed', http: 200, abort: true },
  'sstp-reset': { stage: 'sstp', trouble: 'reset', http: 200 },
  'sstp-garbage': { stage: 'sstp', trouble: 'garbage', http: 200, abort: true },
  'sstp-version': { stage: 'sstp', trouble: 'garbage', http: 200, abort: true },
  'sstp-oversized': { stage: 'sstp', trouble: 'garbage', http: 200, detail: /do not add up/, abort: true },
  'sstp-truncated': { stage: 'sstp', trouble: 'timed-out', http: 200, detail: /30 bytes came/, abort: true },
  'sstp-truncated-close': { stage: 'sstp', trouble: 'closed', http: 200, detail: /after 30 bytes/, abort: true },
  'sstp-no-binding': { stage: 'sstp', trouble: 'garbage', http: 200, detail: /crypto binding/, abort: true },
  'sstp-no-hash': { stage: 'sstp', trouble: 'garbage', http: 200, detail: /crypto binding/, abort: true },
  'sstp-data': { stage: 'sstp', trouble: 'garbage', http: 200, abort: true },
  'sstp-echo': { stage: 'sstp', trouble: 'garbage', http: 200, detail: /ECHO_REQUEST/, abort: true },
  'sstp-bytewise': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'sstp-too-slow': { stage: 'sstp', trouble: 'timed-out', http: 200, abort: true },
  'sstp-flood': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'sstp-keeps-open': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
  'sstp-answers-abort': { stage: 'sstp', http: 200, sstp: 'CALL_CONNECT_ACK SHA-1 SHA-256', abort: true },
};

/** What must be over shortly after is given this long on a busy machine. */
const soon = async (isSo: () => boolean): Promise<boolean> => {
  for (let left = 200; left > 0 && !isSo(); left--) await new Promise((resolve) => setTimeout(resolve, 25));
  return isSo();
};

const said = (sstp: object | undefined): string | undefined => sstp && Object.values(sstp).flat().join(' ');

const meets = async (t: ExecutionContext, mode: Mode): Promise<void> => {
  const expected = EXPECTED[mode];
  const stageMs = expected.trouble === 'timed-out' ? HASTY_MS : PATIENT_MS;
  const server = await startRras({ mode });
  t.teardown(server.close);
  const started = performance.now();
  const { steps, http, sstp, tls, abortSent } = await handshakeWith(server, 'sstp', stageMs);
  const tookMs = performance.now() - started;
  const last = steps.at(-1);
  // A reset on accepting may be noticed a moment later, when the first words of TLS are sent.
  t.true(last?.stage === expected.stage || mode === 'tcp-reset', `stage ${last?.stage}`);
  t.is(last?.trouble?.kind, expected.trouble, last?.trouble?.detail);
  t.is(last?.trouble?.alert, expected.alert);
  if (expected.detail) t.regex(last?.trouble?.detail ?? '', expected.detail);
  t.true(
    steps.slice(0, -1).every(({ trouble }) => !trouble),
    'stages before went well',
  );
  t.is(http?.status, expected.http);
  t.is(said(sstp), expected.sstp);
  if (tls)
    t.deepEqual(
      tls.certificates.map(Buffer.from),
      [vpn, issuing].map(({ der }) => Buffer.from(der)),
    );
  t.true(tookMs < stageMs + LIMITS.leaveMs + 2_000, `${Math.round(tookMs)} ms`);
  t.is(abortSent, expected.abort ?? mode === 'http-page');
  t.true(await soon(() => server.aborts() === (expected.abort ? 1 : 0)), `${server.aborts()} aborts seen`);
  t.is(server.saw.connections, 1, 'one connection, whatever happens');
};

for (const mode of Object.keys(MODES) as Mode[]) test.serial(`a server that is ${mode} is told apart`, meets, mode);

test.serial('a port that nobody listens on is refused', async (t) => {
  const gone = await listening(net.createServer());
  await gone.close();
  t.like(await handshakeWith(gone), { steps: [{ stage: 'tcp', trouble: { kind: 'refused' } }], abortSent: false });
});

for (const [code, kind] of [
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'timed-out'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['EACCES', 'unreachable'],
] as const)
  test(`${code} of the operating system means ${kind}`, (t) => {
    t.deepEqual(troubleOf(Object.assign(new Error('words'), { code })), { kind, detail: code });
  });

test.serial('an error of OpenSSL is told by the number of its alert, or as nonsense', (t) => {
  const words =
    'C0B7:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec:1605:SSL alert number 116\n';
  const late = Object.assign(new Error(words), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
  t.deepEqual(troubleOf(late), { kind: 'alert', alert: 116, detail: 'TLS alert 116 (certificate_required)' });
  const mac = Object.assign(new Error('bad record mac'), { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' });
  t.is(troubleOf(mac).kind, 'garbage');
});

test.serial('IPv6 is dialled as IPv4 is', async (t) => {
  const server = await startRras({ host: '::1' });
  t.teardown(server.close);
  const { address, sstp } = await probing(endpointOf(server)).handshake('::1', 'sstp');
  t.deepEqual([address, sstp?.message], ['::1', 'CALL_CONNECT_ACK']);
});

test.serial('the request is the one that Windows sends, with the name that is dialled', async (t) => {
  const server = await startRras();
  t.teardown(server.close);
  await handshakeWith(server);
  t.regex(
    server.saw.requests[0] ?? '',
    /^SSTP_DUPLEX_POST \/sra_\{BA195980-CD49-458b-9E23-C84EE0ADCD75\}\/ HTTP\/1\.1\r\nHost: vpn\.example\.com\r\nSSTPCORRELATIONID: \{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}\r\nContent-Length: 18446744073709551615\r\n\r\n$/,
  );
  t.deepEqual([server.saw.serverNames, server.saw.messages], [['vpn.example.com'], [1, 5]]);
});

test.serial('an address is never sent as a server name', async (t) => {
  const server = await startRras();
  t.teardown(server.close);
  for (const serverName of ['127.0.0.1', '::1'])
    await probing(endpointOf(server, { serverName })).handshake('127.0.0.1', 'sstp');
  t.deepEqual(server.saw.serverNames, [null, null]);
  t.deepEqual(
    server.saw.requests.map((head) => /\r\nHost: (.*)\r\n/.exec(head)?.[1]),
    ['127.0.0.1', '[::1]'],
  );
});

test.serial('a handshake up to TLS says nothing of SSTP and takes no port', async (t) => {
  const server = await startRras();
  t.teardown(server.close);
  const { steps, tls, http, abortSent } = await handshakeWith(server, 'tls');
  t.deepEqual(
    steps.map(({ stage, trouble }) => [stage, trouble]),
    [
      ['tcp', undefined],
      ['tls', undefined],
    ],
  );
  t.deepEqual([tls?.protocol, tls?.group, http, abortSent], ['TLS 1.3', 'X25519', undefined, false]);
  t.true(await soon(() => server.open() === 0));
  t.deepEqual([server.saw.requests, server.saw.messages], [[], []]);
});

test.serial('certificates are kept as they were sent, whatever their order', async (t) => {
  const chain = [vpn, root, issuing, issuing];
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const server = await startRras({ chain, tls: { maxVersion } });
    t.teardown(server.close);
    const { tls } = await handshakeWith(server, 'tls');
    t.deepEqual(
      tls?.certificates.map(Buffer.from),
      chain.map(({ der }) => Buffer.from(der)),
    );
  }
});

test.serial('an OCSP answer that comes along is kept', async (t) => {
  const stapled = await ocspOf(issuing, vpn);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
    for (const options of [{ stapled }, {}]) {
      const server = await startRras({ ...options, tls: { maxVersion } });
      t.teardown(server.close);
      const { tls } = await handshakeWith(server, 'tls');
      t.deepEqual(tls?.stapled, options.stapled, maxVersion);
    }
});

test.serial(
  'a chain of more certificates than anyone needs is seen whole, up to the size that OpenSSL takes',
  async (t) => {
    const chain = (length: number) => [vpn, ...Array.from({ length }, () => issuing)];
    const [long, longest] = await Promise.all([40, 120].map((length) => startRras({ chain: chain(length) })));
    for (const server of [long, longest]) if (server) t.teardown(server.close);
    t.is((await handshakeWith(long ?? { port: 0 })).tls?.certificates.length, 41);
    t.like((await handshakeWith(longest ?? { port: 0 })).steps.at(-1), {
      stage: 'tls',
      trouble: { kind: 'too-large' },
    });
  },
);

test.serial('an address that DNS gives for a name that it blocks leads nowhere, and not to this machine', async (t) => {
  const server = await startRras();
  t.teardown(server.close);
  for (const address of ['0.0.0.0', '::'])
    t.like((await probing(endpointOf(server)).handshake(address, 'sstp')).steps, [
      { stage: 'tcp', trouble: { kind: 'unreachable', detail: `${address} is no machine: DNS blocks the name here` } },
    ]);
  t.is(server.saw.connections, 0);
});

test.serial('a server is met whatever its key, weak ones included', async (t) => {
  for (const key of ['rsa1024', 'p256'] as const) {
    const server = await startRras({
      chain: [await leaf({ key, hash: 'SHA-1' })],
      key,
      tls: { ciphers: 'ALL:@SECLEVEL=0' },
    });
    t.teardown(server.close);
    t.is((await handshakeWith(server)).sstp?.message, 'CALL_CONNECT_ACK', key);
  }
});

test.serial('a server that has no curve or signature of Windows is not met either', async (t) => {
  const edwards = await selfSignedByEd25519();
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', edwards.privateKey), 'PRIVATE KEY');
  for (const [what, options] of [
    ['a key on P-521', { chain: [await leaf({ key: 'p521' })], key: 'p521', tls: { maxVersion: 'TLSv1.2' } }],
    ['keys are agreed on by P-521', { tls: { ecdhCurve: 'P-521', ciphers: 'ECDHE' } }],
    ['Ed25519', { tls: { cert: edwards.certificate.toString('pem'), key } }],
  ] as const) {
    const server = await startRras(options);
    t.teardown(server.close);
    t.like((await handshakeWith(server, 'tls')).steps.at(-1), { stage: 'tls', trouble: { alert: 40 } }, what);
  }
});

test.serial('a server that has no suite of Windows is not met: its clients would not get in either', async (t) => {
  for (const ciphers of ['ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ARIA256-GCM-SHA384', 'AES128-CCM']) {
    const server = await startRras({ tls: { maxVersion: 'TLSv1.2', ciphers } });
    t.teardown(server.close);
    t.like((await handshakeWith(server, 'tls')).steps.at(-1), { stage: 'tls', trouble: { alert: 40 } }, ciphers);
  }
});
