/** The packets of SSTP that a caller without credentials sends and reads. Integers are big-endian. Source: [MS-SSTP] 2.2. */
import { BINDING_HASHES, type BindingHash, type SstpSeen } from './seen.ts';

const VERSION = 0x10;
const CONTROL = 1;
/** The length field has 12 bits. */
export const LONGEST_PACKET = 0xfff;
const HEADER = 4;

const MESSAGES = {
  1: 'CALL_CONNECT_REQUEST',
  2: 'CALL_CONNECT_ACK',
  3: 'CALL_CONNECT_NAK',
  4: 'CALL_CONNECTED',
  5: 'CALL_ABORT',
  6: 'CALL_DISCONNECT',
  7: 'CALL_DISCONNECT_ACK',
  8: 'ECHO_REQUEST',
  9: 'ECHO_RESPONSE',
} as const;
type MessageName = (typeof MESSAGES)[keyof typeof MESSAGES];

const STATUS_INFO = 2;
const CRYPTO_BINDING_REQUEST = 4;

/** The status of a Status Info attribute. Source: [MS-SSTP] 2.2.7. */
export const STATUS_NAMES: readonly string[] = [
  'NO_ERROR',
  'DUPLICATE_ATTRIBUTE',
  'UNRECOGNIZED_ATTRIBUTE',
  'INVALID_ATTRIB_VALUE_LENGTH',
  'VALUE_NOT_SUPPORTED',
  'UNACCEPTED_FRAME_RECEIVED',
  'RETRY_COUNT_EXCEEDED',
  'INVALID_FRAME_RECEIVED',
  'NEGOTIATION_TIMEOUT',
  'ATTRIB_NOT_SUPPORTED_IN_MSG',
  'REQUIRED_ATTRIBUTE_MISSING',
  'STATUS_INFO_NOT_SUPPORTED_IN_MSG',
];

/** Asks for PPP (protocol 1). */
export const CALL_CONNECT_REQUEST: Uint8Array = Uint8Array.of(
  ...[VERSION, CONTROL, 0, 14],
  ...[0, 1, 0, 1],
  ...[0, 1, 0, 6, 0, 1],
);

/** Leaves, status NO_ERROR: a server holds a port for up to a minute after its Ack unless it is told. */
export const CALL_ABORT: Uint8Array = Uint8Array.of(
  ...[VERSION, CONTROL, 0, 20],
  ...[0, 5, 0, 1],
  ...[0, STATUS_INFO, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0],
);

/** The length of the packet that the bytes begin with, or undefined while its header is not there. */
export const packetLength = (bytes: Uint8Array): number | undefined =>
  bytes.length < HEADER ? undefined : view(bytes).getUint16(2) & LONGEST_PACKET;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

type Attribute = Readonly<{ id: number; value: Uint8Array }>;

/** The attributes of a control packet, or undefined where their lengths do not add up. */
const attributesOf = (packet: Uint8Array): readonly Attribute[] | undefined => {
  const found: Attribute[] = [];
  let at = 8;
  for (let left = view(packet).getUint16(6); left > 0; left--) {
    if (at + HEADER > packet.length) return;
    const length = view(packet).getUint16(at + 2) & LONGEST_PACKET;
    if (length < HEADER || at + length > packet.length) return;
    found.push({ id: packet[at + 1] ?? 0, value: packet.subarray(at + HEADER, at + length) });
    at += length;
  }
  return at === packet.length ? found : undefined;
};

const statusIn = (attributes: readonly Attribute[]): { status?: number } => {
  const value = attributes.find(({ id }) => id === STATUS_INFO)?.value;
  return value && value.length >= 8 ? { status: view(value).getUint32(4) } : {};
};

const hashesIn = (attributes: readonly Attribute[]): readonly BindingHash[] | undefined => {
  const value = attributes.find(({ id }) => id === CRYPTO_BINDING_REQUEST)?.value;
  if (value?.length !== 36) return;
  const mask = value[3] ?? 0;
  return (Object.keys(BINDING_HASHES) as BindingHash[]).filter((hash) => mask & BINDING_HASHES[hash]);
};

/** The other bits beside CONTROL are reserved, and ignored. Source: [MS-SSTP] 2.2.2. */
const nameOf = (packet: Uint8Array): MessageName | undefined => {
  const [version, bits = 0] = packet;
  if (version !== VERSION || (bits & CONTROL) === 0 || packet.length < 8) return;
  return MESSAGES[view(packet).getUint16(4) as keyof typeof MESSAGES];
};

/** Reads a whole packet from the server; a text says why it is none that answers a Call Connect Request. */
export const readPacket = (packet: Uint8Array): SstpSeen | string => {
  const message = nameOf(packet);
  if (!message) return `the packet ${hex(packet)} is no control packet of SSTP 1.0`;
  const attributes = attributesOf(packet);
  if (!attributes) return `the attributes of ${message} do not add up`;
  switch (message) {
    case 'CALL_CONNECT_ACK': {
      const hashes = hashesIn(attributes);
      return hashes?.length ? { message, hashes } : 'CALL_CONNECT_ACK holds no crypto binding request that can be read';
    }
    case 'CALL_CONNECT_NAK':
    case 'CALL_ABORT':
    case 'CALL_DISCONNECT':
      return { message, ...statusIn(attributes) };
    default:
      return `${message} is no answer to CALL_CONNECT_REQUEST`;
  }
};

const hex = (packet: Uint8Array): string => Buffer.from(packet.subarray(0, 16)).toString('hex');
