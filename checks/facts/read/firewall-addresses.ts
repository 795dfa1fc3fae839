import { spelledAddress } from './address.ts';

/**
 * How many of the addresses in the world a firewall rule names. `all`: every one of both families. `most`: so much of one
 * family that clients on the Internet are among them. `unclear`: it holds a word that is not known.
 */
export type Coverage = 'all' | 'most' | 'some' | 'unclear';

type Span = Readonly<{ bits: 32 | 128; from: bigint; to: bigint }>;

/** Words for the networks around the server, and for everybody outside them. Source: MS-FASP 2.2.21. */
const NEARBY =
  /^(?:LocalSubnet[46]?|DNS|DHCP|WINS|DefaultGateway|Intr[aA]net|RmtIntr[aA]net|Ply2Renders|CaptivePortal)$/i;
const EVERYWHERE = /^Internet$/i;

/** The eight groups of an IPv6 address in its shortest form. */
const groupsOf = (spelled: string): readonly number[] | undefined => {
  if (!/^[\da-f:]+$/.test(spelled)) return;
  const [head = [], tail, ...more] = spelled.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (more.length > 0 || (tail ? missing < 1 : missing !== 0)) return;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  return groups.map((group) => Number.parseInt(group, 16));
};

const joined = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((sum, part) => (sum << width) | BigInt(part), 0n);

type Address = Readonly<{ bits: 32 | 128; value: bigint }>;

const addressOf = (text: string): Address | undefined => {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split('.').map(Number);
    return bytes.every((byte) => byte <= 255) ? { bits: 32, value: joined(bytes, 8n) } : undefined;
  }
  const groups = text.includes(':') ? groupsOf(spelledAddress(text)) : undefined;
  return groups && { bits: 128, value: joined(groups, 16n) };
};

/** The length of a prefix, which may be written as a mask. */
const lengthOf = (text: string, bits: 32 | 128): number | undefined => {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits ? Number(text) : undefined;
  const mask = addressOf(text);
  const ones = mask?.bits === bits ? mask.value.toString(2).padStart(bits, '0') : '';
  return /^1*0*$/.test(ones) && ones !== '' ? ones.lastIndexOf('1') + 1 : undefined;
};

/** `192.0.2.1`, `192.0.2.0/24`, `192.0.2.0/255.255.255.0` or `192.0.2.1-192.0.2.9`, and the same of IPv6. */
const spanOf = (text: string): Span | undefined => {
  const [, first = '', sign, second = ''] = /^([^/-]+)(?:([/-])(.+))?$/.exec(text) ?? [];
  const from = addressOf(first);
  if (!from) return;
  const { bits, value } = from;
  if (sign === undefined) return { bits, from: value, to: value };
  if (sign === '-') {
    const to = addressOf(second);
    return to?.bits === bits && value <= to.value ? { bits, from: value, to: to.value } : undefined;
  }
  const length = lengthOf(second, bits);
  if (length === undefined) return;
  const size = 1n << BigInt(bits - length);
  const start = (value / size) * size;
  return { bits, from: start, to: start + size - 1n };
};

/** How many addresses lie in spans that may overlap. */
const countIn = (spans: readonly Span[]): bigint => {
  let [count, next] = [0n, 0n];
  for (const { from, to } of spans.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const start = from > next ? from : next;
    if (to < start) continue;
    count += to - start + 1n;
    next = to + 1n;
  }
  return count;
};

/** A single span of a seventh bit of IPv4, or of a fourth of IPv6, is no network of anybody's; nor is half of them all. */
const BROAD = { 32: 1n << 25n, 128: 1n << 124n } as const;

const familyCoverage = (spans: readonly Span[], bits: 32 | 128): 'all' | 'most' | 'some' => {
  const own = spans.filter((span) => span.bits === bits);
  const count = countIn(own);
  if (count === 1n << BigInt(bits)) return 'all';
  const isBroad = own.some(({ from, to }) => to - from + 1n >= BROAD[bits]);
  return isBroad || count >= 1n << BigInt(bits - 1) ? 'most' : 'some';
};

/** What a list of addresses in a rule covers; an empty one limits nothing. Source: MS-GPFAS 2.2.2. */
export const coverageOf = (items: readonly string[]): Coverage => {
  if (items.length === 0 || items.includes('*')) return 'all';
  const spans = items.map(spanOf);
  const words = items.filter((_, at) => spans[at] === undefined);
  const families = ([32, 128] as const).map((bits) =>
    familyCoverage(
      spans.filter((span) => span !== undefined),
      bits,
    ),
  );
  if (families.every((family) => family === 'all')) return 'all';
  if (families.some((family) => family !== 'some') || words.some((word) => EVERYWHERE.test(word))) return 'most';
  return words.every((word) => NEARBY.test(word)) ? 'some' : 'unclear';
};
