/** `diagnose` as an operator meets it: each situation of KB947031, planted, and found again from its code. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test, { type ExecutionContext } from 'ava';
import { checks } from '../checks/index.ts';
import { audit } from '../engine/audit.ts';
import schema from '../engine/cli/diagnose/diagnose.schema.json' with { type: 'json' };
import type { Ways } from '../engine/gather.ts';
import { ask, run } from './command.ts';
import { startSite } from './network/site.ts';
import { healthyOutside, ISSUING_CRL, listed, SIX } from './outside/healthy.ts';
import { breakAt, networkTo, type Outside, trouble } from './outside/outside.ts';
import { MAIN } from './program.ts';
import {
  FIREWALL_RULES,
  type HealthyOptions,
  healthy,
  observedAt,
  POLICY_CERTIFICATES,
  SSTP_MINIPORT,
  SYSTEM_CERTIFICATES,
} from './server/healthy.ts';
import { unbind } from './server/http.ts';
import { issuing, leaf, type Made, root } from './server/pki.ts';
import { deny, removeValue, type Server, setValue, transportTo } from './server/state.ts';
import { uninstall } from './server/stores.ts';

const NAMES = ['--input', 'publicNames=vpn.example.com'];
const expired = await leaf({ notAfter: '2026-10-01T00:00:00Z' });
const soon = await leaf({ notAfter: '2026-11-05T00:00:00Z' });
const elsewhere = await leaf({ names: ['other.example.com'] });
const inDirectory = await leaf({ crl: ['ldap:///CN=Example'], ocsp: [] });
const internal = await leaf({ crl: ['http://pki.corp.local/issuing.crl'], ocsp: [] });

type Planted = Readonly<{ server?: () => Server; outside?: (outside: Outside) => void }>;

/** A healthy server in which something is broken. */
const broken =
  (breakIt: (server: Server) => void, options: HealthyOptions = {}) =>
  (): Server => {
    const server = healthy(options);
    breakIt(server);
    return server;
  };

/** Evidence of both views, or of the one that is planted, as `run --evidence` would leave it. */
const recorded = async ({ server, outside }: Planted): Promise<{ uri: string; remove(): Promise<void> }> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-diagnose-'));
  const view = healthyOutside();
  outside?.(view);
  const ways: Ways = {
    ...(server && { server: transportTo(server(), { recordedAt: observedAt }) }),
    ...(outside && { network: networkTo(view, observedAt) }),
  };
  await audit(
    { name: 'vpn01', address: 'evidence:vpn01', tags: [], inputs: {} },
    ways,
    checks.map((check) => ({ check, expected: {}, severity: check.severity })),
    { signal: new AbortController().signal, targetMs: 600_000, evidence: folder, version: '0.1.0' },
  );
  return { uri: `evidence:${path.join(folder, 'vpn01')}`, remove: () => rm(folder, { recursive: true, force: true }) };
};

const unbound = broken((server) => {
  unbind(server, '0.0.0.0:443');
  unbind(server, '[::]:443');
});

type Found = Readonly<{ code: string; args?: readonly string[]; cause: string; says?: RegExp }>;

const finding = test.macro(async (t, planted: Planted, { code, args = NAMES, cause, says }: Found) => {
  const { uri, remove } = await recorded(planted);
  const { code: ended, stdout, stderr } = await ask('diagnose', code, uri, ...args);
  await remove();
  t.is(ended, 1, stdout + stderr);
  t.regex(stdout, new RegExp(`^Cause found: ${cause}$`, 'm'));
  t.regex(stdout, /^ {2}evidence$/m);
  t.regex(stdout, /^ {2}remedy$/m);
  t.regex(stdout, new RegExp(`^ {2}FAIL .*${cause}`, 'm'));
  if (says) t.regex(stdout, says);
});

