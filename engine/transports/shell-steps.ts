import { CODE_PAGE_QUESTION, codePageIn } from '../code-page.ts';
import { decode, encode, newNonce, strangenessOf } from '../snap.ts';
import type { Way } from './batch.ts';
import type { Outcome } from './run-process.ts';
import type { Answer, Step } from './transport.ts';

/**
 * Stands before the line, and is true for cmd.exe. Another shell, such as PowerShell, may well start our own cmd.exe, and break
 * only where questions hold quotes: of this it can make nothing.
 */
const ONLY_CMD = 'if 1==1 ';

/** The last two steps of every way that ends in a cmd.exe: that it reads our lines, and that an answer comes back whole. */
export const shellSteps = async ({
  carry,
  blame,
  pinned,
}: Way): Promise<Readonly<{ outcome: Outcome; steps: readonly Step[] }>> => {
  const nonce = newNonce();
  const { line = '' } = encode([CODE_PAGE_QUESTION], nonce);
  const outcome = await carry(`${ONLY_CMD}${line}`, nonce, 1);
  const fixed = await pinned?.(outcome, [CODE_PAGE_QUESTION]);
  if (fixed) return { outcome, steps: fixedSteps(fixed) };
  const [segment] = decode(outcome, nonce, 1);
  const why = segment?.complete ? undefined : (strangenessOf(outcome, nonce) ?? blame(outcome));
  if (!segment) return { outcome, steps: [{ step: 'shell', said: '', ...(why && { missing: why }) }] };
  return { outcome, steps: [{ step: 'shell', said: 'cmd.exe' }, exchanged(segment.stdout, why)] };
};

/** A server that runs the collector whatever it is sent. */
const fixedSteps = ([answer]: readonly Answer[]): readonly Step[] => [
  { step: 'shell', said: 'collect.cmd' },
  exchanged(answer?.stdout ?? new Uint8Array(), answer?.missing),
];

const exchanged = (stdout: Uint8Array, missing: Step['missing']): Step => {
  const page = codePageIn(stdout);
  return { step: 'exchange', said: page === undefined ? '' : `OEMCP ${page}`, ...(missing && { missing }) };
};
