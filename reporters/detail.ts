/** The paragraphs that explain a result: the terminal and JUnit show the same ones. */
import {
  type CheckNote,
  type EvidenceNote,
  type Finding,
  type Language,
  REASONS,
  type Report,
  type Result,
  type TargetNote,
  type Waiver,
} from '../engine/model.ts';
import { type Line, pad, widest } from './layout.ts';
import { cut, NAME_LIMIT, short, VALUE_LIMIT } from './text.ts';
import { words } from './words.ts';

/** What a finding says in one harmless line: its subject and its message. */
export const saying = ({ subject, message }: Finding): string =>
  subject === undefined ? short(message) : `${short(subject, NAME_LIMIT)}: ${short(message)}`;

/** Findings with what was expected and what was found. A finding that is no failure says so. */
export const findingLines = (findings: readonly Finding[], language: Language, indent: number): readonly Line[] => {
  const { label, status } = words[language];
  const width = widest([label.expected, label.actual]) + 2;
  return findings.flatMap((finding): readonly Line[] => {
    const values = [[label.expected, finding.expected] as const, [label.actual, finding.actual] as const];
    return [
      { indent, lead: finding.verdict === 'fail' ? '- ' : `- ${status[finding.verdict]}: `, text: saying(finding) },
      ...values.flatMap(([name, value]) =>
        value === undefined ? [] : [{ indent: indent + 2, lead: pad(name, width), text: cut(value, VALUE_LIMIT) }],
      ),
    ];
  });
};

/** What the check is about: its title, why it matters, and where it comes from. */
export const prefaceLines = (note: CheckNote | undefined, language: Language): readonly Line[] => {
  if (!note) return [];
  const { label } = words[language];
  const { title, why, situations, clientErrors, references } = note;
  const lists = [
    [label.situations, situations] as const,
    [label.clientErrors, clientErrors] as const,
    [label.references, references] as const,
  ];
  return [
    { indent: 0, text: title, own: true },
    { indent: 0, lead: `${label.why}: `, text: why, own: true },
    ...lists.flatMap(([name, items]) =>
      items.length === 0 ? [] : [{ indent: 0, lead: `${name}: `, text: items.join(', '), own: true }],
    ),
  ];
};

/** The steps that mend it. */
export const remedyLines = (note: CheckNote | undefined, language: Language, indent: number): readonly Line[] => {
  if (!note || note.fix.length === 0) return [];
  const steps = note.fix.map((text, at) => ({ indent: indent + 2, lead: `${at + 1}. `, text, own: true }));
  return [{ indent, text: words[language].label.remedy, own: true }, ...steps];
};

/** Why it is not known, and what helps. */
export const ignoranceLines = (
  { reason, detail = '' }: Pick<Result, 'reason' | 'detail'>,
  language: Language,
  indent: number,
): readonly Line[] => {
  if (reason === undefined) return [];
  const { label, reason: names } = words[language];
  const width = widest([label.reason, label.advice]) + 2;
  return [
    { indent, lead: pad(label.reason, width), text: `${names[reason]}: ${cut(detail, VALUE_LIMIT)}` },
    { indent, lead: pad(label.advice, width), text: REASONS[reason][language], own: true },
  ];
};

/**
 * Whether a result is unknown for no reason of its own: what is said of a server that was not reached, before which question
 * ever, holds for it.
 */
export const isHidden = ({ status, reason, detail = '' }: Result, target: TargetNote | undefined): boolean =>
  target?.reached === false &&
  status === 'unknown' &&
  reason === target.reason &&
  detail.startsWith(target.detail ?? '');

/** The servers of a report by their names. */
export const targetsOf = ({ targets }: Report): ReadonlyMap<string, TargetNote> =>
  new Map(targets.map((target) => [target.name, target]));

/** Which answers it rests on: their ids in the evidence folder, and what was asked. */
export const evidenceLines = (
  ids: readonly string[],
  notes: ReadonlyMap<string, EvidenceNote>,
  { language, indent }: Readonly<{ language: Language; indent: number }>,
): readonly Line[] => {
  const { label } = words[language];
  if (ids.length === 0) return [];
  const asked = ids.map((id): Line => {
    const note = notes.get(id);
    const incomplete = note && !note.complete ? ` (${label.incomplete})` : '';
    return {
      indent: indent + 2,
      lead: `${short(id, NAME_LIMIT)}  `,
      text: `${cut(note?.command ?? '', VALUE_LIMIT)}${incomplete}`,
    };
  });
  return [{ indent, text: label.evidence, own: true }, ...asked];
};

/** What a waiver is about, beyond its check: targets, subjects, the only value. */
export const scopeOf = ({ target, tags, subject, actual }: Waiver, language: Language): string => {
  const only = actual === undefined ? [] : [`${words[language].label.excused} ${short(actual)}`];
  const names = [target, ...(tags ?? []).map((tag) => `#${tag}`)].map((name) => short(name, NAME_LIMIT)).join(' ');
  return [names, short(subject, NAME_LIMIT), ...only].join(' / ');
};

/** How long a waiver holds, who approved it, and why. */
export const termsOf = ({ until, approvedBy, because }: Waiver, language: Language): string =>
  `${words[language].say.waived(instant(until), short(approvedBy, NAME_LIMIT))}: ${short(because)}`;

/** An instant as people read it; what is no instant is shown as it is. */
export const instant = (iso: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : short(iso, NAME_LIMIT);

/** Who ran an audit, and from where; empty where it is not known. */
export const auditorOf = (auditor: Report['auditor']): string =>
  auditor ? `${short(auditor.account, NAME_LIMIT)} @ ${short(auditor.host, NAME_LIMIT)}` : '';

/** When the first and the last server were asked: of kept evidence long before the run that judges it. */
export const spanOf = (targets: Report['targets']): readonly string[] => {
  const asked = targets.filter(({ evidence }) => evidence.length > 0).map(({ startedAt }) => startedAt);
  const [first, ...later] = asked.sort();
  return first === undefined ? [] : [first, later.at(-1) ?? first];
};
