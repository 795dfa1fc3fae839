/** Every kind of ignorance, on every check: none of it is ever a pass. */
import test from 'ava';
import { checks } from '../../checks/index.ts';
import { LIMITS } from '../../engine/limits.ts';
import type { Reason } from '../../engine/model.ts';
import { loadProfile, type Planned, plan } from '../../engine/profile.ts';
import { exchangeBatches } from '../../engine/transports/batch.ts';
import type { Answer, Transport } from '../../engine/transports/transport.ts';
import { healthy, observedAt } from '../server/healthy.ts';
import { BINDING_SOURCES } from '../server/http.ts';
import { transportTo } from '../server/state.ts';
import { resultOf } from './judging.ts';

const builtIns = new URL('../../profiles/', import.meta.url);
const target = { name: 'vpn01', address: 'evidence:.', tags: [], inputs: {} };
const planned: readonly Planned[] = plan(await loadProfile('baseline', { checks, builtIns }), target, {
  publicNames: 'vpn.example.com',
});
const server = healthy();
const healthyTransport = transportTo(server, { recordedAt: observedAt });
/** What the healthy server answers, which nothing here changes: asked once, however often it is spoiled. */
const answers = new Map<string, Promise<Answer>>();
const wholeAnswer = (command: string): Promise<Answer> => {
  const asked = answers.get(command) ?? askHealthy(command);
  answers.set(command, asked);
  return asked;
};
const askHealthy = async (command: string): Promise<Answer> => {
  const [answer] = await healthyTransport.exchange([command], { signal: new AbortController().signal });
  if (!answer) throw new Error(`${command} was not answered`);
  return answer;
};

/** Only names for messages come from it. */
const DECORATION = /Control\\Network\\/;

const none = new Uint8Array();
const text = (words: string): Uint8Array => Buffer.from(words);
const missing = (answer: Answer, reason: Reason): Answer => ({
  ...answer,
  stdout: none,
  stderr: none,
  exitCode: null,
  missing: { reason, detail: reason },
});

type Kind = Readonly<{ reasons: readonly Reason[]; spoil(answer: Answer): Answer }>;
const KINDS: Readonly<Record<string, Kind>> = {
  'access denied': {
    reasons: ['denied', 'unreadable'],
    spoil: (answer) => {
      const exitCode = /^(sc|wevtutil)/.test(answer.command) ? 5 : 1;
      return { ...answer, stdout: none, stderr: text('ERROR: Access is denied.\r\n'), exitCode };
    },
  },
  'a key absent although its parent is unreadable': {
    reasons: ['denied', 'unreadable'],
    spoil: (answer) => ({
      ...answer,
      stdout: none,
      stderr: text('ERROR: The system was unable to find the specified registry key or value.\r\n'),
      exitCode: 1,
    }),
  },
  'a cut answer': {
    reasons: ['truncated'],
    spoil: (answer) => missing({ ...answer, stdout: answer.stdout.subarray(0, 40) }, 'truncated'),
  },
  'no answer in time': { reasons: ['timed-out'], spoil: (answer) => missing(answer, 'timed-out') },
  'an empty answer with exit code 0': {
    reasons: ['unreadable'],
    spoil: (answer) => ({ ...answer, stdout: none, stderr: none, exitCode: 0 }),
  },
  'garbage bytes': {
    reasons: ['unreadable'],
    spoil: (answer) => ({
      ...answer,
      stdout: Uint8Array.from({ length: 4_000 }, (_, at) => (at * 97 + (at >> 3)) % 256),
      exitCode: 0,
    }),
  },
};

/** A transport to the server in which the answers to some commands are spoiled. */
const spoiling = (spoil: Kind['spoil'], when: (command: string) => boolean): Transport & { asked: Set<string> } => {
  const asked = new Set<string>();
  return {
    ...healthyTransport,
    asked,
    exchange: async (commands) => {
      for (const command of commands) asked.add(command);
      const whole = await Promise.all(commands.map(wholeAnswer));
      return whole.map((answer) => (when(answer.command) ? spoil(answer) : answer));
    },
  };
};

