/** Comparisons of servers that lie. */
import test, { type ExecutionContext } from 'ava';
import type { Comparison } from '../../engine/comparison.ts';
import { LANGUAGES } from '../../engine/model.ts';
import { type DiffReporterName, diffReporters } from '../../reporters/diff/index.ts';
import { browsing, closeBrowser, type Open, tagsOf } from './browser.ts';
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { ATTACKS, hostile, obeyed } from './sample.ts';

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

const CLAIMS: Readonly<Record<DiffReporterName, (t: ExecutionContext, lies: Comparison, shape: Comparison) => void>> = {
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

for (const [attack, { text }] of Object.entries({ ...ATTACKS, 'all at once, and 100 kB': { text: undefined } }))
  for (const name of NAMES)
    test(`${name} takes for text: ${attack}`, (t) => {
      for (const language of LANGUAGES) {
        const bad = text === undefined ? undefined : (what: string) => `${text} ${what}`;
        const [before, after] = twoReports(language);
        const lies = compared([hostile(before, bad), hostile(after, bad)]);
        CLAIMS[name](t, lies, diffSample(language));
      }
    });

let honest: ReturnType<typeof tagsOf> | undefined;
const honestTags = (open: Open): ReturnType<typeof tagsOf> => {
  honest ??= open(diffSample()).then(({ page }) => tagsOf(page));
  return honest;
};

for (const [attack, { text }] of Object.entries(ATTACKS))
  test.serial(
    `a browser shows as text: ${attack}`,
    browsing(async (t, open) => {
      const [before, after] = twoReports();
      const lie = (what: string): string => `${text} ${what}`;
      const { page, misdeeds } = await open(compared([hostile(before, lie), hostile(after, lie)]));
      // Servers that lie lie alike on both sides: what differs in honest reports may be the same in theirs.
      const known = new Set([...(await honestTags(open)), 'LI none']);
      t.deepEqual(
        (await tagsOf(page)).filter((tag) => !known.has(tag)),
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
