/** Comparisons of servers that lie. */
import test, { type ExecutionContext } from 'ava';
import type { Comparison } from '../../engine/comparison.ts';
import { LANGUAGES, type Report } from '../../engine/model.ts';
import { type DiffReporterName, diffReporters } from '../../reporters/diff/index.ts';
import { browsing, closeBrowser, openReport, tagsOf } from './browser.ts';
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { ATTACKS, counted, hostile, obeyed } from './sample.ts';

test.after.always(closeBrowser);

const NAMES = Object.keys(diffReporters) as readonly DiffReporterName[];
const write = (name: DiffReporterName, comparison: Comparison, options = { colour: false, width: 80 }): string =>
  [...diffReporters[name](comparison, options)].join('');

const nothingObeyed = (t: ExecutionContext, text: string): void => {
  t.deepEqual(
    obeyed(text).map((line) => line.slice(0, 100)),
    [],
  );
  t.true(text.isWellFormed());
};
/** Markdown without what it quotes. */
const unsaid = (text: string): string => text.replace(/<code>.*?<\/code>/g, '<code>');

const CLAIMS: Readonly<Record<DiffReporterName, (t: ExecutionContext, lies: Comparison) => void>> = {
  cli(t, lies) {
    for (const width of [40, 80, 400]) {
      nothingObeyed(t, write('cli', lies, { colour: false, width }));
      nothingObeyed(t, write('cli', lies, { colour: true, width }).replace(/\u001b\[(?:[012]|3[1236])m/g, ''));
    }
  },
  json(t, lies) {
    const text = write('json', lies);
    nothingObeyed(t, text);
    const wellFormed = JSON.stringify(lies, (_key, value) =>
      typeof value === 'string' ? value.toWellFormed() : value,
    );
    t.deepEqual(JSON.parse(text), JSON.parse(wellFormed));
  },
  html(t, lies) {
    nothingObeyed(t, write('html', lies));
  },
  markdown(t, lies) {
    const text = write('markdown', lies);
    nothingObeyed(t, text);
    t.notRegex(unsaid(text).replace(/<\/?(?:details|summary|br|code)>/g, ''), /<|hacked|teamcity|ATTACHMENT/);
  },
};

for (const [attack, { text }] of Object.entries({ ...ATTACKS, 'all at once, and 100 kB': { text: undefined } })) {
  const bad = text === undefined ? undefined : (what: string) => `${text} ${what}`;
  const lies = LANGUAGES.map((language) => {
    const [before, after] = twoReports(language);
    return compared([hostile(before, bad), hostile(after, bad)]);
  });
  for (const name of NAMES)
    test(`${name} takes for text: ${attack}`, (t) => {
      for (const comparison of lies) CLAIMS[name](t, comparison);
    });
}

/** The servers of a report once for each attack: everything that one says ends in what it is and in the number of its attack. */
const inEveryWay = (report: Report): Report => {
  const lies = Object.values(ATTACKS).map(({ text }, at) => hostile(report, (what) => `${text} ${what} ${at}`));
  const [targets, results] = [lies.flatMap((one) => one.targets), lies.flatMap((one) => one.results)];
  return counted({ ...report, targets, results, waivers: lies.flatMap(({ waivers }) => waivers) });
};

/** One page with all attacks, which stays open. */
const lie = async () => {
  const [before, after] = twoReports();
  const honest = await openReport(diffSample());
  const visit = await openReport(compared([inEveryWay(before), inEveryWay(after)]));
  const said = await visit.page.$$eval('.finding .said', (all) => all.map(({ textContent }) => textContent));
  return { ...visit, said, known: await tagsOf(honest.page), tags: await tagsOf(visit.page) };
};
let lying: ReturnType<typeof lie> | undefined;

for (const [at, [attack, { text, seen = text }]] of Object.entries(ATTACKS).entries())
  test.serial(
    `a browser shows as text: ${attack}`,
    browsing(async (t) => {
      lying ??= lie();
      const { page, misdeeds, said, known, tags } = await lying;
      t.deepEqual([...new Set(said.filter((one) => one.endsWith(` message ${at}`)))], [`${seen} message ${at}`]);
      // Servers that lie lie alike on both sides: what differs in honest reports may be the same in theirs.
      t.deepEqual(
        tags.filter((tag) => !known.includes(tag) && tag !== 'LI none'),
        [],
      );
      t.is(await page.evaluate('window.hacked'), undefined);
      t.deepEqual(misdeeds, []);
    }),
  );

test('a name of 100 kB fills no report but JSON', (t) => {
  const [before, after] = twoReports();
  const lies = compared([hostile(before), hostile(after)]);
  for (const [name, limit] of [
    ['cli', 100_000],
    ['markdown', 150_000],
    ['html', 2_000_000],
  ] as const)
    t.true(write(name, lies).length < limit, `${name}: ${write(name, lies).length}`);
});
