import test from 'ava';
import type { Check } from '../../engine/define.ts';
import { gather, type Ways } from '../../engine/gather.ts';
import { judge } from '../../engine/judge.ts';
import type { Result } from '../../engine/model.ts';
import { healthyOutside } from '../outside/healthy.ts';
import { networkTo, type Outside } from '../outside/outside.ts';
import { observedAt } from '../server/healthy.ts';
import { type Server, transportTo } from '../server/state.ts';
import type { Case } from './judging.ts';

export type OutsideCase = Omit<Case, 'server' | 'given'> &
  Readonly<{
    /** Breaks one thing in the healthy view from outside. */
    given?: (outside: Outside) => void;
    /** The machine itself, for a check that asks it, too. */
    server?: () => Server;
    /** What was asked over the network. */
    asked?: (questions: readonly string[]) => boolean;
  }>;

/** Asks the ways what a check needs to know, and judges it: the real way from question to result. */
export const resultFrom = async (check: Check, ways: Ways, expected: Case['expected'] = {}): Promise<Result> => {
  const { signal } = new AbortController();
  const gathered = await gather(ways, Object.values(check.needs), { signal, keep: async () => {} });
  return judge({ check, expected, severity: check.severity }, gathered.readingOf, 'vpn01');
};

/** A view from outside in, one verdict out. */
export const judgingOutside = test.macro(
  async (t, check: Check, { given, server, expected, status, reason, says = [], asked }: OutsideCase) => {
    const outside = healthyOutside();
    given?.(outside);
    const network = networkTo(outside, observedAt);
    const ways = { network, ...(server && { server: transportTo(server(), { recordedAt: observedAt }) }) };
    const result = await resultFrom(check, ways, expected);
    const said = [
      result.detail ?? '',
      ...result.findings.map(({ subject = '', message }) => `${subject}: ${message}`),
    ].join('\n');
    t.is(result.status, status, said);
    if (reason) t.is(result.reason, reason, said);
    for (const saying of says instanceof RegExp ? [says] : says) t.regex(said, saying);
    if (asked) t.true(asked(network.asked), network.asked.join('\n'));
  },
);
