/** Every reason that an exit code can have is told in Japanese. */
import test from 'ava';
import fc from 'fast-check';
import { besideBaseline } from '../../engine/cli/baseline.ts';
import { stoppedBy, verdictOf } from '../../engine/cli/exit-code.ts';
import { FAIL_ON } from '../../engine/comparison.ts';
import { gateDiff } from '../../engine/diff/gate.ts';
import { diff } from '../../engine/diff.ts';
import { type Report, SEVERITIES } from '../../engine/model.ts';
import { exitReason } from '../../reporters/exit-reason.ts';
import { fail, inapplicable, pass, reportOf, side, told, unknown } from '../engine/diff-cases.ts';

const result = fc
  .record({
    target: fc.constantFrom('vpn01', 'vpn02'),
    check: fc.constantFrom('a/a', 'a/b', 'b/c'),
    severity: fc.constantFrom(...SEVERITIES),
    finding: fc.constantFrom(pass(), fail(), fail('A'), inapplicable(), undefined),
  })
  .map(({ finding, ...rest }) => (finding ? told([finding], rest) : unknown('no right', rest)));
const report = fc
  .uniqueArray(result, { selector: ({ target, check }) => `${target} ${check}`, maxLength: 6 })
  .map((results) => reportOf([...Map.groupBy(results, ({ target }) => target).values()].flat()));
const gate = fc.record({ failOn: fc.constantFrom(...SEVERITIES), allowUnknown: fc.boolean() });

/** Options, signals and files have no Japanese. */
const NAMES = /--allow-unknown|SIGTERM|before\.json/g;
const isJapanese = (english: string): boolean => !/[a-z]{2}/i.test(exitReason(english, 'ja').replace(NAMES, ''));
const stop = AbortSignal.abort(Object.assign(new Error('SIGTERM'), { exitCode: 143 }));

test('of a run, and of one that a signal stopped', (t) => {
  const holds = fc.property(report, gate, fc.nat(2), ({ results }, terms, idle) => {
    const verdict = verdictOf(results, terms, idle);
    return isJapanese(verdict.exitReason) && isJapanese(stoppedBy(stop, verdict).exitReason);
  });
  fc.assert(holds, { numRuns: 1_000 });
  t.pass();
});

test('of a run beside an earlier one', (t) => {
  const holds = fc.property(report, report, gate, fc.boolean(), (before, after, terms, isOther) => {
    const other = isOther ? { ...before, profile: { ...before.profile, sha256: 'b'.repeat(64) } } : before;
    const earlier = side(other);
    const named = { ...earlier, note: { ...earlier.note, source: { ...earlier.note.source, name: 'before.json' } } };
    const judged = besideBaseline({ ...after, gate: terms } as Report, { ...named, close: () => {} });
    return isJapanese(judged.exitReason);
  });
  fc.assert(holds, { numRuns: 1_000 });
  t.pass();
});

test('of a comparison', (t) => {
  const holds = fc.property(report, report, fc.constantFrom(...FAIL_ON), fc.boolean(), (before, after, failOn, allow) =>
    isJapanese(gateDiff(diff(side(before), side(after)), { failOn, allowUnknown: allow }).exitReason),
  );
  fc.assert(holds, { numRuns: 1_000 });
  t.pass();
});

test('numbers, severities and what became of results are told; what is not known stays as it is', (t) => {
  t.is(
    exitReason('1,200 results failed; 1 failure below high not counted', 'ja'),
    '不合格の結果 1,200 件、重大度「高」未満の不合格 1 件は数えません',
  );
  t.is(exitReason('3 results got worse: 2 regressed, 1 added', 'ja'), '悪化した結果 3 件 (悪化 2 件、追加 1 件)');
  t.is(
    exitReason('nothing failed; the run was stopped: s.db cannot be used: no space left', 'ja'),
    '不合格なし、実行を中断: s.db cannot be used: no space left',
  );
  t.is(exitReason('it was as it was; nothing failed', 'ja'), 'it was as it was、不合格なし');
  t.is(exitReason('1 result failed', 'en'), '1 result failed');
});
