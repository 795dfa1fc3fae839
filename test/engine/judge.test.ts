/** What the findings of a check make of a result. */
import test from 'ava';
import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import { judge } from '../../engine/judge.ts';
import type { Finding, Result } from '../../engine/model.ts';
import { waive } from '../../engine/profile.ts';

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