/** Each situation, planted on the server, and found from inside. */
const INSIDE: Readonly<Record<string, readonly [Planted, Found]>> = {
  'situation 1': [
    { server: broken((server) => setValue(server, SSTP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 0])) },
    { code: '0x800704C9', cause: 'rras/sstp-ports' },
  ],
  'situation 2': [
    { server: broken((server) => server.services.set('RemoteAccess', { state: 1, win32ExitCode: 1077 })) },
    { code: '809', cause: 'service/running', says: /RemoteAccess is STOPPED/ },
  ],
  'situation 3': [
    { server: unbound },
    { code: '0x80070040', cause: 'binding/wildcards', says: /nothing is bound to 0\.0\.0\.0:443/ },
  ],
  'situation 4': [
    { server: broken(() => {}, { certificate: expired }) },
    { code: '-2146762495', cause: 'certificate/validity', says: /CERT_E_EXPIRED/ },
  ],
  'situation 5': [
    { server: broken((server) => uninstall(server, issuing, 'CA')) },
    { code: '800b0109', cause: 'certificate/chain' },
  ],
  'situation 6': [
    { server: broken(() => {}, { certificate: elsewhere }) },
    { code: 'CERT_E_CN_NO_MATCH', cause: 'certificate/names', says: /other\.example\.com, not to vpn\.example\.com/ },
  ],
  'situation 7': [
    { server: broken(() => {}, { certificate: internal }) },
    { code: '0x80092013', cause: 'certificate/revocation-sources', says: /pki\.corp\.local/ },
  ],
  'situation 8': [
    { server: broken((server) => removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP')) },
    { code: 'situation 8', cause: 'firewall/sstp-exception' },
  ],
};
for (const code of ['0x80072746', '809'])
  test(
    `${code}: found on the server where nothing is bound`,
    finding,
    { server: unbound },
    {
      code,
      cause: 'binding/wildcards',
    },
  );

test(
  'no port for SSTP: found by a code that says nothing',
  finding,
  { server: broken((server) => setValue(server, SSTP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 0])) },
  { code: '800', cause: 'rras/sstp-ports' },
);

for (const [name, [planted, found]] of Object.entries(INSIDE))
  test(`${name}: found on the server`, finding, planted, found);

/** Each situation as it looks from outside, while the server itself is in order. */
const serving =
  (...made: readonly Made[]) =>
  (outside: Outside) => {
    outside.served.set('*', made);
  };
const OUTSIDE: Readonly<Record<string, readonly [(outside: Outside) => void, Found]>> = {
  'situation 1': [
    (outside) => {
      outside.head = 'HTTP/1.1 401 Unauthorized\r\n\r\n';
      breakAt(outside, 'http', trouble('declined', 'HTTP/1.1 401 Unauthorized'));
    },
    { code: '0x800704C9', cause: 'reach/sstp', says: /SSTP itself takes no call/ },
  ],
  'situation 2': [
    (outside) => breakAt(outside, 'tcp', trouble('timed-out', 'no answer within 10 s')),
    { code: '809', cause: 'reach/tcp', says: /a firewall is in the way/ },
  ],
  'situation 3': [
    (outside) => breakAt(outside, 'tls', trouble('reset', 'ECONNRESET')),
    { code: '0x80070040', cause: 'reach/tls' },
  ],
  'situation 4': [serving(expired, issuing), { code: '0x800B0101', cause: 'reach/certificate-trust' }],
  'situation 5': [
    (outside) => {
      outside.roots = [];
    },
    { code: '0x800B0109', cause: 'reach/certificate-trust' },
  ],
  'situation 6': [serving(elsewhere, issuing), { code: '0x800B010F', cause: 'reach/certificate-name' }],
  'situation 7': [
    (outside) => {
      outside.served.set('*', [listed, issuing]);
      outside.urls.delete(ISSUING_CRL);
    },
    { code: '0x80092013', cause: 'reach/revocation' },
  ],
  'situation 8': [
    (outside) => breakAt(outside, 'tcp', trouble('refused', 'ECONNREFUSED')),
    { code: 'situation 8', cause: 'reach/tcp' },
  ],
};
for (const [name, [outside, found]] of Object.entries(OUTSIDE)) {
  test(
    `${name}: found from outside, where the server is in order`,
    finding,
    { server: () => healthy(), outside },
    found,
  );
  test(`${name}: found from outside alone`, finding, { outside }, { ...found, args: [] });
}

