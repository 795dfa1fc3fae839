/** What a healthy server answered, changed on its way in whatever manner: nothing of that makes a pass where none was. */
import test from 'ava';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { checks } from '../../checks/index.ts';
import { audit } from '../../engine/audit.ts';
import type { Evidence } from '../../engine/model.ts';
import { loadProfile, type Planned, plan } from '../../engine/profile.ts';
import { exchangeBatches } from '../../engine/transports/batch.ts';
import { blame } from '../../engine/transports/ssh-sayings.ts';
import type { Transport } from '../../engine/transports/transport.ts';
import { ran } from '../server/cmd.ts';
import { healthy, observedAt } from '../server/healthy.ts';
import { BINDING_SOURCES } from '../server/http.ts';
import { answer } from '../server/state.ts';

/** What came over the wire, one character per byte. */
type Wire = Readonly<{ stdout: string; stderr: string }>;
type Change = (wire: Wire) => Wire;

/** Stands for the nonce of whoever asks. */
const NONCE = '123456789012345678';
const OTHER = '876543210987654321';

const server = healthy({ language: 'ja', alias: 'イーサネット 2' });
const target = { name: 'vpn', address: 'ssh://vpn', tags: [], inputs: {} };
const profile = await loadProfile('baseline', { checks, builtIns: new URL('../../profiles/', import.meta.url) });
const planned = (inputs: Readonly<Record<string, string>>): readonly Planned[] => plan(profile, target, inputs);

/** The healthy server as it should be, and held to what it is not: the former passes, the latter fails here and there. */
const HELD = [
  ...planned({ publicNames: 'vpn.example.com' }),
  ...planned({ publicNames: 'other.example.net', listenerPort: '4443' }),
];

const known = new Map<string, Wire>();
const wireOf = (line: string): Wire => {
  const there = known.get(line);
  if (there) return there;
  const { stdout, stderr } = ran(server, line);
  const wire = { stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
  known.set(line, wire);
  return wire;
};

/** The server over a wire that changes all that it carries. */
const over = (change: Change): Transport => ({
  kind: 'ssh',
  recordedAt: observedAt,
  exchange: (commands) =>
    exchangeBatches(commands, {
      carry: async (line, nonce) => {
        const { stdout, stderr } = change(wireOf(line.replaceAll(nonce, NONCE)));
        const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(NONCE, nonce), 'latin1');
        return { stdout: bytes(stdout), stderr: bytes(stderr), exitCode: 0 };
      },
      blame,
    }),
  close: async () => {},
});

const audited = async (change: Change) => {
  const { results, evidence } = await audit(target, { server: over(change) }, HELD, {
    signal: new AbortController().signal,
    targetMs: 60_000,
    version: '0.1.0',
  });
  return { results, evidence };
};

const first = await audited((wire) => wire);

/** The answers that a pass must not lack, and lacks: of the sources of the bindings one must be whole. */
const lackingIn = (rests: readonly Evidence[]): readonly string[] => {
  const gaps = rests.filter(({ missing }) => missing).map(({ command }) => command);
  const isTold = BINDING_SOURCES.some((source) => {
    const told = rests.filter(({ command }) => source.test(command));
    return told.length > 0 && told.every(({ missing }) => !missing);
  });
  return gaps.filter((command) => !isTold || !BINDING_SOURCES.some((source) => source.test(command)));
};

/** Why a change of the wire is a disaster; nothing when it is none. */
const wrongAbout = ({ results, evidence }: typeof first): readonly string[] => {
  const answers = new Map(evidence.map((one) => [one.id, one]));
  return results.flatMap((result, at) => {
    const { check, status, reason, detail, evidence: ids } = result;
    const before = first.results[at]?.status;
    const rests = ids.flatMap((id) => answers.get(id) ?? []);
    return [
      ...(status === 'pass' && before !== 'pass' && before !== 'inapplicable'
        ? [`${check}: ${before}, then pass`]
        : []),
      ...(status === 'pass' ? lackingIn(rests).map((command) => `${check} passes without ${command}`) : []),
      ...(status !== 'unknown' && result.reason ? [`${check} is ${status} for a reason`] : []),
      ...(reason === 'bug' ? [`${check}: ${detail}`] : []),
    ];
  });
};

/** Answers that count as whole, and are not what the server said to that question. */
const misattributed = ({ evidence }: typeof first): readonly string[] =>
  evidence.filter((one) => !one.missing && !isGenuine(one)).map(({ command }) => command);

const isGenuine = ({ command, stdout, stderr, exitCode }: Evidence): boolean => {
  const said = answer(server, command);
  const isSame = Buffer.from(said.stdout).equals(stdout) && Buffer.from(said.stderr).equals(stderr);
  return isSame && said.exitCode === exitCode;
};

/** Where in a text or a list, from 0 up to but not 1. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const stream = fc.constantFrom('stdout', 'stderr', 'both');
const at = (where: number, length: number): number => Math.floor(where * length);

const on =
  (streams: string, change: (text: string) => string): Change =>
  ({ stdout, stderr }) => ({
    stdout: streams === 'stderr' ? stdout : change(stdout),
    stderr: streams === 'stdout' ? stderr : change(stderr),
  });

/** Each with its marks. */
const sectionsOf = (text: string): string[] => text.split(/(?=::\d{18}:0:\d+::)/);
const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

