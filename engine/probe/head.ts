import { headEnd, LONGEST_HEAD, readHead } from './http.ts';
import type { HttpSeen } from './seen.ts';
import { garbage, type Went } from './trouble.ts';

type Head = Readonly<{ value: HttpSeen; end: number }>;

const START = 'HTTP/';
const beginsLikeHttp = (bytes: Buffer): boolean =>
  START.startsWith(bytes.toString('latin1', 0, Math.min(START.length, bytes.length)));

/** The head of an HTTP answer and where it ends, once it is whole; undefined while more is needed. */
export const headIn = (bytes: Buffer): Head | Extract<Went<never>, { trouble: unknown }> | undefined => {
  if (!beginsLikeHttp(bytes)) return { trouble: garbage('this is not HTTP', bytes) };
  const end = headEnd(bytes) ?? Number.POSITIVE_INFINITY;
  if (bytes.length > LONGEST_HEAD && end > LONGEST_HEAD)
    return { trouble: { kind: 'too-large', detail: `the head of the answer is longer than ${LONGEST_HEAD} bytes` } };
  if (end > bytes.length) return;
  const value = readHead(bytes.subarray(0, end));
  return value ? { value, end } : { trouble: garbage('this is not HTTP', bytes) };
};
