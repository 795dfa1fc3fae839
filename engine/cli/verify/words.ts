/** What verify says by itself. What is wrong with evidence is told in English. */
import { grouped, plural } from '../../../reporters/numbers.ts';
import type { Language } from '../../model.ts';
import type { Row } from './row.ts';

type Words = Readonly<{
  /** By exit code. */
  verdict: Readonly<Record<0 | 1 | 3, string>>;
  end: Readonly<Partial<Record<Row['end'], string>>>;
  held(answers: number, at: string, seal: string): string;
  unused(answers: number): string;
  report(file: string, profile: string, sha256: string): string;
}>;

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    verdict: { 0: 'OK', 1: 'DIFFERS', 3: 'UNKNOWN' },
    end: {
      'as-sealed': 'as sealed',
      'as-reported': 'as sealed and as reported',
      'nothing-answered': 'nothing was answered, so there is no evidence',
      'not-as-reported': 'as sealed, but not what the report was judged from',
      'not-in-report': 'the report does not know this server',
      'no-evidence': 'no folder that was named holds its evidence',
    },
    held: (answers, at, seal) => `${plural(answers, 'answer')}, gathered ${at}, SHA256SUMS ${seal}`,
    unused: (answers) => `the report does not rest on ${grouped(answers)} of them`,
    report: (file, profile, sha256) => `report ${file}, judged by ${profile}, sha256 ${sha256}`,
  },
  ja: {
    verdict: { 0: '一致', 1: '不一致', 3: '不明' },
    end: {
      'as-sealed': '封印時のまま',
      'as-reported': '封印時のまま、レポートとも一致',
      'nothing-answered': '応答がなかったため証拠なし',
      'not-as-reported': '封印時のままだが、レポートの判定に使われた証拠とは異なる',
      'not-in-report': 'レポートにないサーバー',
      'no-evidence': '指定されたフォルダーに証拠なし',
    },
    held: (answers, at, seal) => `応答 ${grouped(answers)} 件、収集日時 ${at}、SHA256SUMS ${seal}`,
    unused: (answers) => `うち ${grouped(answers)} 件はレポートの判定に未使用`,
    report: (file, profile, sha256) => `レポート ${file}、プロファイル ${profile}、sha256 ${sha256}`,
  },
};
