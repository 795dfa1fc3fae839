/** Every kind of ignorance from outside, on every check that looks from there: none of it is ever a pass. */
import test from 'ava';
import { checks } from '../../checks/index.ts';
import type { Ways } from '../../engine/gather.ts';
import type { Reason } from '../../engine/model.ts';
import { loadProfile, type Planned, plan } from '../../engine/profile.ts';
import type { Answer, Transport } from '../../engine/transports/transport.ts';
import { healthyOutside } from '../outside/healthy.ts';
import { networkTo } from '../outside/outside.ts';
import { healthy, observedAt } from '../server/healthy.ts';
import { transportTo } from '../server/state.ts';
import { resultFrom } from './judging-outside.ts';

const builtIns = new URL('../../profiles/', import.meta.url);
const target = { name: 'vpn01', address: 'evidence:.', tags: [], inputs: {} };
const planOf = async (name: string): Promise<readonly Planned[]> =>
  plan(
    await loadProfile(name, { checks, builtIns }),
    target,
    name === 'complete' ? { publicNames: 'vpn.example.com' } : {},
  );
const planned = [...(await planOf('complete')), ...(await planOf('client'))].filter(({ check }) =>
  Object.values(check.needs).some(({ vantage }) => vantage === 'network'),
);

const none = new Uint8Array();
const missing =
  (reason: Reason) =>
  (answer: Answer): Answer => ({
    ...answer,
    stdout: none,
    exitCode: null,
    missing: { reason, detail: reason },
  });
const KINDS: Readonly<Record<string, (answer: Answer) => Answer>> = {
  'no answer in time': missing('timed-out'),
  'a stopped run': missing('cancelled'),
  'an answer that was not recorded': missing('not-recorded'),
  'an empty answer': (answer) => ({ ...answer, stdout: none }),
  'half an answer': (answer) => ({ ...answer, stdout: answer.stdout.subarray(0, answer.stdout.length / 2) }),
  'garbage bytes': (answer) => ({ ...answer, stdout: Uint8Array.from({ length: 500 }, (_, at) => (at * 97) % 256) }),
};

/** A view from outside in which the answers to some questions are spoiled, beside a healthy server. */
const spoiling = (
  spoil: (answer: Answer) => Answer,
  when: (question: string) => boolean,
): Ways & { asked: Set<string> } => {
  const { transport: inner, endpoint } = networkTo(healthyOutside(), observedAt);
  const asked = new Set<string>();
  const transport: Transport = {
    ...inner,
    exchange: async (questions, options) => {
      for (const question of questions) asked.add(question);
      const answers = await inner.exchange(questions, options);
      return answers.map((answer) => (when(answer.command) ? spoil(answer) : answer));
    },
  };
  return { network: { transport, endpoint }, server: transportTo(healthy(), { recordedAt: observedAt }), asked };
};
const whole = () =>
  spoiling(
    (answer) => answer,
    () => false,
  );

/** The responder that the certificate names is not asked, and a list that answers makes up for it. */
for (const { check, expected } of planned) {
  test(`${check.id}: the healthy view passes`, async (t) => {
    const result = await resultFrom(check, whole(), expected);
    t.is(result.status, 'pass', JSON.stringify(result));
  });

  for (const [name, spoil] of Object.entries(KINDS)) {
    test(`${check.id}: ${name} is unknown`, async (t) => {
      const result = await resultFrom(
        check,
        spoiling(spoil, () => true),
        expected,
      );
      t.is(result.status, 'unknown', JSON.stringify(result));
      t.not(result.reason, 'bug', result.detail);
    });

    test(`${check.id}: ${name} to any single question leaves no pass`, async (t) => {
      const ways = whole();
      await resultFrom(check, ways, expected);
      t.true(ways.asked.size > 0);
      for (const question of ways.asked) {
        const result = await resultFrom(
          check,
          spoiling(spoil, (asked) => asked === question),
          expected,
        );
        t.not(result.status, 'pass', `${question}: ${JSON.stringify(result)}`);
      }
    });
  }
}
