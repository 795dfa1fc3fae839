import { readClientCode, spellingsOf } from '../../checks/client-code-spelling.ts';
import { CLIENT_CODES } from '../../checks/client-codes.ts';
import { diagnosisOf } from '../../checks/diagnosis.ts';
import { checks } from '../../checks/index.ts';
import type { Language } from '../model.ts';

const WORDS = {
  en: {
    meaning: 'Windows means',
    cause: 'Usual cause with SSTP',
    spellings: 'Also written',
    situation: 'Situation of KB947031',
    checks: 'Checks that decide it',
    find: 'To find the cause',
  },
  ja: {
    meaning: 'Windows での意味',
    cause: 'SSTP での主な原因',
    spellings: '別の表記',
    situation: 'KB947031 の状況',
    checks: '判定するチェック',
    find: '原因を調べるには',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Its other spellings; capitals do not matter. */
const othersOf = (code: string): readonly string[] => {
  const known = new Set([code.toLowerCase()]);
  return spellingsOf(code).filter((spelling) => {
    const isNew = !known.has(spelling.toLowerCase());
    known.add(spelling.toLowerCase());
    return isNew;
  });
};

/** A title with lines below it; nothing where there are none. */
export const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ['', `${title}:`, ...lines.map((line) => `  ${line}`)] : [];

/** Tells about a code that a client shows, in whatever spelling; `undefined` for a text that holds no known one. */
export const aboutCode = (topic: string, language: Language): string | undefined => {
  const code = readClientCode(topic);
  const known = CLIENT_CODES.find((one) => one.code === code);
  if (!known) return;
  const words = WORDS[language];
  const { situation, stops = [] } = diagnosisOf(known.code, checks) ?? {};
  return [
    `${known.code}: ${known.symbol}`,
    ...section(words.meaning, [known.meaning[language]]),
    ...section(words.cause, [known.cause[language]]),
    ...section(words.spellings, [othersOf(known.code).join(', ')]),
    ...section(words.situation, situation ? [`${situation.id}: ${situation.says[language]}`] : []),
    ...section(
      words.checks,
      stops.map(({ check }) => check.id),
    ),
    ...section(words.find, stops.length > 0 ? [`sstp-audit diagnose ${known.code}`] : []),
  ].join('\n');
};
