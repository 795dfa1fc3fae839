import test, { type ExecutionContext } from 'ava';
import { parse as parseCsv } from 'csv-parse/sync';
import type { Page } from 'puppeteer-core';
import { LANGUAGES, type Report } from '../../engine/model.ts';
import { reporters } from '../../reporters/index.ts';
import { browsing, closeBrowser, openReport, tagsOf } from './browser.ts';
import { type Node, offences, parse } from './junit-xml.ts';
import { ATTACK, ATTACKS, counted, fleet, hostile, obeyed, sample } from './sample.ts';

test.after.always(closeBrowser);

type Name = keyof typeof reporters;
const NAMES = Object.keys(reporters) as readonly Name[];
const written = Object.fromEntries(
  await Promise.all(NAMES.map(async (name) => [name, await reporters[name]()] as const)),
);
const write = (name: Name, report: Report, options = { colour: false, width: 80 }): string =>
  [...(written[name]?.(report, options) ?? [])].join('');

/** What a reporter makes of an honest report, written once for all attacks. */
const honestly = new Map<string, string>();
const writeHonest = (name: Name, shape: Report): string => {
  const key = `${name} ${shape.language}`;
  const text = honestly.get(key) ?? write(name, shape);
  honestly.set(key, text);
  return text;
};

/** Both, so that a failure does not print 100 kB. */
const nothingObeyed = (t: ExecutionContext, text: string): void => {
  t.deepEqual(
    obeyed(text).map((line) => line.slice(0, 100)),
    [],
  );
  t.true(text.isWellFormed());
};

/** The report as every reader of UTF-8 gets it. */
const wellFormed = (report: Report): unknown =>
  JSON.parse(JSON.stringify(report, (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value)));

const elements = ({ name, children }: Node): readonly string[] => [name, ...children.flatMap(elements)];

const rowsOf = (text: string): string[][] => parseCsv(text, { bom: true });
/** Markdown without what it quotes. */
const unsaid = (text: string): string => text.replace(/<code>.*?<\/code>/g, '<code>');

