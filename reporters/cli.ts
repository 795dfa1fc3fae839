import {
  type EvidenceNote,
  type Report,
  type Result,
  SEVERITIES,
  type Status,
  type TargetNote,
} from '../engine/model.ts';
import {
  auditorOf,
  evidenceLines,
  findingLines,
  ignoranceLines,
  instant,
  isHidden,
  remedyLines,
  saying,
  termsOf,
} from './detail.ts';
import { clip, columns, type Line, pad, widest } from './layout.ts';
import { type Page, painter, print } from './page.ts';
import type { Reporter } from './reporter.ts';
import { summaryOf } from './summary.ts';
import { NAME_LIMIT, short } from './text.ts';
import { words } from './words.ts';

/** Failing findings of one result that a terminal shows; the JSON report holds all. */
const FINDINGS = 20;

/** For people at a terminal: server by server, what failed first, and how to mend it. */
export const cli: Reporter = function* (report, { colour, width }) {
  const { language } = report;
  const page: Page = {
    language,
    width: Math.max(40, width),
    paint: painter(colour),
    checks: new Map(report.checks.map((note) => [note.id, note])),
  };
  yield print(page, aboutLines(report));
  const results = Map.groupBy(report.results, ({ target }) => target);
  for (const target of report.targets) {
    yield headOf(target, page);
    yield* resultsOf(target, results.get(target.name) ?? [], page);
  }
  yield* summaryOf(report, page);
};

/** What anybody needs to know who keeps the report: when, who, and what was expected. */
const aboutLines = ({ tool, profile, language, startedAt, auditor, checkFiles = [] }: Report): readonly Line[] => {
  const { label } = words[language];
  const when = [instant(startedAt), ...(auditor ? [auditorOf(auditor)] : [])].join(', ');
  return [
    { indent: 0, lead: `${tool.name} ${short(tool.version, NAME_LIMIT)}, `, text: when },
    { indent: 0, lead: `${label.profile} `, text: `${profileName(profile)}: ${short(profile.title)}` },
    { indent: 2, lead: 'sha256 ', text: profile.sha256 },
    ...checkFiles.map(({ file }) => ({ indent: 2, lead: `${label.ownChecks} `, text: short(file) })),
  ];
};

const profileName = ({ id, version }: Readonly<{ id: string; version: string }>): string =>
  `${short(id, NAME_LIMIT)} ${short(version, NAME_LIMIT)}`;

const headOf = (target: TargetNote, page: Page): string => {
  const { label } = words[page.language];
  const { name, address, os, reached, startedAt, evidence } = target;
  const head = print(page, [{ indent: 0, lead: `${label.server} `, text: short(name, NAME_LIMIT) }]);
  const about = `${short(address, NAME_LIMIT)}, ${short(os ?? label.unknownOs, NAME_LIMIT)}`;
  const where = print(page, [
    { indent: 2, lead: `${label.address} `, text: about },
    ...(evidence.length > 0 ? [{ indent: 2, lead: `${label.asked} `, text: instant(startedAt) }] : []),
  ]);
  const why = reached ? '' : `  ${page.paint('unknown', label.notReached)}\n`;
  return `\n${page.paint('strong', head.trimEnd())}\n${where}${why}${print(page, ignoranceLines(target, page.language, 2))}`;
};

const resultsOf = function* (target: TargetNote, results: readonly Result[], page: Page): Iterable<string> {
  const evidence = new Map(target.evidence.map((note) => [note.id, note]));
  const byStatus = Map.groupBy(results, ({ status }) => status);
  const of = (status: Result['status']): readonly Result[] =>
    (byStatus.get(status) ?? []).toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  for (const result of of('fail')) yield failureOf(result, evidence, page);
  const { hidden = [], own = [] } = Object.groupBy(of('unknown'), (one) => (isHidden(one, target) ? 'hidden' : 'own'));
  // One cause often hides many answers: it is told once, below all that it hides.
  for (const group of Map.groupBy(own, ({ reason, detail }) => `${reason} ${detail}`).values())
    yield unknownOf(group, { evidence, page });
  if (hidden.length > 0) yield hiddenOf(hidden.length, page);
  for (const result of of('waived')) yield waivedOf(result, page);
  for (const result of of('inapplicable')) yield inapplicableOf(result, page);
  for (const result of of('pass')) yield passOf(result, page);
  if (results.length === 0) yield `  ${words[page.language].say.nothingJudged}\n`;
};

