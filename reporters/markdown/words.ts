/** What only the Markdown summary says. */
import type { Language } from '../../engine/model.ts';

const en = {
  what: 'what was found',
  first: 'for example',
  gate: 'gate',
  mend: 'How it is mended',
  whole: 'The whole is in the JSON, CSV and HTML reports.',
};

const ja: typeof en = {
  what: '確認された内容',
  first: '例',
  gate: '判定条件',
  mend: '対処方法',
  whole: 'すべての結果は JSON、CSV、HTML レポートにあります。',
};

export const markdownWords: Readonly<Record<Language, typeof en>> = { en, ja };
