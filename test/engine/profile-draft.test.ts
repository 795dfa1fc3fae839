/** What becomes expected of others, and what never does. */
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { parse } from 'yaml';
import { checks } from '../../checks/index.ts';
import { factsOf } from '../../engine/audit.ts';
import type { Check } from '../../engine/define.ts';
import { gather } from '../../engine/gather.ts';
import { type Draft, draftOf, type Witness } from '../../engine/profile/draft.ts';
import { draftText, openLines } from '../../engine/profile/draft-text.ts';
import { stricter } from '../../engine/profile/stricter.ts';
import { loadProfile, type Profile } from '../../engine/profile.ts';
import { healthyOutside } from '../outside/healthy.ts';
import { networkTo } from '../outside/outside.ts';
import {
  type HealthyOptions,
  healthy,
  L2TP_MINIPORT,
  observedAt,
  PPTP_MINIPORT,
  REMOTE_ACCESS_PARAMETERS,
  SCHANNEL_PROTOCOLS,
  SSTP_PARAMETERS,
} from '../server/healthy.ts';
import { leaf } from '../server/pki.ts';
import { addKey, type Server, setValue, transportTo } from '../server/state.ts';

const builtIns = new URL('../../profiles/', import.meta.url);
const load = (name: string) => loadProfile(name, { checks, builtIns });
const [baseline, kb, ceiling] = [await load('baseline'), await load('kb947031'), await load('strict')];

const witness = async (server: Server, name = 'vpn01'): Promise<Witness> => {
  const { readingOf, evidence } = await gather(
    { server: transportTo(server, { recordedAt: observedAt }) },
    factsOf(checks),
    { signal: new AbortController().signal, keep: async () => {} },
  );
  const questions = new Map(evidence.map(({ id, command }) => [id, command]));
  return { target: { name, address: `evidence:${name}`, tags: [], inputs: {} }, observedAt, questions, readingOf };
};
const draftFrom = async (servers: readonly Server[], base = baseline): Promise<Draft> =>
  draftOf(await Promise.all(servers.map((server, at) => witness(server, `vpn0${at + 1}`))), {
    base,
    ceiling,
    given: {},
  });
const expectedOf = ({ held }: Draft, id: string) => held.find(({ check }) => check.id === id)?.expected;
const inputOf = ({ inputs }: Draft, name: string) => inputs.find((one) => one.name === name);

const setOn = (server: Server, protocol: string): void => {
  const key = `${SCHANNEL_PROTOCOLS}\\${protocol}\\Server`;
  addKey(server, key);
  setValue(server, key, 'Enabled', ['REG_DWORD', 1]);
  setValue(server, key, 'DisabledByDefault', ['REG_DWORD', 0]);
};
const broken = (breaks: (server: Server) => void, options?: HealthyOptions): Server => {
  const server = healthy(options);
  breaks(server);
  return server;
};

/** Servers that somebody may take for good though they are weak, and the check that says so. */
const WEAK: readonly (readonly [string, () => Promise<Server> | Server, string])[] = [
  ['TLS 1.0 is on', () => broken((server) => setOn(server, 'TLS 1.0')), 'tls/protocols'],
  [
    'PAP is offered',
    () => broken((server) => setValue(server, REMOTE_ACCESS_PARAMETERS, 'ServerFlags', ['REG_DWORD', 0x812602])),
    'rras/authentication-methods',
  ],
  [
    'PPTP is open',
    () =>
      broken((server) => {
        for (const name of ['WanEndpoints', 'EnableForRas']) setValue(server, PPTP_MINIPORT, name, ['REG_DWORD', 5]);
      }),
    'rras/legacy-protocols',
  ],
  [
    'the key of the certificate is short',
    async () => healthy({ certificate: await leaf({ key: 'rsa1024' }) }),
    'certificate/strength',
  ],
  [
    'the certificate is signed with SHA-1',
    async () => healthy({ certificate: await leaf({ hash: 'SHA-1' }) }),
    'certificate/strength',
  ],
];

