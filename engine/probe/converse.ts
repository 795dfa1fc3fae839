/** What is said inside TLS: the HTTP request that opens SSTP, the Call Connect Request, and goodbye. */
import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../limits.ts';
import { earOn } from './ear.ts';
import { headIn } from './head.ts';
import { duplexPost } from './http.ts';
import type { Journey } from './journey.ts';
import { NEVER } from './leave.ts';
import { awaited, type Patience } from './patience.ts';
import type { SstpSeen, Trouble } from './seen.ts';
import { CALL_ABORT, CALL_CONNECT_REQUEST, packetLength, readPacket, STATUS_NAMES } from './sstp.ts';
import { garbage, printable, type Went } from './trouble.ts';

/** `inside` gives what was heard so far, what came after the Abort included. */
export type Conversation = Readonly<{ inside(): Uint8Array; abortSent: boolean }>;

/** Where the head ends, once it is there and says that SSTP may begin. */
export const consentIn = (kept: Buffer): Went<number> | undefined => {
  const head = headIn(kept);
  if (head === undefined || 'trouble' in head) return head;
  const { version, status, reason } = head.value;
  if (version === '1.1' && status === 200) return { value: head.end };
  return { trouble: { kind: 'declined', detail: `HTTP/${version} ${status} ${printable(reason)}`.trimEnd() } };
};

const CONTROL_PACKET = 0x10;

/** The first packet, once it is whole. Other bytes are told from it by the first of them. */
export const packetIn = (kept: Buffer): Went<SstpSeen> | undefined => {
  if (kept.length > 0 && kept[0] !== CONTROL_PACKET) return { trouble: garbage('this is not SSTP', kept) };
  const length = packetLength(kept);
  if (length === undefined || kept.length < length) return;
  const packet = readPacket(kept.subarray(0, length));
  if (typeof packet === 'string') return { trouble: { kind: 'garbage', detail: packet } };
  return packet.message === 'CALL_CONNECT_ACK' ? { value: packet } : { trouble: declined(packet) };
};

const declined = (packet: Exclude<SstpSeen, { message: 'CALL_CONNECT_ACK' }>): Trouble => {
  const { message, status } = packet;
  const said = status === undefined ? 'without a status' : `status ${STATUS_NAMES[status] ?? status}`;
  return { kind: 'declined', detail: `${message}, ${said}` };
};

const hostOf = (serverName: string): string => (isIP(serverName) === 6 ? `[${serverName}]` : serverName);

/** Asks for SSTP up to the Call Connect answer. Once a call was asked for, it is aborted: that frees the server's port. */
export const converse = async (
  stream: Duplex,
  serverName: string,
  patience: Patience,
  journey: Journey,
): Promise<Conversation> => {
  const ear = earOn(stream);
  stream.write(duplexPost(hostOf(serverName), randomUUID().toUpperCase()));
  const end = await journey.take('http', () => ear.until(0, consentIn, patience));
  if (end === undefined) return { inside: ear.kept, abortSent: false };
  stream.write(CALL_CONNECT_REQUEST);
  await journey.take('sstp', () => ear.until(end, packetIn, patience));
  return { inside: ear.kept, abortSent: await sent(stream, CALL_ABORT) };
};

/** Whether the last words could be handed over. */
const sent = async (stream: Duplex, bytes: Uint8Array): Promise<boolean> => {
  if (!stream.writable) return false;
  const went = await awaited<true>(
    (report) => {
      const lost = { kind: 'closed', detail: 'the connection was closed' } as const;
      stream.write(bytes, (error) => report(error ? { trouble: lost } : { value: true }));
      return () => {};
    },
    { ms: LIMITS.leaveMs, signal: NEVER },
    () => 'not taken',
  );
  return 'value' in went;
};