/** What each reporter owes a report of servers that lie: `shape` is the same report of honest ones. */
const CLAIMS: Readonly<Record<Name, (t: ExecutionContext, lies: Report, shape: Report) => void>> = {
  cli(t, lies) {
    for (const width of [40, 80, 400]) {
      nothingObeyed(t, write('cli', lies, { colour: false, width }));
      const coloured = write('cli', lies, { colour: true, width });
      nothingObeyed(t, coloured.replace(/\u001b\[(?:[012]|3[1236])m/g, ''));
    }
  },
  json(t, lies) {
    const text = write('json', lies);
    nothingObeyed(t, text);
    t.deepEqual(JSON.parse(text), wellFormed(lies));
  },
  junit(t, lies, shape) {
    const text = write('junit', lies);
    nothingObeyed(t, text);
    const root = parse(text);
    t.deepEqual(offences(root), []);
    t.deepEqual(elements(root), elements(parse(writeHonest('junit', shape))));
  },
  html(t, lies) {
    nothingObeyed(t, write('html', lies));
  },
  csv(t, lies, shape) {
    const text = write('csv', lies);
    nothingObeyed(t, text);
    const [rows, honest] = [rowsOf(text), rowsOf(writeHonest('csv', shape))];
    t.deepEqual(
      rows.map((cells) => cells.length),
      honest.map((cells) => cells.length),
    );
    const cells = rows.flat();
    t.deepEqual(
      cells.flatMap((cell) => cell.split(';')).filter((cell) => /^\s*[=+\-@＝＋－＠]/u.test(cell)),
      [],
    );
    t.true(cells.every((cell) => !cell.includes('\n') && cell.length < 5_000));
  },
  markdown(t, lies, shape) {
    const text = write('markdown', lies);
    nothingObeyed(t, text);
    t.is(unsaid(text), unsaid(writeHonest('markdown', shape)), 'only what stands in <code> comes from a server');
    const said = [...text.matchAll(/<code>(.*?)<\/code>/g)].map(([, inside = '']) => inside);
    t.deepEqual(
      said.filter((inside) => /[\\`*_~[\]<>|@$]|:\/\/|&(?!#\d+;)/.test(inside)),
      [],
    );
  },
};

for (const [attack, { text }] of Object.entries({ ...ATTACKS, 'all at once, and 100 kB': { text: undefined } }))
  for (const name of NAMES)
    test(`${name} takes for text: ${attack}`, (t) => {
      for (const language of LANGUAGES) {
        const shape = sample(language);
        const lies = hostile(shape, text === undefined ? undefined : (what) => `${text} ${what}`);
        CLAIMS[name](t, lies, shape);
      }
    });

test('a name of 100 kB fills no report but JSON', (t) => {
  const lies = hostile(sample());
  for (const [name, limit] of [
    ['cli', 100_000],
    ['junit', 400_000],
    ['html', 1_000_000],
    ['csv', 1_000_000],
    ['markdown', 60_000],
  ] as const)
    t.true(write(name, lies).length < limit, name);
});

const same = (text: string): string => text;
/** Names stand in one line. */
const oneLine = (text: string): string => text.replaceAll('\n', ' ');

/** Where each text of a server stands in the page, by what the sample says there. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  'vpn04.example.com': ['ul.missed b bdi', '.server:has(p.missed) h3'],
  address: ['.meta > bdi:first-of-type'],
  os: ['.server:not(:has(p.missed)) .meta > bdi:last-of-type'],
  production: ['.meta .tag:first-of-type'],
  subject: ['.findings b', '.register td:nth-child(4) > bdi'],
  tag: ['.register .tag'],
  excused: ['.register td:nth-child(4) code'],
  found: ['.register td:nth-child(1) code'],
  file: ['.register .file bdi'],
  message: ['.findings .said'],
  expected: ['.values dd:first-of-type .value'],
  actual: ['.values dd:last-of-type .value'],
  detail: ['.ignorance .said', 'p.missed .said', 'ul.missed .said'],
  command: ['.evidence code:not(.digest)'],
  excerpt: ['.evidence pre'],
  because: ['.exception dd:last-of-type', '.register td:last-child'],
  approvedBy: ['.exception dd:nth-of-type(2)', '.register td:nth-child(6)'],
};

const PLACED = Object.entries(PLACES).flatMap(([what, selectors]) => selectors.map((selector) => ({ what, selector })));
const ONE_LINE = /subject|approvedBy|vpn04|production|tag|file/;

/** What the page shows in each of these places, asked for at once, and its elements. */
const lookAt = async (page: Page) => ({
  tags: await tagsOf(page),
  shown: await page.$eval(
    ':root',
    (root, wanted) => wanted.map((one) => [...root.querySelectorAll(one)].map(({ textContent }) => textContent)),
    PLACED.map(({ selector }) => selector),
  ),
});

const KINDS = Object.entries(ATTACKS);
/** Attacks that share a page, so many that it is not yet the page of a fleet. */
const SHARE = Math.floor(50 / sample().targets.length);

/** One report of the servers of many: all that they say begins with a text and ends in a number, which are their own. */
const together = (speakers: readonly (readonly [number, string])[]): Report => {
  const reports = speakers.map(([at, text]) => hostile(sample(), (what) => `${text}${what} ${at}`));
  const targets = reports.flatMap((one) => one.targets);
  const results = reports.flatMap((one) => one.results);
  return counted({ ...sample(), targets, results, waivers: reports.flatMap(({ waivers }) => waivers) });
};

/** Some attacks in a page that stays open, and the same page of honest servers. */
const lie = async (first: number) => {
  const some = [...KINDS.entries()].slice(first, first + SHARE);
  const honest = await openReport(together(some.map(([at]) => [at, ''])));
  const visit = await openReport(together(some.map(([at, [, { text }]]) => [at, `${text} `])));
  return { ...visit, ...(await lookAt(visit.page)), honest: await lookAt(honest.page) };
};
const lying = new Map<number, ReturnType<typeof lie>>();
const pageOf = (at: number): ReturnType<typeof lie> => {
  const first = at - (at % SHARE);
  const page = lying.get(first) ?? lie(first);
  lying.set(first, page);
  return page;
};

for (const [at, [attack, { text, seen = text }]] of KINDS.entries())
  test.serial(
    `a browser shows as text: ${attack}`,
    browsing(async (t) => {
      const { page, misdeeds, shown, tags, honest } = await pageOf(at);
      for (const [place, { what, selector }] of PLACED.entries()) {
        const own = shown[place]?.filter((one) => one.endsWith(` ${what} ${at}`)) ?? [];
        const wanted = selector.includes('bdi') || ONE_LINE.test(what) ? oneLine : same;
        t.deepEqual([...new Set(own)], [wanted(`${seen} ${what} ${at}`)], `${what} in ${selector}`);
        t.is(shown[place]?.length, honest.shown[place]?.length, `${what} in ${selector}`);
        const honestly = honest.shown[place]?.filter((one) => one.endsWith(`${what} ${at}`));
        t.is(own.length, honestly?.length ?? 0, `as often as of honest servers: ${what} in ${selector}`);
      }
      t.deepEqual(tags, honest.tags, 'the same elements as for honest servers');
      t.is(await page.evaluate('window.hacked'), undefined);
      t.deepEqual(misdeeds, []);
    }),
  );

test.serial(
  'a browser takes for text whatever a fleet says',
  browsing(async (t, open) => {
    const drawn = async (report: Report) => {
      const visit = await open(report);
      await visit.page.waitForSelector('html[data-ready]');
      return { ...visit, tags: await tagsOf(visit.page) };
    };
    const honest = await drawn(fleet(60, 3));
    const { page, misdeeds, tags } = await drawn(hostile(fleet(60, 3), (what) => `${what} ${ATTACK}`));
    t.deepEqual(tags, honest.tags);
    t.is(await page.evaluate('window.hacked'), undefined);
    t.deepEqual(misdeeds, []);
  }),
);

test.serial(
  'a browser runs nothing of what 100 kB of everything hold',
  browsing(async (t, open) => {
    for (const language of LANGUAGES) {
      const { page, misdeeds } = await open(hostile(sample(language)));
      t.is(await page.evaluate('window.hacked'), undefined);
      t.deepEqual(misdeeds, []);
    }
  }),
);
