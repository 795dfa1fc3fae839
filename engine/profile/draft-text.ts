/** A drafted profile as YAML, with a comment on each value that says what showed it. */
import { Document, isCollection, isMap, isScalar } from 'yaml';
import type { Finding, Result } from '../model.ts';
import { printable } from '../printable.ts';
import type { Draft, DraftCheck, Witness } from './draft.ts';
import type { ShownInput } from './draft-inputs.ts';

type About = Readonly<{
  draft: Draft;
  witnesses: readonly Witness[];
  /** The built-in profile that is extended. */
  base: string;
  /** Who writes it. */
  tool: string;
}>;

/** Servers, findings and pieces of evidence that a comment names. */
const NAMED = 3;
/** Lines of comments, and questions in them, are cut. */
const LINE = 320;
const QUESTION = 100;

/** The profile. Comments hold what servers said: each is one line, and can be nothing else. */
export const draftText = (about: About): string => {
  const { draft, witnesses, base } = about;
  const named = draft.inputs.filter(({ common }) => common !== undefined);
  const inputs = named.map(({ name, input, common }) => [name, { ...input, ...itemsOf(input), default: common }]);
  const document = new Document({
    profile: idOf(witnesses),
    version: '1.0.0',
    title: printable(`Servers like ${some(witnesses.map(({ target }) => target.name))}`),
    extends: base,
    ...(inputs.length > 0 && { inputs: Object.fromEntries(inputs) }),
    ...(draft.held.length > 0 && {
      checks: Object.fromEntries(stated(draft).map((one) => [one.check.id, one.expected])),
    }),
  });
  document.commentBefore = commentOf(headLines(about));
  annotate(document, 'inputs', new Map(named.map((one) => [one.name, inputLines(one)])));
  annotate(document, 'checks', new Map(stated(draft).map((one) => [one.check.id, checkLines(one, about)])));
  return document.toString({ lineWidth: 0 });
};

/** What fails on servers that are known to be good, and what is not known of them: a line each, for whoever asked. */
export const openLines = ({ open, unasked, inputs }: Draft): readonly string[] => [
  ...open.flatMap(({ results }) => results.flatMap(troubleOf)),
  ...unasked.map(
    ({ check, input }) => `${check.id} was not judged, as ${input} has no value: --input ${input}=… gives it one`,
  ),
  ...inputs.filter(({ common, shownBy }) => shownBy !== undefined && common === undefined).map(differs),
];

/** The profile extends its base: what says nothing but "healthy" is expected by that already. */
const stated = ({ held }: Draft): readonly DraftCheck[] =>
  held.filter(({ expected }) => Object.keys(expected).length > 0);

const itemsOf = ({ type }: ShownInput['input']): object => (type === 'array' ? { items: { type: 'string' } } : {});

const idOf = (witnesses: readonly Witness[]): string => {
  const name = (witnesses[0]?.target.name ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `like-${name}`.replace(/^-+|-+$/g, '');
};

const headLines = ({ draft, witnesses, base, tool }: About): readonly string[] => [
  `Written by ${tool} from what these servers showed, which are known to be good:`,
  ...witnesses.map(({ target, observedAt }) => `  ${target.name}, ${observedAt.toISOString()} (${target.address})`),
  `Whatever is not stated here is as ${base} has it. Numbers are those of the evidence: 007 is 007.out.`,
  ...section('Not expected as it was seen: what fails, is not known or does not apply', openLines(draft)),
];

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];

const inputLines = ({ shownBy, input, values }: ShownInput): readonly string[] => {
  if (shownBy === undefined) return ['given with --input'];
  const where = values.length > 1 ? ` on all ${values.length} servers` : '';
  return [`${shownBy} shows it${where}${input.type === 'array' ? '; keep what clients dial' : ''}`];
};

const checkLines = ({ results, raised }: DraftCheck, { witnesses, base }: About): readonly string[] => {
  const [witness] = witnesses;
  const result = results[0];
  if (!witness || !result) return [];
  const [first = '', ...others] = result.evidence;
  const also = others.length > 0 ? `; ${some(others)}` : '';
  const same = results.length > 1 ? `; the same on ${results.length - 1} more` : '';
  return [
    ...(raised.length > 0 ? [`stricter than ${base}: ${raised.join('; ')}`] : []),
    `${witness.target.name}: ${first} ${clip(witness.questions.get(first) ?? '', QUESTION)}${also}${same}`,
  ];
};

const troubleOf = ({ check, target, status, reason, detail = '', findings }: Result): readonly string[] => {
  switch (status) {
    case 'fail':
    case 'waived':
      return [`${target} fails ${check}: not written as expected: ${saidBy(findings, 'fail')}`];
    case 'unknown':
      return [`${check} is unknown on ${target} (${reason}), and stays as it was: ${detail}`];
    case 'inapplicable':
      return [`${check} does not apply to ${target}, and stays as it was: ${saidBy(findings, 'inapplicable')}`];
    case 'pass':
      return [];
  }
};

const saidBy = (findings: readonly Finding[], wanted: Finding['verdict']): string =>
  some(
    findings
      .filter(({ verdict }) => verdict === wanted)
      .map(({ subject, message }) => (subject === undefined ? message : `${subject}: ${message}`)),
  );

const differs = ({ name, shown }: ShownInput): string => {
  const values = new Set(shown.map((value) => String(value ?? 'nothing')));
  return `${name} is not written, since not all servers show the same: ${some([...values])}`;
};

const some = (texts: readonly string[]): string =>
  texts.length > NAMED ? `${texts.slice(0, NAMED).join(', ')} and ${texts.length - NAMED} more` : texts.join(', ');

const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);

const commentOf = (lines: readonly string[]): string =>
  lines.map((line) => (line === '' ? ' ' : ` ${clip(printable(line), LINE)}`)).join('\n');

/** Puts a comment before each entry of a map of the document, which is written on a line of its own. */
const annotate = (document: Document, name: string, comments: ReadonlyMap<string, readonly string[]>): void => {
  const map = document.get(name);
  if (!isMap(map)) return;
  for (const { key, value } of map.items) {
    if (isCollection(value)) value.flow = true;
    if (isScalar(key)) key.commentBefore = commentOf(comments.get(String(key.value)) ?? []);
  }
};