test(
  'a list that does not answer: found by the code for a certificate without one, too',
  finding,
  {
    outside: (outside) => {
      serving(listed, issuing)(outside);
      outside.urls.delete(ISSUING_CRL);
    },
  },
  { code: '0x80092012', args: [], cause: 'reach/revocation' },
);

test(
  'a certificate that has expired: found from outside by a code that says nothing',
  finding,
  { outside: serving(expired, issuing) },
  { code: '800', args: [], cause: 'reach/certificate-trust', says: /0x800B0101/ },
);

test(
  'a machine that dials without the root: found there',
  finding,
  {
    server: broken((server) => {
      uninstall(server, root, 'ROOT');
      setValue(server, `${POLICY_CERTIFICATES}\\AuthRoot`, 'DisableRootAutoUpdate', ['REG_DWORD', 1]);
    }),
    outside: () => {},
  },
  { code: '0x800B0109', args: ['--client'], cause: 'client/trusted-root', says: /CN=Example Root CA/ },
);

const running = test.macro(
  async (t, planted: Planted, args: readonly string[], code: number, says: readonly RegExp[]) => {
    const { uri, remove } = await recorded(planted);
    const { code: ended, stdout, stderr } = await ask('diagnose', ...args.map((arg) => (arg === 'URI' ? uri : arg)));
    await remove();
    t.is(ended, code, stdout + stderr);
    for (const saying of says) t.regex(stdout, saying);
  },
);

test(
  'a healthy server has no cause to find, and the machine that dials is next',
  running,
  {
    server: () => healthy(),
    outside: () => {},
  },
  ['0x800B0109', 'URI', ...NAMES],
  0,
  [
    /^Looked at vpn01, as of 2026-11-01 00:00 UTC:$/m,
    /No cause was found: everything that was looked at is as it should be\./,
    /Next to look at:\n {2}name the machine that dials/,
    /client\/trusted-root/,
  ],
);

test(
  'where what decides it does not apply, the reason is told: it may be the cause',
  running,
  { server: unbound },
  ['0x800B0101', 'URI', ...NAMES],
  0,
  [
    /^ {2}N\/A .*certificate\/validity .*\n {4}- no certificate is bound to 0\.0\.0\.0:443 or \[::\]:443$/m,
    /^No cause was found: what was looked at is as it should be, or does not apply, for the reason given\.$/m,
  ],
);

test(
  'a certificate that ends soon is no cause of the error for one that has ended',
  running,
  { server: broken(() => {}, { certificate: soon }) },
  ['0x800B0101', 'URI', ...NAMES],
  0,
  [/No cause was found/, /PASS .*certificate\/validity/],
);

test(
  'what clients show another code for is not taken for the cause',
  running,
  {
    server: () => healthy(),
    outside: (outside) => {
      outside.roots = [];
    },
  },
  ['0x800B0101', 'URI', ...NAMES],
  1,
  [/^Found, though clients show another code for it: reach\/certificate-trust$/m, /0x800B0109/, /^ {2}remedy$/m],
);

test(
  'what cannot be told is no cause, and comes with its reason',
  running,
  {
    server: broken((server) => deny(server, `${SYSTEM_CERTIFICATES}\\MY\\Certificates`)),
  },
  ['0x800B0101', 'URI', ...NAMES],
  3,
  [
    /No cause was found, but not everything could be told\./,
    /Could not be told:\n {2}certificate\/validity/,
    /reason {2}denied/,
    /say where clients dial: --probe/,
  ],
);

test(
  'the answer in Japanese',
  running,
  {
    server: broken(() => {}, { certificate: expired }),
  },
  ['0x800B0101', 'URI', ...NAMES, '--lang', 'ja'],
  1,
  [/意味: 証明書が有効期間内にない/, /KB947031 の状況 4/, /^原因が見つかりました: certificate\/validity$/m, /対処方法/],
);

