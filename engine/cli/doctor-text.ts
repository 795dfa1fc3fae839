import { wrap } from '../../reporters/layout.ts';
import { words as reasons } from '../../reporters/words.ts';
import type { Language } from '../model.ts';
import { printable } from '../printable.ts';
import type { Diagnosis } from './doctor.ts';
import { STEP_TITLES, WORDS } from './doctor-words.ts';

/** In columns. */
const WIDTH = 100;

/** A diagnosis for people. What a server said is made harmless for terminals and logs. */
export const doctorText = (diagnosis: Diagnosis, lang: Language): string => {
  const { name, address, os } = diagnosis;
  const lines = [
    [name, address, os ?? ''].filter((part) => part !== '').join('  '),
    ...wayThere(diagnosis, lang),
    ...whatIsKnown(diagnosis, lang),
    ...whatIsNot(diagnosis, lang),
    ...whatWouldHelp(diagnosis, lang),
  ];
  return lines.map((line) => printable(line)).join('\n');
};

const wayThere = ({ steps }: Diagnosis, lang: Language): readonly string[] => {
  if (steps.length === 0) return [];
  const words = WORDS[lang];
  return [
    '',
    `${words.way}:`,
    ...steps.flatMap(({ step, said, failed }) => [
      `  ${failed ? words.failed : words.ok}  ${STEP_TITLES[step][lang]}${said && `: ${said}`}`,
      ...(failed
        ? [
            `      ${reasons[lang].reason[failed.reason]}: ${failed.detail}`,
            ...failed.advice.map((line) => `      ${line}`),
          ]
        : []),
    ]),
  ];
};

const whatIsKnown = ({ questions, checks, elsewhere }: Diagnosis, lang: Language): readonly string[] => {
  const words = WORDS[lang];
  const others = elsewhere.length > 0 ? [words.elsewhere(elsewhere.length)] : [];
  if (questions.asked === 0) return checks.length > 0 || others.length === 0 ? [] : ['', ...others];
  const known = checks.filter(({ gaps }) => gaps.length === 0).length;
  return ['', words.answered(questions.answered, questions.asked), words.learned(known, checks.length), ...others];
};

const whatIsNot = ({ steps, checks }: Diagnosis, lang: Language): readonly string[] => {
  const words = WORDS[lang];
  const unknown = checks.filter(({ gaps }) => gaps.length > 0);
  if (unknown.length === 0) return [];
  // Where the way ends early, that is the reason for all of them, and was told.
  if (steps.some(({ failed }) => failed))
    return [
      '',
      `${words.unknown}:`,
      ...wrap({ indent: 2, text: unknown.map(({ check }) => check).join(', '), own: true }, WIDTH),
    ];
  return ['', `${words.unknown}:`, ...byCause(unknown).flatMap((cause) => causeLines(cause, lang))];
};

type Gap = Diagnosis['checks'][number]['gaps'][number];
type Cause = Readonly<{ gap: Gap; facts: Set<string>; checks: Set<string> }>;

/** One key that may not be read is the cause of many unknown checks, and is told once. */
const byCause = (unknown: Diagnosis['checks']): readonly Cause[] => {
  const causes = new Map<string, Cause>();
  for (const { check, gaps } of unknown)
    for (const gap of gaps) {
      const cause = causes.get(gap.detail) ?? { gap, facts: new Set<string>(), checks: new Set<string>() };
      causes.set(gap.detail, cause);
      cause.facts.add(`${gap.fact}: ${gap.right}`);
      cause.checks.add(check);
    }
  return [...causes.values()];
};

const causeLines = ({ gap, facts, checks }: Cause, lang: Language): readonly string[] => [
  `  ${[...checks].join(', ')}`,
  `      ${reasons[lang].reason[gap.reason]}: ${gap.detail}`,
  ...(gap.reason === 'denied' ? [] : gap.advice.map((line) => `      ${line}`)),
  ...[...facts].map((fact) => `      ${WORDS[lang].needs} (${fact})`),
];

const whatWouldHelp = ({ grants }: Diagnosis, lang: Language): readonly string[] => {
  if (grants.length === 0) return [];
  const words = WORDS[lang];
  return [
    '',
    `${words.grants}:`,
    ...grants.flatMap(({ says, type, checks }, at) => [
      `  ${at + 1}. ${says}`,
      ...type.map((line) => `         ${line}`),
      `     ${words.helps}: ${checks.join(', ')}`,
    ]),
  ];
};
