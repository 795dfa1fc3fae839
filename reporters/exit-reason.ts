/** Why an exit code is what it is. A report says it in English, in clauses; those that are known here have their Japanese. */
import type { Language } from '../engine/model.ts';
import { diffWords } from './diff/words.ts';
import { words } from './words.ts';

/** `#` stands for a number, `*` for any text. */
const CLAUSES = {
  '# results? failed': '不合格の結果 $1 件',
  '# failures? below * not counted': '重大度「$2」未満の不合格 $1 件は数えません',
  '# results? unknown': '不明な結果 $1 件',
  'nothing was judged': '判定された結果なし',
  'nothing was judged of # servers?': '何も判定されなかったサーバー $1 台',
  'nothing failed': '不合格なし',
  '# unknown results? allowed by --allow-unknown': '不明な結果 $1 件は --allow-unknown により許容',
  'the run was stopped by *': '$1 により実行を中断',
  'the run was stopped: *': '実行を中断: $1',
  '# results? got worse': '悪化した結果 $1 件',
  '# results? got worse: *': '悪化した結果 $1 件 ($2)',
  '# results? got worse, not counted': '悪化した結果 $1 件は数えません',
  'nothing got worse': '悪化なし',
  '# below * not counted': '重大度「$2」未満の $1 件は数えません',
  '# failures? as before, not counted': '以前からの不合格 $1 件は数えません',
  '# unknown results? as before, not counted': '以前からの不明な結果 $1 件は数えません',
  '# failures? and # unknown results? as before, not counted': '以前からの不合格 $1 件と不明な結果 $2 件は数えません',
  '# results? unknown since': '新たに不明になった結果 $1 件',
  '# results? unknown since, allowed by --allow-unknown': '新たに不明になった結果 $1 件は --allow-unknown により許容',
  '* was judged by another profile': '$1 は別のプロファイルで判定',
  '# results? changed: *': '変化した結果 $1 件 ($2)',
  '# fixed': '解消 $1 件',
  '# results? known before cannot be told now: *': '以前は判定でき、今回は判定できない結果 $1 件 ($2)',
  '# results? lost, allowed by --allow-unknown': '判定できなくなった結果 $1 件は --allow-unknown により許容',
  'nothing was compared: the two have no result in common': '共通の結果がないため比較なし',
} as const;

const PATTERNS = Object.entries(CLAUSES).map(([english, japanese]) => {
  const pattern = english.replaceAll('#', '([\\d,]+)').replaceAll('*', '(.+)');
  return { pattern: new RegExp(`^${pattern}$`, 's'), japanese };
});

/** The reason of an exit code as a reader of this language wants it; a clause that is not known stays as it is. */
export const exitReason = (english: string, language: Language): string =>
  language === 'en'
    ? english
    : english
        .split(/; |, (?=nothing (?:failed|got worse))/)
        .map(translated)
        .join('、');

const translated = (clause: string): string => {
  for (const { pattern, japanese } of PATTERNS) {
    const found = pattern.exec(clause);
    if (found) return japanese.replaceAll(/\$(\d)/g, (_, group) => named(found[Number(group)] ?? ''));
  }
  return clause;
};

const { severity } = words.ja;
const { bucket } = diffWords.ja;
const nameIn = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A severity, or numbers of what became of results: `2 regressed, 1 added`. */
const named = (text: string): string => {
  const counts = text.split(', ').map((part) => {
    const [, number, name = ''] = /^([\d,]+) ([a-z-]+)$/.exec(part) ?? [];
    const known = nameIn(bucket, name);
    return known === undefined ? undefined : `${known} ${number} 件`;
  });
  return nameIn(severity, text) ?? (counts.includes(undefined) ? text : counts.join('、'));
};