test('an input that one of several servers lacks is told with its name, before any of them is asked', async (t) => {
  const { code, stdout, stderr } = await ask(
    'diagnose',
    '0x800B010F',
    'probe://127.0.0.1:1',
    'ssh://admin@localhost:1',
  );
  t.is(code, 2, stdout + stderr);
  t.regex(stderr, /^sstp-audit: localhost:1: the input publicNames has no value .*certificate\/names/m);
  t.notRegex(stdout, /Looked at/);
});

test('live: the walk ends at what the client meets', async (t) => {
  const site = await startSite({ daysLeft: -1 });
  const { code, stdout } = await run('diagnose', '0x800B0101', `probe://${site.at}`, ...site.options);
  await site.close();
  t.is(code, 1, stdout);
  t.regex(stdout, /^Cause found: reach\/certificate-trust$/m);
  t.regex(stdout, /name the server: ssh:\/\/user@host|remedy/);
});

const telling = test.macro(async (t, args: readonly string[], code: number, says: readonly RegExp[]) => {
  const { code: ended, stdout, stderr } = await ask('diagnose', ...args);
  t.is(ended, code, stdout + stderr);
  for (const saying of says) t.regex(stdout, saying);
});

test('without a target it tells what would be looked at, in the order of the article', telling, ['809'], 0, [
  /809 ERROR_VPN_TIMEOUT/,
  /on the server\n {4}2\.1 +service\/running[\s\S]*2\.2 +sstp\/listening[\s\S]*2\.3 +certificate\/installed[\s\S]*from outside\n {4}2\.2 +reach\/tcp/,
  /sstp-audit diagnose 809 ssh:\/\/admin@vpn01 --probe vpn\.example\.com/,
]);

for (const spelling of [
  '0x800B0109',
  '0X800b0109',
  '800b0109',
  '-2146762487',
  '2148204809',
  'CERT_E_UNTRUSTEDROOT',
  '０x800B0109',
])
  test(`${spelling} is understood`, telling, [spelling], 0, [/0x800B0109 CERT_E_UNTRUSTEDROOT/, /certificate\/chain/]);

test(
  'a pasted line of a log is understood',
  telling,
  [
    'CoId={1F4B2C3D-0000-0000-0000-000000000000}: The user X dialed a connection which has failed. The error code returned on failure is -2146762495.',
  ],
  0,
  [/0x800B0101 CERT_E_EXPIRED/],
);

test('a code of another type of tunnel is said to be one', telling, ['789'], 0, [
  /not SSTP: only L2TP\/IPsec/,
  /No check decides this/,
]);

test('a code of the sign-in is not blamed on SSTP', telling, ['691'], 0, [
  /ERROR_AUTHENTICATION_FAILURE/,
  /No check decides this/,
]);

test('a RAS code without a cause of its own is named as one', telling, ['777'], 0, [
  /777: a RAS code without a cause that is special to SSTP/,
]);

test('a code that is not known leads to all that SSTP rests on', telling, ['0x80099999'], 0, [
  /0x80099999: this code is not known here/,
  /sstp-audit diagnose "situation 8" ssh:\/\/admin@vpn01 --probe vpn\.example\.com/,
]);

test('a code of IKE is said to be one', telling, ['13801'], 0, [/not SSTP: only IKEv2/, /No check decides this/]);

test('what is decided from outside alone asks for no server', telling, ['868'], 0, [
  /sstp-audit diagnose 868 probe:\/\/vpn\.example\.com/,
]);

test('a code that says nothing leads through the whole of situation 8', telling, ['800'], 0, [
  /8\.1 +service\/running/,
  /from outside\n[\s\S]*8\.11 +reach\/tcp[\s\S]*on the server\n +8\.12 +events\/sstp-errors/,
  /- +reach\/certificate-trust/,
]);

