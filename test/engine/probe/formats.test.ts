import test from 'ava';
import fc from 'fast-check';
import { readHandshake, writeHeard } from '../../../engine/probe/answers.ts';
import { consentIn, packetIn } from '../../../engine/probe/converse.ts';
import { LONGEST_PACKET } from '../../../engine/probe/sstp.ts';
import { abort, ack, CONTINUES, nak } from '../../network/says.ts';

const anything = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
/** A good packet with a few bytes of it changed, cut or lengthened. */
const almost = fc
  .record({
    packet: fc.constantFrom(ack(3), ack(1), nak(4), abort(7)),
    changes: fc.array(fc.tuple(fc.nat(47), fc.nat(255)), { maxLength: 4 }),
    length: fc.nat(60),
    tail: anything,
  })
  .map(({ packet, changes, length, tail }) => {
    const bytes = Buffer.concat([packet, tail]).subarray(0, packet.length + length);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });
const packets = fc.oneof(anything, almost);

/** What evidence says of the same bytes, after the head of a good HTTP answer. */
const inEvidence = (bytes: Buffer) =>
  readHandshake(
    writeHeard({
      address: '192.0.2.1',
      port: 443,
      steps: [],
      abortSent: true,
      received: { inside: Buffer.concat([Buffer.from(CONTINUES), bytes]) },
    }),
  ).sstp;

test('what a packet says live and what evidence says of it are the same', (t) => {
  fc.assert(
    fc.property(packets, (bytes) => {
      const went = packetIn(bytes);
      const kept = inEvidence(bytes);
      if (went && 'value' in went) t.deepEqual(kept, went.value);
      else t.not(kept?.message, 'CALL_CONNECT_ACK', 'what was no acknowledgement stays none');
      if (went === undefined) t.is(kept, undefined);
    }),
    { numRuns: 2_000 },
  );
});

test('bits that are reserved make no other packet', (t) => {
  const reserved = Buffer.from(ack(3));
  for (const [at, bits] of [
    [1, 0xfe],
    [2, 0xf0],
    [8, 0xff],
    [10, 0xf0],
  ] as const)
    reserved[at] = (reserved[at] ?? 0) | bits;
  t.deepEqual(packetIn(reserved), packetIn(ack(3)));
  reserved[1] = 0xfe;
  t.like(packetIn(reserved), { trouble: { kind: 'garbage' } }, 'a data packet is no answer');
});

test('a packet is waited for only as long as it can be one', (t) => {
  fc.assert(
    fc.property(packets, (bytes) => {
      if (packetIn(bytes) === undefined) t.true(bytes.length < LONGEST_PACKET && (bytes[0] ?? 0x10) === 0x10);
    }),
  );
});

test('bytes that are no HTTP are known at once, and a head is never found beyond its limit', (t) => {
  fc.assert(
    fc.property(anything, (bytes) => {
      const went = consentIn(bytes);
      if (went && 'value' in went) t.true(went.value <= bytes.length);
      if (went === undefined) t.true('HTTP/'.startsWith(bytes.toString('latin1', 0, Math.min(5, bytes.length))));
    }),
  );
  for (const [text, kind] of [
    ['HTTP/1.1 200\r\n\r\n', undefined],
    ['HTTP/1.1 200 OK\r\n\r\n', undefined],
    ['HTTP/1.1 200OK\r\n\r\n', 'garbage'],
    ['HTTP/1.1 20\r\n\r\n', 'garbage'],
    ['HTTP/2 200\r\n\r\n', 'garbage'],
    ['HTTP/1.0 200 OK\r\n\r\n', 'declined'],
    ['HTTP/1.1 201 Created\r\n\r\n', 'declined'],
    [`HTTP/1.1 200 ${'x'.repeat(17_000)}`, 'too-large'],
    [`HTTP/1.1 200 ${'x'.repeat(17_000)}\r\n\r\n`, 'too-large'],
  ] as const) {
    const went = consentIn(Buffer.from(text));
    t.is(went && 'trouble' in went ? went.trouble.kind : undefined, kind, text.slice(0, 30));
  }
});

test('what a server says in a reason phrase cannot move the cursor of a terminal', (t) => {
  const went = consentIn(Buffer.from(`HTTP/1.1 500 \x1b[2J${'y'.repeat(200)}\r\n\r\n`, 'latin1'));
  t.is(went && 'trouble' in went ? went.trouble.detail : '', `HTTP/1.1 500 .[2J${'y'.repeat(56)}`);
});
