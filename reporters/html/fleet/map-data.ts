/** What the map is drawn and searched with: names, tags, a letter for each result, and what is wrong in short. */
import { REASONS, type Result, SEVERITIES, STATUSES } from '../../../engine/model.ts';
import { saying } from '../../detail.ts';
import { cut } from '../../text.ts';
import { label, shown, visible } from '../escape.ts';
import { checkAnchor, GLYPHS, type Sheet } from '../sheet.ts';
import { alongColumns, type Column, lettersOf } from './columns.ts';
import { numbered } from './pack.ts';
import { fleetWords } from './words.ts';

/** Servers whose details are packed together: opening one server reads so many. */
export const CHUNK = 250;

/** Longest text that is searched, in UTF-16 units, and all of them together: beyond that, only names and tags are. */
const SAID = 160;
const SAID_TOGETHER = 3_000_000;

export const mapData = (sheet: Sheet, columns: readonly Column[]): unknown => {
  const { rows, notes } = sheet;
  const [tags, sets, patterns, says] = [numbered(), numbered(), numbered(), numbered()];
  let room = SAID_TOGETHER;
  const sayOf = (result: Result): readonly number[] => {
    const text = shortly(result);
    if (text === '' || room < text.length) return [];
    const before = says.texts.length;
    const number = says.numberOf(text);
    if (says.texts.length > before) room -= text.length;
    return [number];
  };
  const servers = rows.map((row) => {
    const own = row.target.tags.map((tag) => tags.numberOf(label(tag)));
    return {
      set: sets.numberOf(JSON.stringify(own)),
      pattern: patterns.numberOf(lettersOf(alongColumns(row, columns))),
      says: [...new Set(row.results.filter(isTelling).flatMap(sayOf))],
    };
  });
  return {
    // The name of a check, how much of it is its area, whether it begins one, the last part of its anchors, its title.
    columns: columns.map(({ check, area, isFirst }) => [
      label(check),
      label(area).length,
      Number(isFirst),
      slugOf(check),
      shown(notes.get(check)?.title ?? ''),
    ]),
    names: rows.map(({ target }) => label(target.name)),
    anchors: rows.map(({ anchor, target }) => (anchor === target.name ? 0 : anchor)),
    tags: tags.texts,
    tagSets: sets.texts.map((text): unknown => JSON.parse(text)),
    tagged: servers.map(({ set }) => set),
    patterns: patterns.texts,
    patterned: servers.map(({ pattern }) => pattern),
    says: says.texts,
    saying: servers.map((one) => one.says),
    chunk: CHUNK,
    words: wordsOf(sheet),
  };
};

const slugOf = (check: string): string => checkAnchor(check).slice(checkAnchor('').length - 1);

const isTelling = ({ status }: Result): boolean => status !== 'pass' && status !== 'inapplicable';

const shortly = ({ findings, reason, detail = '' }: Result): string => {
  const failing = findings.find(({ verdict }) => verdict === 'fail');
  return visible(cut(failing ? saying(failing) : `${reason ?? ''} ${cut(detail, SAID)}`, SAID));
};

/** What the script says by itself, in the language of the report. */
const wordsOf = ({ names, say, report }: Sheet): unknown => {
  const { status, severity, reason, label: labels } = names;
  const own = fleetWords[report.language];
  const advice = Object.fromEntries(Object.entries(REASONS).map(([name, both]) => [name, both[report.language]]));
  return {
    ...{ status, severity, reason, advice, labels, statuses: STATUSES, severities: SEVERITIES, glyphs: GLYPHS },
    ...{ noTag: own.noTag, noResult: say.noResult, loading: own.loading, chosen: own.chosen, close: own.close },
    ...{
      cut: own.cut,
      link: say.link,
      noFinding: say.noFinding,
      aboutCheck: say.aboutCheck,
      isEnglish: report.language === 'en',
    },
  };
};
