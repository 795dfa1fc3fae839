import test from 'ava';
import { CONDITIONS } from '../../../../checks/facts/read/verdict/conditions.ts';
import type { Verdict } from '../../../../checks/facts/read/verdict/evaluate.ts';
import { type Variant, verdictOn } from './variant.ts';
import { variants } from './variants.ts';

const outcomeOf = ({ problems, open }: Variant): Verdict['outcome'] => {
  if (problems.length > 0) return 'refused';
  return open.length > 0 ? 'unknown' : 'accepted';
};

const judged = test.macro(async (t, variant: Variant) => {
  const { outcome, code, alternatives, problems, open, weaknesses } = await verdictOn(variant);
  const said = [...problems, ...open].map(({ certificate, detail }) => `${certificate.subject}: ${detail}`).join('\n');
  t.deepEqual(
    { code, alternatives, problems: problems.map(({ kind }) => kind), open: open.map(({ possible }) => possible) },
    { code: variant.code, alternatives: variant.alternatives, problems: variant.problems, open: variant.open },
    said,
  );
  t.is(outcome, outcomeOf(variant));
  t.is(weaknesses.length, variant.weaknesses);
});

for (const one of variants) test(`a client meets ${one.name}`, judged, one);

test('every condition occurs in a variant, and has its words in both languages', (t) => {
  const met = new Set<string>(variants.flatMap(({ problems }) => problems));
  for (const [kind, { says }] of Object.entries(CONDITIONS)) {
    // Only a machine's own stores distrust and restrict; keys that short are made nowhere any more.
    if (!['distrusted', 'restricted', 'short-key'].includes(kind)) t.true(met.has(kind), kind);
    t.true(says.en.length > 0 && /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(says.ja), kind);
  }
});
