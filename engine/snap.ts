/**
 * SNAP/1: many commands in one cmd.exe line, and their answers split again as bytes.
 *
 * Each command stands between a begin and an end marker on both streams; the end marker on stdout carries the exit code.
 * A marker is `::` nonce `:` kind `:` id `:` [exit code `:`] `:`; it consists of digits and colons only, which are
 * never part of a multi-byte character in a console code page. A command without its end markers is not answered.
 */
import { randomInt } from 'node:crypto';
import { LIMITS } from './limits.ts';
import type { Ignorance } from './model.ts';

/** What came back for one command. */
export type Segment = Readonly<{ stdout: Buffer; stderr: Buffer; exitCode: number | null; complete: boolean }>;

/** 18 random digits: an answer cannot know them, so it cannot hold a marker. */
export const newNonce = (): string => Array.from({ length: 18 }, () => randomInt(10)).join('');

const HEAD = 'cmd.exe /d /q /v:on /s /c "';
/** Long pieces that many questions share travel once; cmd.exe puts them back by delayed expansion. The longer goes first. */
const ABBREVIATIONS = {
  v: 'HKLM\\SYSTEM\\CurrentControlSet\\Services',
  s: 'HKLM\\SYSTEM\\CurrentControlSet',
  p: 'HKLM\\SOFTWARE\\Policies\\Microsoft',
  m: 'HKLM\\SOFTWARE\\Microsoft',
  e: 'Provider[@Name=',
} as const;

const abbreviate = (command: string): string =>
  Object.entries(ABBREVIATIONS).reduce((text, [name, value]) => text.replaceAll(value, `!${name}!`), command);

const opening = (nonce: string): string =>
  `${[`set n=::${nonce}:`, ...Object.entries(ABBREVIATIONS).map(([name, value]) => `set ${name}=${value}`)].join('&')}&`;

/** `(call )` sets the exit code to 0, so that a command that sets none does not show its predecessor's. */
const wrapped = (command: string, id: number): string =>
  `echo !n!0:${id}::&>&2 echo !n!0:${id}::&(call )&${abbreviate(command)}&echo !n!1:${id}:!errorlevel!::&>&2 echo !n!1:${id}::`;

/**
 * An SSH server hands the line to a cmd.exe of its own before ours reads it. What stands inside our inner double quotes
 * is unquoted for that first reader, so its operators are escaped for it.
 */
const forOuterShell = (line: string): string => {
  let quoted = false;
  return line.replace(/["&|<>]/g, (character) => {
    if (character === '"') quoted = !quoted;
    return character !== '"' && !quoted ? `^${character}` : character;
  });
};

const lineOf = (commands: readonly string[], nonce: string): string =>
  forOuterShell(`${HEAD}${opening(nonce)}${commands.map(wrapped).join('&')}"`);

/**
 * One line for as many of the commands as fit, ids counted from 0.
 * `taken` is at least 1; `line` is undefined when not even the first command fits.
 */
export const encode = (commands: readonly string[], nonce: string): { line: string | undefined; taken: number } => {
  for (let taken = commands.length; taken > 0; taken--) {
    const line = lineOf(commands.slice(0, taken), nonce);
    if (line.length <= LIMITS.lineCharacters) return { line, taken };
  }
  return { line: undefined, taken: 1 };
};

type Part = Readonly<{ bytes: Buffer; exitCode: number | null; complete: boolean }>;
type Marker = Readonly<{ kind: string; id: number; exitCode: number | null; from: number; to: number }>;

/** What follows the nonce in a marker, and the rest of its line. */
const REST = /^([01]):(\d{1,4}):(?:(-?\d{1,11}):)?:[ \t]*\r?\n?/;
/** Bytes in which it stands. An answer may be large: only what may be a marker becomes text. */
const REST_BYTES = 256;

