/** What the findings of a check make of a result. */
import test from 'ava';
import { defineCheck, defineFact, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import { judge } from '../../engine/judge.ts';
import type { Finding, Result } from '../../engine/model.ts';
import { type Planned, waive } from '../../engine/profile.ts';

const told = (...findings: readonly Finding[]): Result => {
  const check = defineCheck({
    id: 'door/locked',
    title: 'The doors are locked',
    severity: 'high',
    situations: [],
    clientErrors: [],
    why: 'it is made up',
    fix: ['lock them'],
    references: [],
    needs: {},
    expects: {},
    judge: () => findings,
  });
  const readingOf = () => ({ known: false, reason: 'bug', detail: 'nothing is asked', evidence: [] }) as const;
  return judge({ check, expected: {}, severity: 'high' }, readingOf, 'vpn01');
};

const front = pass('it is locked', { subject: 'front' });
const back = unknown('denied', 'nobody may look', { subject: 'back' });
const side = fail('it is open', { subject: 'side' });

test('what is unknown of one subject keeps the whole from passing, and says why', (t) => {
  const { status, reason, detail, findings } = told(front, back, unknown('absent', 'there is no such door'));
  t.is(status, 'unknown');
  t.is(reason, 'denied');
  t.is(detail, 'back: nobody may look; there is no such door');
  t.deepEqual(findings.slice(0, 2), [front, back]);
});

test('one failure is enough to know', (t) => {
  const { status, reason, detail } = told(front, back, side);
  t.is(status, 'fail');
  t.is(reason, undefined);
  t.is(detail, undefined);
});

test('what does not apply elsewhere does not hide what is unknown', (t) => {
  t.is(told(inapplicable('there is no side door'), back).status, 'unknown');
  t.is(told(inapplicable('there is no side door'), front).status, 'pass');
  t.is(told(inapplicable('there is no side door')).status, 'inapplicable');
});

test('an approved failure does not hide what is unknown of another subject', (t) => {
  const waiver = {
    check: 'door/locked',
    target: '*',
    subject: 'side',
    until: '2026-12-31T23:59:59.999Z',
    because: 'CHG-1',
    approvedBy: 'ann',
  };
  const at = new Date('2026-06-01T12:00:00Z');
  t.is(waive(told(front, side), [waiver], at).status, 'waived');
  const { status, reason, detail } = waive(told(front, back, side), [waiver], at);
  t.is(status, 'unknown');
  t.is(reason, 'denied');
  t.is(detail, 'back: nobody may look');
});

test('what was found before is found again for the same values only, in the same plan', (t) => {
  const doors = defineFact<readonly string[]>({ id: 'doors', vantage: 'server', right: 'none', ask: async () => [] });
  let asked = 0;
  const check = defineCheck({
    id: 'door/open',
    title: 'No door is open',
    severity: 'high',
    situations: [],
    clientErrors: [],
    why: 'it is made up',
    fix: ['close them'],
    references: [],
    needs: { doors },
    expects: { most: { type: 'integer', description: 'open doors' } },
    judge: (facts, { most }) => {
      asked++;
      return [facts.doors.length > most ? fail(`${facts.doors} are open`) : pass('no door is open')];
    },
  });
  const plan = { check, expected: { most: 0 }, severity: 'high' } as const;
  const lenient = { ...plan, expected: { most: 1 } };
  const [closed, open] = [[], ['back']];
  const standing = (planned: Planned, value: readonly string[], target: string) => {
    const { status, ...rest } = judge(planned, () => ({ known: true, value, evidence: [target] }), target);
    t.deepEqual([rest.target, rest.evidence], [target, [target]]);
    return status;
  };
  t.is(standing(plan, closed, 'vpn01'), 'pass');
  t.is(standing(plan, closed, 'vpn02'), 'pass');
  t.is(asked, 1);
  t.is(standing(plan, open, 'vpn03'), 'fail');
  t.is(standing(lenient, open, 'vpn04'), 'pass');
  t.is(standing(plan, closed, 'vpn05'), 'pass');
  t.is(standing(plan, open, 'vpn06'), 'fail');
  const denied = judge(plan, () => ({ known: false, reason: 'denied', detail: 'no right', evidence: [] }), 'vpn07');
  t.is(denied.status, 'unknown');
});