const swapped = (parts: readonly string[], one: number, other: number): string => {
  const [i, j] = [at(one, parts.length), at(other, parts.length)];
  return parts.map((part, index) => (index === i ? parts[j] : index === j ? parts[i] : part)).join('');
};
const doubled = (parts: readonly string[], which: number): string =>
  parts.flatMap((part, index) => (index === at(which, parts.length) ? [part, part] : [part])).join('');
const dropped = (parts: readonly string[], which: number): string =>
  parts.filter((_, index) => index !== at(which, parts.length)).join('');

/** Where another one says other bytes, none of them may be taken for an answer. */
const betweenAnswers: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(stream, place).map(([streams, where]) => on(streams, (text) => text.slice(0, at(where, text.length)))),
  fc.tuple(stream, place).map(([streams, where]) => on(streams, (text) => text.slice(at(where, text.length)))),
  fc
    .tuple(stream, place, place)
    .map(([streams, one, other]) => on(streams, (text) => swapped(sectionsOf(text), one, other))),
  fc.tuple(stream, place).map(([streams, which]) => on(streams, (text) => doubled(sectionsOf(text), which))),
  fc.tuple(stream, place).map(([streams, which]) => on(streams, (text) => dropped(sectionsOf(text), which))),
  fc.constant(on('both', (text) => text.replaceAll(NONCE, OTHER))),
  fc.constant(on('both', (text) => text.replaceAll(NONCE, OTHER) + text)),
  fc.constant<Change>(({ stdout, stderr }) => ({ stdout: stderr, stderr: stdout })),
  fc.constant<Change>(({ stdout, stderr }) => ({ stdout: stdout + stderr, stderr: '' })),
);

const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((some) => Buffer.from(some).toString('latin1'));
const recoded = (to: string): Change =>
  on('stdout', (text) => iconv.encode(iconv.decode(Buffer.from(text, 'latin1'), 'cp932'), to).toString('latin1'));

const withinAnswers: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(stream, place).map(([streams, which]) => on(streams, (text) => doubled(linesOf(text), which))),
  fc.tuple(stream, place).map(([streams, which]) => on(streams, (text) => dropped(linesOf(text), which))),
  fc
    .tuple(stream, place, place)
    .map(([streams, one, other]) => on(streams, (text) => swapped(linesOf(text), one, other))),
  fc.tuple(stream, place, fc.nat(8), bytes).map(([streams, where, over, some]) =>
    on(streams, (text) => {
      const from = at(where, text.length);
      return text.slice(0, from) + some + text.slice(from + over);
    }),
  ),
  fc.constant(on('both', (text) => text.replaceAll('\r\n', '\n'))),
  fc.constant(on('both', (text) => text.replaceAll('\r\n', '\r\r\n'))),
  fc.constantFrom('utf8', 'utf16le', 'cp437', 'cp1252').map(recoded),
  fc.tuple(place, place).map(([one, other]) =>
    on('stdout', (text) => {
      const foreign = sectionsOf(text)[at(other, sectionsOf(text).length)] ?? '';
      const from = at(one, text.length);
      return text.slice(0, from) + foreign.replaceAll(NONCE, OTHER) + text.slice(from);
    }),
  ),
);

/** One change, or two one after the other. */
const some = (one: fc.Arbitrary<Change>): fc.Arbitrary<Change> =>
  fc
    .array(one, { minLength: 1, maxLength: 2 })
    .map((changes) => (wire) => changes.reduce((changed, change) => change(changed), wire));

const RUNS = { numRuns: 60, interruptAfterTimeLimit: 4_000 } as const;

test('the wire as it is brings what passes, and what does not', (t) => {
  const statuses = new Set(first.results.map(({ status }) => status));
  t.true(statuses.has('pass') && statuses.has('fail'));
  t.deepEqual([...wrongAbout(first), ...misattributed(first)], []);
});

test('of two sources one is enough, however often the other one is lost', async (t) => {
  const isShown = (section: string): boolean => / : 0\.0\.0\.0:443\r\n/.test(section);
  const changed = await audited(
    on('stdout', (text) =>
      sectionsOf(text)
        .filter((section) => !isShown(section))
        .join(''),
    ),
  );
  const lost = changed.evidence.filter(({ missing }) => missing).map(({ command }) => command);
  t.deepEqual(lost, ['netsh.exe http show sslcert']);
  const passing = changed.results.find(({ check, status }) => check === 'binding/wildcards' && status === 'pass');
  t.true(
    passing?.evidence.some((id) => changed.evidence.find((one) => one.id === id)?.missing),
    'it says what it lacks',
  );
  t.deepEqual(wrongAbout(changed), []);
});

test('answers that are cut, lost, doubled, swapped or of another batch are never taken for others', async (t) => {
  await fc.assert(
    fc.asyncProperty(some(betweenAnswers), async (change) => {
      const changed = await audited(change);
      t.deepEqual([...wrongAbout(changed), ...misattributed(changed)], []);
    }),
    RUNS,
  );
});

test('lines that are lost, doubled or swapped, bytes by chance and other code pages make no pass where none was', async (t) => {
  await fc.assert(
    fc.asyncProperty(some(withinAnswers), async (change) => {
      t.deepEqual(wrongAbout(await audited(change)), []);
    }),
    RUNS,
  );
});