const markersIn = (stream: Buffer, nonce: string): Marker[] => {
  const sign = `::${nonce}:`;
  const markers: Marker[] = [];
  for (let from = stream.indexOf(sign); from >= 0; from = stream.indexOf(sign, from + 1)) {
    const rest = from + sign.length;
    const found = REST.exec(stream.toString('latin1', rest, rest + REST_BYTES));
    if (!found) continue;
    const [whole, kind, id, exitCode] = found;
    markers.push({
      kind: kind === '0' ? 'begin' : 'end',
      id: Number(id),
      exitCode: exitCode === undefined ? null : Number(exitCode) | 0,
      from,
      to: rest + whole.length,
    });
  }
  return markers;
};

/**
 * The parts of one stream, in the order of asking. Reading stops at the first marker that cannot be ours (repeated,
 * unknown, out of order): what follows it belongs to nobody.
 */
const split = (stream: Buffer, nonce: string, count: number): Part[] => {
  const markers = markersIn(stream, nonce);
  const parts: Part[] = [];
  for (let id = 0; id < count; id++) {
    const [begin, end] = [markers[2 * id], markers[2 * id + 1]];
    if (begin?.kind !== 'begin' || begin.id !== id) break;
    const complete = end?.kind === 'end' && end.id === id;
    parts.push({ bytes: stream.subarray(begin.to, end?.from), exitCode: end?.exitCode ?? null, complete });
    if (!complete) break;
  }
  return parts;
};

/** The answers in both streams, one per command; `undefined` where a command was never begun. */
export const decode = (
  streams: Readonly<{ stdout: Buffer; stderr: Buffer }>,
  nonce: string,
  count: number,
): (Segment | undefined)[] => {
  const out = split(streams.stdout, nonce, count);
  const err = split(streams.stderr, nonce, count);
  return Array.from({ length: count }, (_, id) => {
    const stdout = out[id];
    const stderr = err[id];
    if (!stdout) return undefined;
    return {
      stdout: stdout.bytes,
      stderr: stderr?.bytes ?? Buffer.alloc(0),
      exitCode: stdout.exitCode,
      complete: stdout.complete && stderr?.complete === true && stdout.exitCode !== null,
    };
  });
};

/** The last marker of so many commands. Where it stands on both streams, no more of the answer is to come. */
export const lastMarker = (nonce: string, count: number): RegExp =>
  new RegExp(`::${nonce}:1:${count - 1}:(?:-?\\d{1,11}:)?:`);

/** Bytes in which an answer in our form begins, be it behind a banner. */
const BEGINNING_BYTES = 65_536;
const beginningOf = (stdout: Buffer): string => stdout.toString('latin1', 0, BEGINNING_BYTES);

/** Whether an answer in our form begins in a stream, whatever was asked. */
export const isBegun = (stdout: Buffer): boolean => /::\d{18}:0:0::/.test(beginningOf(stdout));

const MERGED: Ignorance = {
  reason: 'unreadable',
  detail:
    'the server sends errors and answers in one stream, so that nobody can tell them apart: a forced command with 2>&1, or a terminal, merges them; take 2>&1 out of it, or PermitTTY no into sshd_config',
};
const FOREIGN: Ignorance = {
  reason: 'unreadable',
  detail: 'the answer bears the marks of other questions than these: something on the way sends a recorded answer',
};

/**
 * Why streams hold nothing of ours although something answered in our form; undefined where they are as they should be, or
 * where nothing is known against them.
 */
export const strangenessOf = (
  { stdout, stderr }: Readonly<{ stdout: Buffer; stderr: Buffer }>,
  nonce: string,
): Ignorance | undefined => {
  const marks = markersIn(stdout, nonce);
  // A collector prints marks of its own, the first of them on both streams.
  if (marks.length === 0) {
    if (/::(\d{18}):8:1::\s[\s\S]*::\1:8:1::/.test(beginningOf(stdout))) return MERGED;
    return isBegun(stdout) ? FOREIGN : undefined;
  }
  const firsts = marks.filter(({ kind, id }) => kind === 'begin' && id === 0);
  return firsts.length > 1 && !stderr.includes(`::${nonce}:`) ? MERGED : undefined;
};