for (const [name, args, says] of [
  ['a text without a code', ['diagnose', 'it does not work'], /is no code that a client shows/],
  ['a target of no kind', ['diagnose', '809', 'vpn01'], /vpn01 is not a target/],
] as const)
  test(`${name} is a mistake`, async (t) => {
    const { code, stderr } = await ask(...args);
    t.is(code, 2);
    t.regex(stderr, says);
  });

const fits = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

/** What --json prints, which is whatever its schema says. */
const told = async (t: ExecutionContext, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await ask('diagnose', ...args, '--json');
  const json = JSON.parse(stdout);
  t.true(fits(json), JSON.stringify(fits.errors));
  t.is(json.format, 'sstp-audit/diagnose/1');
  t.is(json.exitCode, code, stderr);
  return json;
};

for (const [signal, number] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  test(`as JSON: ${signal} ends it with whole JSON that says so`, async (t) => {
    if (process.platform === 'win32') return t.pass();
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const args = ['diagnose', '809', `probe://127.0.0.1:${port}`, '--allow-private', ...NAMES, '--json'];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [code, stdout] = [once(child, 'close'), text(child.stdout)];
    const [connection] = await once(silent, 'connection');
    child.kill(signal);
    t.deepEqual(await code, [number, null]);
    const json = JSON.parse(await stdout);
    t.true(fits(json), JSON.stringify(fits.errors));
    t.like(json, { exitCode: number, stopped: `${signal} ended it` });
    connection.destroy();
    silent.close();
  });

test('as JSON: the code, the plan, what was seen, the cause and its evidence', async (t) => {
  const { uri, remove } = await recorded({ server: broken(() => {}, { certificate: expired }) });
  const json = await told(t, '-2146762495', uri, ...NAMES);
  await remove();
  t.like(json, { symptom: '-2146762495', code: '0x800B0101', symbol: 'CERT_E_EXPIRED', isSstp: true, exitCode: 1 });
  t.is(json.situation.id, '4');
  t.true(json.plan.some(({ place }: { place: string }) => place === 'network'));
  const [target] = json.targets;
  t.like(target, { name: 'vpn01', reached: true, end: 'cause-found' });
  t.is(target.cause.check, 'certificate/validity');
  t.is(target.seen.at(-1).status, 'fail');
  t.regex(target.seen.at(-1).findings[0].message, /CERT_E_EXPIRED|expired|valid/);
  t.deepEqual(
    target.evidence.map(({ id }: { id: string }) => id),
    target.seen.at(-1).evidence,
  );
});

test('as JSON: what fails at one address, and cannot be told of another', async (t) => {
  const outside = (view: Outside) => {
    view.served.set('*', [listed, issuing]).set(SIX, [inDirectory, issuing]);
    view.urls.delete(ISSUING_CRL);
  };
  const { uri, remove } = await recorded({ outside });
  const { targets } = await told(t, '0x80092013', uri);
  await remove();
  t.deepEqual(
    targets[0].seen[0].findings.map(({ verdict }: { verdict: string }) => verdict),
    ['fail', 'unknown'],
  );
});

test('as JSON: a code alone, one that no check decides, and what cannot be told', async (t) => {
  const plan = await told(t, '809', '--lang', 'ja');
  t.deepEqual([plan.targets, plan.exitCode, plan.language], [[], 0, 'ja']);
  t.true(plan.plan.length > 5);
  t.like(await told(t, '691'), { symbol: 'ERROR_AUTHENTICATION_FAILURE', plan: [], exitCode: 0 });
  t.is((await told(t, '789')).isSstp, false);
  const { uri, remove } = await recorded({
    server: broken((server) => deny(server, `${SYSTEM_CERTIFICATES}\\MY\\Certificates`)),
  });
  const { targets, exitCode } = await told(t, '0x800B0101', uri, ...NAMES);
  await remove();
  t.is(exitCode, 3);
  t.like(targets[0], { end: 'undecided' });
  t.like(targets[0].seen[0], { check: 'certificate/validity', status: 'unknown', reason: 'denied' });
  const wrong = await ask('diagnose', 'it does not work', '--json');
  t.deepEqual([wrong.code, wrong.stdout], [2, '']);
});
