import test from 'ava';
import type { Check } from '../../engine/define.ts';
import { gather } from '../../engine/gather.ts';
import { judge } from '../../engine/judge.ts';
import type { Reason, Result, Status } from '../../engine/model.ts';
import type { Transport } from '../../engine/transports/transport.ts';
import { healthy, observedAt } from '../server/healthy.ts';
import { type Server, transportTo } from '../server/state.ts';

export type Case = Readonly<{
  /** The server to begin with; a healthy Server 2022 in English when absent. */
  server?: () => Server;
  /** Breaks one thing in it. */
  given?: (server: Server) => void;
  expected?: Readonly<Record<string, unknown>>;
  status: Status;
  /** Why it is unknown. */
  reason?: Reason;
  /** What one of the messages, or the detail of an unknown, says. */
  says?: RegExp | readonly RegExp[];
}>;

/** Asks a transport what a check needs to know, and judges it: the real way from question to result. */
export const resultOf = async (
  check: Check,
  transport: Transport,
  expected: Case['expected'] = {},
): Promise<Result> => {
  const signal = new AbortController().signal;
  const gathered = await gather({ server: transport }, Object.values(check.needs), { signal, keep: async () => {} });
  return judge({ check, expected, severity: check.severity }, gathered.readingOf, 'vpn01');
};

/** A server in, one verdict out: `test('a stopped service fails', judging, running, { given: …, status: 'fail', says: /STOPPED/ })`. */
export const judging = test.macro(
  async (t, check: Check, { server, given, expected, status, reason, says = [] }: Case) => {
    const pretended = server?.() ?? healthy();
    given?.(pretended);
    const result = await resultOf(check, transportTo(pretended, { recordedAt: observedAt }), expected);
    const said = [
      result.detail ?? '',
      ...result.findings.map(({ subject = '', message }) => `${subject}: ${message}`),
    ].join('\n');
    t.is(result.status, status, said);
    if (reason) t.is(result.reason, reason, said);
    for (const saying of says instanceof RegExp ? [says] : says) t.regex(said, saying);
  },
);
