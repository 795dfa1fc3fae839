import test from 'ava';
import fc from 'fast-check';
import { type Question, questionIn, textOf } from '../../../engine/probe/questions.ts';
import { anyCharacter } from '../../characters.ts';

const text = fc.string({ unit: anyCharacter, minLength: 1 }).filter((value) => value.isWellFormed());
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant('fe80::1%eth0'));
const endpoint = fc.record(
  { host: text, port: fc.integer({ min: 1, max: 65_535 }), serverName: fc.oneof(fc.domain(), text), proxy: text },
  { requiredKeys: ['host', 'port', 'serverName'] },
);
const bytes = fc.uint8Array().map((value) => new Uint8Array(value));
const question: fc.Arbitrary<Question> = fc.oneof(
  fc.record({ kind: fc.constant('resolve' as const), name: text }),
  fc.record({ kind: fc.constant('handshake' as const), address, until: fc.constantFrom('tls', 'sstp'), endpoint }),
  fc.record({ kind: fc.constant('versions' as const), address, endpoint }),
  fc.record({ kind: fc.constant('fetch' as const), url: fc.oneof(fc.webUrl(), text) }),
  fc.record({ kind: fc.constant('fetch' as const), url: fc.oneof(fc.webUrl(), text), request: bytes }),
  fc.record({
    kind: fc.constant('trusted-roots' as const),
    subjectId: fc.uint8Array({ minLength: 1 }).map((value) => Buffer.from(value).toString('hex').toUpperCase()),
  }),
);

/** A text holds no name to dial: what is read from it has the address in its place. */
const withoutHost = (asked: Question | undefined) =>
  asked && 'endpoint' in asked ? { ...asked, endpoint: { ...asked.endpoint, host: asked.address } } : asked;

test('what is written is read again', (t) => {
  fc.assert(
    fc.property(question, (asked) => {
      t.deepEqual(questionIn(textOf(asked)), withoutHost(asked));
    }),
    { numRuns: 1_000 },
  );
});

test('a question is one line of printable ASCII', (t) => {
  fc.assert(fc.property(question, (asked) => t.regex(textOf(asked), /^probe [\x20-\x7e]+$/)));
});

test('what no URL can hold is not lost on the way to a text', (t) => {
  t.is(textOf({ kind: 'fetch', url: 'http://a/\ud800' }), 'probe fetch http://a/%EF%BF%BD');
});

for (const line of [
  '',
  'probe',
  'probe ',
  'probe resolve',
  'probe resolve a b',
  'probe frobnicate x',
  'probe constructor x',
  'probe handshake 127.0.0.1:443 until=sstp',
  'probe handshake 127.0.0.1 name=a until=sstp',
  'probe handshake 127.0.0.1:443 name=a until=never',
  'probe handshake ::1:443 name=a until=tls',
  'probe trusted-roots xyz',
  'probe trusted-roots ab',
  'reg.exe query HKLM',
])
  test(`"${line}" is no question`, (t) => t.is(questionIn(line), undefined));