for (const [what, server, id] of WEAK)
  test(`where ${what}, that is no expectation, and it is told`, async (t) => {
    const draft = await draftFrom([await server()]);
    t.is(expectedOf(draft, id), undefined);
    t.true(openLines(draft).some((line) => line.startsWith(`vpn01 fails ${id}: not written as expected: `)));
    const { checks: written } = parse(draftText({ draft, witnesses: [], base: 'baseline', tool: 'x' }));
    t.false(id in written);
  });

const entryOf = ({ entries }: Profile, check: Check) => entries.find((one) => one.check === check)?.expected ?? {};
const isNoLaxer = (before: unknown, now: unknown): boolean => {
  if (Array.isArray(before) && Array.isArray(now)) return isDeepStrictEqual(now.slice(0, before.length), before);
  if (typeof before === 'number' && typeof now === 'number') return now >= before;
  return isDeepStrictEqual(now, before);
};

for (const base of ['baseline', 'kb947031', 'diagnosis', 'tls-offload'])
  test(`nothing that servers show makes ${base} laxer, be they healthy or weak`, async (t) => {
    const profile = await load(base);
    const servers = [healthy(), healthy({ windows: '2008' }), healthy({ offload: true, windows: '2016' })];
    for (const [, server] of WEAK) servers.push(await server());
    for (const server of servers)
      for (const { check, expected } of (await draftFrom([server], profile)).held) {
        for (const [name, value] of Object.entries(entryOf(profile, check)))
          t.true(isNoLaxer(value, expected[name]), `${check.id} ${name}: ${JSON.stringify(expected)}`);
      }
  });