/** Questions that say where the answers come from; the version is also what the defaults of TLS depend on. */
const isIdentity = (command: string, check: string): boolean =>
  /OEMCP/.test(command) || (/Windows NT\\CurrentVersion"?$/.test(command) && check !== 'tls/protocols');

/** Whether a healthy server gives the spoiled answer itself, in other words: reg.exe ends with 1 for what is not there, too. */
const isAsHealthy = async (command: string, spoil: Kind['spoil']): Promise<boolean> => {
  const whole = await wholeAnswer(command);
  if (whole.missing) return false;
  const { exitCode, stdout, missing: gap } = spoil(whole);
  return !gap && exitCode === whole.exitCode && Buffer.compare(stdout, whole.stdout) === 0;
};

test('the healthy server passes every check of the baseline', async (t) => {
  for (const { check, expected } of planned) {
    const result = await resultOf(
      check,
      spoiling(
        (answer) => answer,
        () => false,
      ),
      expected,
    );
    t.true(result.status === 'pass' || result.status === 'inapplicable', `${check.id}: ${JSON.stringify(result)}`);
  }
});

for (const { check, expected } of planned)
  for (const [name, { reasons, spoil }] of Object.entries(KINDS))
    test(`${check.id}: ${name} is unknown`, async (t) => {
      const result = await resultOf(
        check,
        spoiling(spoil, () => true),
        expected,
      );
      t.is(result.status, 'unknown', JSON.stringify(result));
      t.true(reasons.includes(result.reason as Reason), `${result.reason}: ${result.detail}`);
      t.true((result.detail ?? '') !== '');
    });

for (const { check, expected } of planned)
  test(`${check.id}: each single question that fails leaves no pass`, async (t) => {
    const probe = spoiling(
      (answer) => answer,
      () => false,
    );
    await resultOf(check, probe, expected);
    const commands = [...probe.asked].filter(
      (command) => !BINDING_SOURCES.some((source) => source.test(command)) && !DECORATION.test(command),
    );
    for (const command of commands.filter((one) => !isIdentity(one, check.id)))
      for (const [name, { spoil }] of Object.entries(KINDS)) {
        if (await isAsHealthy(command, spoil)) continue;
        const result = await resultOf(
          check,
          spoiling(spoil, (asked) => asked === command),
          expected,
        );
        t.not(result.status, 'pass', `${name}: ${command}: ${JSON.stringify(result)}`);
      }
    t.pass();
  });

test('50 MB of output are truncated, for every check', async (t) => {
  const flood = Buffer.alloc(50_000_000, 'A');
  // Written over in place: 50 MB for each check anew would be all that this test does.
  const after = (mark: string): Buffer => {
    flood.write(mark, 'latin1');
    return flood;
  };
  for (const { check, expected } of planned) {
    const transport: Transport = {
      ...healthyTransport,
      exchange: (commands) =>
        exchangeBatches(commands, {
          carry: async (_line, nonce) => ({
            stdout: after(`::${nonce}:0:0::`),
            stderr: Buffer.from(`::${nonce}:0:0::`),
            exitCode: null,
            stopped: { reason: 'truncated', detail: `the answer is larger than ${LIMITS.answerBytes / 1e6} MB` },
          }),
          blame: ({ stopped }) => stopped ?? { reason: 'bug', detail: 'not stopped' },
        }),
    };
    const result = await resultOf(check, transport, expected);
    t.is(result.status, 'unknown', check.id);
    t.is(result.reason, 'truncated', check.id);
  }
});

/** What a healthy server fails: so that a lost line could turn a fail into a pass if anything could. */
const contrary = (expected: Planned['expected']): Planned['expected'] => ({
  ...expected,
  ...(typeof expected['port'] === 'number' && { port: 4_443 }),
  ...(typeof expected['minimumDays'] === 'number' && { minimumDays: 9_999, orPercentOfLife: 100 }),
  ...(typeof expected['minimumPorts'] === 'number' && { minimumPorts: 9_999 }),
  ...(Array.isArray(expected['names']) && { names: ['elsewhere.example.com'] }),
  ...(typeof expected['minimumRsaBits'] === 'number' && { minimumRsaBits: 16_384, minimumEcBits: 999 }),
  ...(expected['role'] === 'tls-here' && { role: 'tls-offload' }),
});

test('no lost line of evidence turns a fail or an unknown of the healthy server into a pass', async (t) => {
  const plans = planned.map((one) => ({ ...one, expected: contrary(one.expected) }));
  let failing = 0;
  let lines = 0;
  for (const { check, expected } of plans) {
    const probe = spoiling(
      (answer) => answer,
      () => false,
    );
    const before = await resultOf(check, probe, expected);
    if (before.status === 'pass') continue;
    failing++;
    for (const command of probe.asked) {
      const whole = await wholeAnswer(command);
      const printed = Buffer.from(whole.stdout).toString('latin1').split('\r\n');
      for (const at of printed.keys()) {
        lines++;
        const cut = Buffer.from(printed.toSpliced(at, 1).join('\r\n'), 'latin1');
        const after = await resultOf(
          check,
          spoiling(
            (answer) => ({ ...answer, stdout: cut }),
            (asked) => asked === command,
          ),
          expected,
        );
        t.not(after.status, 'pass', `${check.id}: ${command}: without ${printed[at]}`);
      }
    }
  }
  t.true(failing >= 8, `${failing} checks fail against the contrary expectations`);
  t.log(`${lines} lost lines on ${failing} checks`);
});
