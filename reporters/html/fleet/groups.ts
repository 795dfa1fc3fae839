/** All servers that were reached, by what is wrong with them: nothing of a fleet is told only by a script. */
import { type Result, STATUSES, type Status } from '../../../engine/model.ts';
import { isHidden } from '../../detail.ts';
import { grouped } from '../../numbers.ts';
import { joined, type Markup, markup, NOTHING, nameOf } from '../escape.ts';
import { badge, glyph } from '../parts.ts';
import { countsOf, type Row, type Sheet } from '../sheet.ts';
import { fleetWords } from './words.ts';

/** Groups that are told one by one; servers beyond them stand together, each with its counts. */
const GROUPS = 100;
/** Names that go out at once. */
const NAMES = 100;

const WRONG: readonly Status[] = ['fail', 'unknown', 'waived'];

type Group = Readonly<{ wrong: readonly Result[]; rows: readonly Row[] }>;

export const groups = function* (sheet: Sheet): Iterable<Markup> {
  const own = fleetWords[sheet.report.language];
  yield markup`<h3 class="apart">${own.groups}</h3>\n<p class="intro">${own.groupsIntro}</p>\n`;
  const all = groupsOf(sheet.rows.filter(isTold));
  for (const group of all.slice(0, GROUPS)) yield* groupOf(group, sheet);
  const others = all.slice(GROUPS).flatMap(({ rows }) => rows);
  if (others.length === 0) return;
  yield markup`<details class="group"><summary><b>${grouped(others.length)}</b> ${own.others}</summary>\n`;
  yield* names(others, (row) => markup`${nameOf(row.target.name)} <small>${counted(row)}</small>`);
  yield markup`</details>\n`;
};

/** A server that was not reached stands among those; what was seen of it from outside stands here, too. */
const isTold = ({ target, results }: Row): boolean =>
  target.reached || results.some((result) => isWrong(result) && !isHidden(result, target));

/** Failures before what is unknown, what is unknown before waivers; then the largest group. What passed comes last. */
const groupsOf = (rows: readonly Row[]): readonly Group[] => {
  const byKey = Map.groupBy(rows, ({ results }) => results.filter(isWrong).map(keyOf).sort().join('\n'));
  return [...byKey.values()]
    .map((own): Group => ({ wrong: own[0]?.results.filter(isWrong) ?? [], rows: own }))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || b.rows.length - a.rows.length);
};

const isWrong = ({ status }: Result): boolean => WRONG.includes(status);
const keyOf = ({ status, check }: Result): string => `${status} ${check}`;
/** The results of a row stand in the order of their statuses. */
const rankOf = ({ wrong: [first] }: Group): number => (first ? STATUSES.indexOf(first.status) : STATUSES.length);

const groupOf = function* ({ wrong, rows }: Group, sheet: Sheet): Iterable<Markup> {
  const own = fleetWords[sheet.report.language];
  const what = wrong.length === 0 ? markup`${badge('pass', sheet)} ${own.clean}` : joined(byStatus(wrong, sheet), ' ');
  yield markup`<details class="group"><summary><b>${sheet.names.say.servers(rows.length)}</b> ${what}</summary>\n`;
  yield* names(rows, ({ target }) => nameOf(target.name));
  yield markup`</details>\n`;
};

const byStatus = (wrong: readonly Result[], sheet: Sheet): readonly Markup[] =>
  WRONG.map((status) => {
    const own = wrong.filter((result) => result.status === status);
    if (own.length === 0) return NOTHING;
    return markup`${badge(status, sheet)} ${joined(
      own.map(({ check }) => markup`<code>${check}</code>`),
      ', ',
    )}`;
  }).filter((part) => part !== NOTHING);

const names = function* (rows: readonly Row[], print: (row: Row) => Markup): Iterable<Markup> {
  yield markup`<p class="names">`;
  for (let from = 0; from < rows.length; from += NAMES)
    yield markup`${joined(rows.slice(from, from + NAMES).map(print), ' · ')}${from + NAMES < rows.length ? ' · ' : ''}`;
  yield markup`</p>\n`;
};

const counted = ({ results }: Row): Markup => {
  const counts = countsOf(results);
  return joined(
    WRONG.filter((status) => counts[status] > 0).map((status) => markup`${glyph(status)}${counts[status]}`),
    ' ',
  );
};