test('what is only on is not required, and what is only missing is not forbidden', async (t) => {
  const tls = expectedOf(
    await draftFrom([broken((server) => setOn(server, 'TLS 1.0'))], await load('diagnosis')),
    'tls/protocols',
  );
  t.deepEqual(tls, { required: ['TLS 1.2', 'TLS 1.3'], forbidden: ['SSL 2.0', 'SSL 3.0', 'TLS 1.1'] });
  const old = expectedOf(await draftFrom([healthy({ windows: '2019' })]), 'tls/protocols');
  t.deepEqual(old?.['required'], ['TLS 1.2'], 'Server 2019 has no TLS 1.3');
  t.deepEqual(old?.['forbidden'], ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1']);
});

test('a key is expected to be as long as the keys that were seen, and as the strict profile wants at most', async (t) => {
  const certificate = await leaf({ key: 'p256' });
  const strength = (draft: Draft) => expectedOf(draft, 'certificate/strength');
  t.like(strength(await draftFrom([healthy()])), { minimumRsaBits: 2048, minimumEcBits: 256 }, 'no EC key was seen');
  t.like(strength(await draftFrom([healthy({ certificate })])), { minimumEcBits: 256 });
});

test('a view from outside is held to what it shows, too', async (t) => {
  const reach = await load('reach');
  const network = networkTo(healthyOutside(), observedAt);
  const { readingOf } = await gather({ network }, factsOf(reach.entries.map(({ check }) => check)), {
    signal: new AbortController().signal,
    keep: async () => {},
  });
  const target = { name: 'vpn.example.com', address: 'evidence:vpn', tags: [], inputs: {} };
  const draft = draftOf([{ target, observedAt, questions: new Map(), readingOf }], { base: reach, ceiling, given: {} });
  t.deepEqual(openLines(draft), []);
  t.like(expectedOf(draft, 'reach/tls-versions'), {
    required: ['TLS 1.2', 'TLS 1.3'],
    forbiddenSuites: ['NULL', 'EXPORT', 'anon', 'RC4', 'DES', '3DES', 'RC2', 'MD5'],
  });
  t.deepEqual(expectedOf(draft, 'reach/sstp'), { requiredHashes: ['SHA-256'], forbiddenHashes: [] });
});

test('the port and the names are those that the server shows', async (t) => {
  const certificate = await leaf({ names: ['vpn.example.com', '*.example.org', '203.0.113.7'] });
  const draft = await draftFrom([healthy({ port: 8443, certificate })]);
  t.like(inputOf(draft, 'listenerPort'), { common: 8443, shownBy: 'sstp/listener-port' });
  t.deepEqual(inputOf(draft, 'publicNames')?.common, ['vpn.example.com', '203.0.113.7'], 'nobody dials a *');
  t.deepEqual(expectedOf(draft, 'sstp/listener-port'), { port: { input: 'listenerPort' } });
});

test('a port that RRAS has not taken over is not written', async (t) => {
  const server = broken((one) => setValue(one, SSTP_PARAMETERS, 'ListenerPort', ['REG_DWORD', 8443]));
  const draft = await draftFrom([server]);
  t.is(inputOf(draft, 'listenerPort')?.common, undefined);
  t.is(expectedOf(draft, 'sstp/listener-port'), undefined);
});

test('servers with ports of their own are each judged by it, and the inventory has to say it', async (t) => {
  const draft = await draftFrom([healthy(), healthy({ port: 8443 })]);
  t.deepEqual(inputOf(draft, 'listenerPort')?.values, [443, 8443]);
  t.truthy(expectedOf(draft, 'sstp/listener-port'));
  t.deepEqual(openLines(draft), ['listenerPort is not written, since not all servers show the same: 443, 8443']);
  t.false(draftText({ draft, witnesses: [], base: 'baseline', tool: 'x' }).includes('8443,'));
});

test('a check is only held to what all servers pass', async (t) => {
  const weak = broken((server) => setValue(server, L2TP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 5]));
  setValue(weak, L2TP_MINIPORT, 'EnableForRas', ['REG_DWORD', 1]);
  t.deepEqual(expectedOf(await draftFrom([healthy()]), 'rras/legacy-protocols'), { forbidden: ['PPTP', 'L2TP'] });
  t.deepEqual(expectedOf(await draftFrom([healthy(), weak]), 'rras/legacy-protocols'), { forbidden: ['PPTP'] });
});

test('what a server says cannot leave its comment, and is a value only', async (t) => {
  const evil = 'evil\n\u2028checks: { tls/protocols: { required: [], forbidden: [] } }\r# \u0007\u0085x';
  const server = await witness(healthy(), evil);
  const hostile = {
    ...server,
    target: { ...server.target, address: `evidence:${evil}` },
    questions: new Map([['003', evil]]),
  };
  const draft = draftOf([hostile], { base: kb, ceiling, given: { publicNames: 'elsewhere.example.com' } });
  const text = draftText({ draft, witnesses: [hostile], base: 'kb947031', tool: 'x' });
  const written = parse(text);
  t.true(written.title.startsWith('Servers like evil  checks: '));
  t.regex(written.profile, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  t.deepEqual(written.inputs.publicNames.default, ['elsewhere.example.com']);
  t.false('tls/protocols' in written.checks);
  t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
  t.regex(text, /certificate\/names: not written as expected/);
});

const number = (minimum: number) =>
  stricter(
    { check: { expects: { n: { type: 'integer', description: '' } } }, expected: { n: 10 }, limit: { n: 100 } },
    ({ n }) => typeof n === 'number' && n <= minimum,
  );
test('a number rises to what passes, not beyond its limit, and not where nothing bounds it', (t) => {
  t.deepEqual(number(10), {});
  t.deepEqual(number(11), { n: 11 });
  t.deepEqual(number(99), { n: 99 });
  t.deepEqual(number(5_000), { n: 100 });
  t.deepEqual(number(Number.POSITIVE_INFINITY), {}, 'the check does not look at it');
});
