import test from 'ava';
import type { Comparison } from '../../engine/comparison.ts';
import { gateDiff } from '../../engine/diff/gate.ts';
import { diff } from '../../engine/diff.ts';
import type { Result } from '../../engine/model.ts';
import { fail, pass, reportOf, side, told, unknown, waived } from './diff-cases.ts';

const good = told([pass('A')]);
const bad = told([fail('A')]);
const on = (result: Result, target: string): Result => ({ ...result, target });
const gate = test.macro(
  (
    t,
    [before, after]: readonly [readonly Result[], readonly Result[]],
    options: Partial<Comparison['gate']>,
    exitCode: number,
    says: RegExp,
  ) => {
    const difference = diff(side(reportOf(before)), side(reportOf(after)));
    const verdict = gateDiff(difference, { failOn: 'regression', allowUnknown: false, ...options });
    t.is(verdict.exitCode, exitCode);
    t.regex(verdict.exitReason, says);
  },
);

test('nothing changed: 0', gate, [[good], [good]], {}, 0, /^nothing got worse; 0 fixed$/);
test('something is fixed: 0', gate, [[bad], [good]], {}, 0, /^nothing got worse; 1 fixed$/);
test('it fails as before: 0', gate, [[bad], [bad]], {}, 0, /^nothing got worse/);
test('it regressed: 1', gate, [[good], [bad]], {}, 1, /^1 result got worse: 1 regressed$/);
test('a waiver is gone: 1', gate, [[waived([fail('A')])], [bad]], {}, 1, /1 waiver-changed$/);
test('it was unknown and fails: 1', gate, [[unknown()], [bad]], {}, 1, /1 not-compared$/);
test('a new server fails: 1', gate, [[good], [good, on(bad, 'vpn02')]], {}, 1, /1 added$/);
test('a new server is healthy: 0', gate, [[good], [good, on(good, 'vpn02')]], {}, 0, /^nothing got worse/);
test(
  'it became unknown: 3',
  gate,
  [[good], [unknown()]],
  {},
  3,
  /1 result known before cannot be told now: 1 became-unknown/,
);
test('a failure became unknown: 3', gate, [[bad], [unknown()]], {}, 3, /1 became-unknown/);
test('a server is gone: 3', gate, [[good, on(good, 'vpn02')], [good]], {}, 3, /1 removed/);
test('what was unknown is gone: 0', gate, [[good, on(unknown(), 'vpn02')], [good]], {}, 0, /^nothing got worse/);
test('it is unknown on both sides: 0', gate, [[unknown()], [unknown()]], {}, 0, /^nothing got worse/);
test(
  'lost and allowed: 0, and said',
  gate,
  [[good], [unknown()]],
  { allowUnknown: true },
  0,
  /1 result lost, allowed by --allow-unknown/,
);
test(
  'one subject fails and another became unknown, where failures do not count: 3',
  gate,
  [[told([pass('A'), pass('B')])], [told([fail('A'), { verdict: 'unknown', subject: 'B', message: 'not readable' }])]],
  { failOn: 'nothing' },
  3,
  /^1 result known before cannot be told now: 1 became-unknown$/,
);
test('worse weighs more than lost', gate, [[good, on(good, 'vpn02')], [bad]], {}, 1, /1 regressed/);
test('nothing in common: 3', gate, [[], []], {}, 3, /^nothing was compared/);
test('any change fails when told so: 1', gate, [[bad], [good]], { failOn: 'change' }, 1, /^1 result changed: 1 fixed$/);
test('what fails as before is no change', gate, [[bad], [bad]], { failOn: 'change' }, 0, /^nothing got worse/);
test(
  'nothing fails when told so: 0, and said',
  gate,
  [[good], [bad]],
  { failOn: 'nothing' },
  0,
  /^1 result got worse, not counted/,
);