const statusOf = (status: Status, { language, paint }: Page): string => {
  const names = words[language].status;
  return `  ${paint(status, pad(names[status], widest(Object.values(names))))}  `;
};

const markOf = ({ status, severity }: Result, page: Page): string => {
  const names = words[page.language].severity;
  return `${statusOf(status, page)}${pad(names[severity], widest(Object.values(names)))}  `;
};

/** What a server that was not reached hides: the reason stands above, with the server. */
const hiddenOf = (count: number, page: Page): string =>
  `${statusOf('unknown', page)}${words[page.language].say.checks(count)}\n`;

const passOf = (result: Result, page: Page): string => {
  const title = page.checks.get(result.check)?.title;
  const room = page.width - columns(markOf(result, { ...page, paint: painter(false) }));
  const about = [result.check, ...(title === undefined ? [] : [title])].join('  ');
  return `${markOf(result, page)}${clip(about, room)}\n`;
};

const inapplicableOf = (result: Result, page: Page): string => {
  const lines = result.findings.slice(0, FINDINGS).map((one) => ({ indent: 4, lead: '- ', text: saying(one) }));
  return `${markOf(result, page)}${short(result.check, NAME_LIMIT)}\n${print(page, lines)}`;
};

const titled = (result: Result, page: Page): string => {
  const title = page.checks.get(result.check)?.title;
  const head = `${markOf(result, page)}${short(result.check, NAME_LIMIT)}\n`;
  return title === undefined ? head : head + print(page, [{ indent: 4, text: short(title), own: true }]);
};

const failureOf = (result: Result, evidence: ReadonlyMap<string, EvidenceNote>, page: Page): string => {
  const { language } = page;
  const failing = result.findings.filter(({ verdict }) => verdict === 'fail');
  const rest = failing.length - FINDINGS;
  const more: readonly Line[] = rest > 0 ? [{ indent: 4, text: words[language].say.more(rest), own: true }] : [];
  const lines = [
    ...findingLines(failing.slice(0, FINDINGS), language, 4),
    ...more,
    ...remedyLines(page.checks.get(result.check), language, 4),
    ...evidenceLines(result.evidence, evidence, { language, indent: 4 }),
  ];
  return titled(result, page) + print(page, lines);
};

type Around = Readonly<{ evidence: ReadonlyMap<string, EvidenceNote>; page: Page }>;

const unknownOf = (group: readonly Result[], { evidence, page }: Around): string => {
  const { language } = page;
  const heads = group.map((result) => `${markOf(result, page)}${short(result.check, NAME_LIMIT)}\n`).join('');
  const [first] = group;
  if (!first) return heads;
  const ids = [...new Set(group.flatMap((result) => result.evidence))].sort().filter((id) => {
    const note = evidence.get(id);
    // Of what did not come, the detail names what is to blame: a list of all that could not be asked would hide it.
    return note?.complete !== false || first.detail?.includes(note.command);
  });
  const lines = [...ignoranceLines(first, language, 4), ...evidenceLines(ids, evidence, { language, indent: 4 })];
  return heads + print(page, lines);
};

const waivedOf = (result: Result, page: Page): string => {
  const { waiver, findings } = result;
  const failing = findings.filter(({ verdict }) => verdict === 'fail').slice(0, FINDINGS);
  const lines: readonly Line[] = [
    ...(waiver ? [{ indent: 4, lead: '= ', text: termsOf(waiver, page.language) }] : []),
    ...failing.map((finding) => ({ indent: 4, lead: '- ', text: saying(finding) })),
  ];
  return titled(result, page) + print(page, lines);
};
