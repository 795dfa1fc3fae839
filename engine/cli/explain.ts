import { closest } from 'fastest-levenshtein';
import { EVENT_IDS } from '../../checks/events/ids.ts';
import { KB947031, type Situation } from '../../checks/kb947031.ts';
import type { Check } from '../define.ts';
import { Mistake } from '../mistake.ts';
import type { CheckNote, Language } from '../model.ts';
import { checkIds, knownChecks } from './checks.ts';
import { aboutCode, section } from './explain-code.ts';
import { noteOf } from './note.ts';

const WORDS = {
  en: {
    why: 'Why',
    fix: 'How to fix it',
    steps: 'KB947031',
    errors: 'What users see',
    more: 'See also',
    checks: 'Checks',
    event: 'event',
  },
  ja: {
    why: '理由',
    fix: '対処方法',
    steps: 'KB947031',
    errors: 'ユーザーに表示されるエラー',
    more: '参考情報',
    checks: 'チェック',
    event: 'イベント',
  },
} as const satisfies Record<Language, Record<string, string>>;

/**
 * Tells about a check, an area of checks, a situation or step of KB947031, a code of a client, or an event id; lists all checks
 * without a topic.
 */
export const explain = async (topic: string | undefined, language: Language): Promise<number> => {
  const text = topic === undefined ? listOf(knownChecks(), language) : aboutTopic(topic.trim(), language);
  if (text === undefined) throw new Mistake(`nothing is known about ${topic}`, suggestionFor(topic ?? ''));
  process.stdout.write(`${text}\n`);
  return 0;
};

const aboutTopic = (topic: string, language: Language): string | undefined => {
  const name = topic.toLowerCase();
  const check = knownChecks().find(({ id }) => id === name);
  if (check) return aboutCheck(noteOf(check, language), language);
  const area = knownChecks().filter(({ id }) => id.startsWith(`${name}/`));
  if (area.length > 0) return listOf(area, language);
  const event = /^(?:event|イベント)?\s*(?:(\S+)\s+)?(\d+)$/i.exec(topic.normalize('NFKC'));
  const situation = /^(?:(?:situation|状況)\s*)?(\d(?:\.\d+)*)$/i.exec(topic.normalize('NFKC'));
  const asEvent = event && aboutEvent(Number(event[2]), event[1], language);
  if (/^(event|イベント)/i.test(topic)) return asEvent ?? undefined;
  return (
    (situation?.[1] && aboutSituation(situation[1], language)) || aboutCode(topic, language) || asEvent || undefined
  );
};

const listOf = (some: readonly Check[], language: Language): string => {
  const width = Math.max(...some.map(({ id }) => id.length));
  return some.map((check) => `${check.id.padEnd(width)}  ${noteOf(check, language).title}`).join('\n');
};

const aboutCheck = (note: CheckNote, language: Language): string => {
  const words = WORDS[language];
  return [
    `${note.id}: ${note.title}`,
    ...section(words.why, [note.why]),
    ...section(
      words.fix,
      note.fix.map((line, at) => `${at + 1}. ${line}`),
    ),
    ...section(
      words.steps,
      note.situations.map((id) => `${id} ${stepSays(id, language)}`),
    ),
    ...section(words.errors, note.clientErrors),
    ...section(words.more, note.references),
  ].join('\n');
};

const stepSays = (id: string, language: Language): string =>
  KB947031.flatMap(({ steps }) => steps).find((step) => step.id === id)?.says[language] ?? '';

const checksFor = (id: string): string =>
  knownChecks()
    .filter(({ situations }) => situations.some((step) => step === id))
    .map((check) => check.id)
    .join(', ');

const aboutSituation = (id: string, language: Language): string | undefined => {
  const situation = KB947031.find((one) => one.id === id);
  const within: Situation | undefined = situation ?? KB947031.find(({ steps }) => steps.some((step) => step.id === id));
  if (!within) return undefined;
  const steps = within.steps.filter((step) => situation || step.id === id);
  return [
    `KB947031 ${within.id}: ${within.says[language]}${within.code && ` (${within.code})`}`,
    ...steps.flatMap((step) => [
      `  ${step.id} ${step.says[language]}`,
      `      ${checksFor(step.id) || `(${step.place})`}`,
    ]),
  ].join('\n');
};

const aboutEvent = (id: number, provider: string | undefined, language: Language): string | undefined => {
  const found = EVENT_IDS.filter(
    (event) => event.id === id && (!provider || event.provider.toLowerCase().includes(provider.toLowerCase())),
  );
  if (found.length === 0) return undefined;
  return found.map((event) => `${event.provider} ${WORDS[language].event} ${id}: ${event.means[language]}`).join('\n');
};

const suggestionFor = (topic: string): string => {
  const near = closest(topic, checkIds());
  return `name a check such as ${near}, a situation such as 8.7, a code such as 0x800B0109, or an event such as event 18`;
};
