import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import test from 'ava';
import { type Report, SEVERITIES, STATUSES } from '../../engine/model.ts';
import { roomFor } from '../../reporters/html/fleet/server-data.ts';
import { html } from '../../reporters/html.ts';
import { mixedFleet } from './fleets.ts';
import { counted, fleet, hostile, sample } from './sample.ts';

const pack = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 9 });
const write = (report: Report): string => [...html(report, { colour: false, width: 80, deflate: pack })].join('');
const unpacked = (report: Report): string => [...html(report, { colour: false, width: 80 })].join('');
/** The page without its script's data, and what that data is. */
const bare = (text: string): string => text.replace(/<script type="application\/octet-stream"[\s\S]*?<\/script>/g, '');
const dataIn = (text: string, name: string) => {
  const [, packed, data = ''] = new RegExp(`id="own:${name}" data-packed="(\\w+)">([^<]*)<`).exec(text) ?? [];
  const bytes = Buffer.from(data, 'base64');
  return JSON.parse(String(packed === 'true' ? inflateSync(bytes) : bytes));
};
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, one = '']) => one);
const namesIn = (html: string): readonly string[] => found(html, /<bdi>([^<]*)<\/bdi>/g);

/** Two fleets that several tests look at: one in which most servers are well, one in which each has failures of its own. */
const WELL = mixedFleet(900, 30);
const TROUBLED = mixedFleet(400, 30, { own: 0.1 });
const [wellPage, troubledPage] = [write(WELL), write(TROUBLED)];

test('a fleet has counts for each check, and its map in place of a cell for each result', (t) => {
  const text = bare(write(fleet(60, 20)));
  t.regex(
    text,
    /<a href="#checks\/area\/check-0"><code>area\/check-0<\/code><\/a>.*<td class="fail">6<\/td>.*<td class="pass">54<\/td>/,
  );
  t.is(text.split('data-status="pass"').length - 1, 0);
  t.regex(text, /<table class="matrix"><thead><\/thead><tbody><\/tbody><\/table>/);
  t.false(write(fleet(50, 20)).includes('own:map'));
});

test('every server of a fleet is named without a script: as not reached, or with what is wrong with it', (t) => {
  const small = fleet(60, 3);
  for (const [report, page] of [
    [WELL, wellPage],
    [TROUBLED, troubledPage],
    [small, write(small)],
  ] as const) {
    const text = bare(page);
    const [, missed = '', rest = ''] = text.split(/<section id="(?:not-reached|waivers)"/);
    const [, groups = ''] = rest.split('<div id="own:chosen"');
    const names = [...namesIn(missed), ...namesIn(groups.split('<section class="server"', 1)[0] ?? '')];
    t.deepEqual(names.toSorted(), report.targets.map(({ name }) => name).toSorted());
  }
});

test('a server that was not reached stands in a group, too, by what was seen of it from outside', (t) => {
  const missed = WELL.targets.find(({ reached }) => !reached)?.name;
  const at = WELL.results.findIndex(({ target }) => target === missed);
  const seen = { status: 'fail', findings: [{ verdict: 'fail', message: 'seen from outside' }] } as const;
  const results = WELL.results.map((one, place) => (place === at ? { ...one, ...seen } : one));
  const groupsIn = (page: string): string => {
    const [, groups = ''] = bare(page).split('<div id="own:chosen"');
    return groups.split('<section class="server"', 1)[0] ?? '';
  };
  t.true(namesIn(groupsIn(write(counted({ ...WELL, results })))).includes(missed ?? ''));
  t.false(namesIn(groupsIn(wellPage)).includes(missed ?? ''));
});

test('below the verdict stand the checks that failed, the most severe first, with the servers of each', (t) => {
  const [list = ''] = /<ul class="failures">[\s\S]*?<\/ul>/.exec(bare(wellPage)) ?? [];
  const told = Array.from(
    list.matchAll(/>([\w/-]+)<\/a> · <b>not so on ([\d,]+) servers?<\/b>: <span class="said">\w/g),
    ([, check = '', count]) => {
      const failed = WELL.results.filter((one) => one.check === check && one.status === 'fail');
      t.is(Number(count), failed.length, check);
      return SEVERITIES.indexOf(failed[0]?.severity ?? 'low');
    },
  );
  t.is(told.length, 10);
  t.deepEqual(
    told,
    told.toSorted((a, b) => b - a),
  );
  t.regex(bare(wellPage), /<\/ul>\n<p>\d+ more<\/p>/);
});

test('servers with the same failures stand together, failures first, the largest group first', (t) => {
  const text = bare(wellPage);
  const groups = found(text, /<details class="group"><summary>(.*)<\/summary>/g);
  const size = (group: string): number => Number(/<b>(\d+) servers?<\/b>/.exec(group)?.[1]);
  const failing = groups.filter((group) => group.includes('badge fail'));
  t.true(failing.length > 2 && failing.length < groups.length);
  t.deepEqual(groups.slice(0, failing.length), failing);
  t.deepEqual(
    failing.map(size),
    failing.map(size).toSorted((a, b) => b - a),
  );
  t.regex(groups.at(-1) ?? '', /badge pass.*everything passed or does not apply/);
});

test('servers of which each has failures of its own are told with their counts', (t) => {
  const text = bare(troubledPage);
  t.is(text.split('<details class="group">').length - 1, 101);
  t.regex(
    text,
    /<b>\d+<\/b> other servers, each with what is wrong with it<\/summary>\n<p class="names"><bdi>[^<]*<\/bdi> <small><span class="glyph" aria-hidden="true">✕<\/span>\d+/,
  );
});

test('the worst servers are told in full, as many as a page can bear', (t) => {
  const text = bare(troubledPage);
  const servers = text.split('<section class="server"').length - 1;
  const results = text.split('<details class="result').length - 1;
  t.true(servers > 5 && servers <= 30 && results > 50 && results <= 200, `${servers} servers, ${results} results`);
  t.regex(text, new RegExp(`What failed or is unknown on ${servers} servers`));
  t.regex(text, /<pre>\nHKEY_LOCAL_MACHINE/);
});

test('the map holds the status and the severity of every result', (t) => {
  const report = TROUBLED;
  const data = dataIn(troubledPage, 'data');
  const cells = new Map(
    report.results.map(({ target, check, status, severity }) => [`${target} ${check}`, `${status} ${severity}`]),
  );
  let count = 0;
  for (const [server, name] of data.names.entries())
    for (const [column, [check]] of data.columns.entries()) {
      const letter = data.patterns[data.patterned[server]].charCodeAt(column) - 65;
      const [status, severity] = [
        STATUSES[Math.floor(letter / SEVERITIES.length)],
        SEVERITIES[letter % SEVERITIES.length],
      ];
      if (cells.get(`${name} ${check}`) !== `${status} ${severity}`) t.fail(`${name} ${check}`);
      count += 1;
    }
  t.is(count, report.results.length);
  const tags = data.tagged.map((set: number) => data.tagSets[set].map((tag: number) => data.tags[tag]));
  const byName = new Map(report.targets.map((target) => [target.name, target.tags]));
  t.deepEqual(
    tags,
    data.names.map((name: string) => byName.get(name)),
  );
});

test('a check that was not asked on a server is a blank', (t) => {
  const report = fleet(60, 4);
  const { names, patterns, patterned } = dataIn(
    write(counted({ ...report, results: report.results.slice(1) })),
    'data',
  );
  t.deepEqual(
    names.filter((_: string, server: number) => patterns[patterned[server]].startsWith('.')),
    ['vpn0'],
  );
  t.is(patterns.filter((pattern: string) => pattern.includes('.')).length, 1);
});

const detailsIn = (text: string) => {
  const { names, columns, chunk } = dataIn(text, 'data');
  const chunks = Array.from({ length: Math.ceil(names.length / chunk) }, (_, at) => dataIn(text, `data-${at}`));
  return names.map((name: string, server: number) => {
    const { texts, bodies, servers } = chunks[Math.floor(server / chunk)];
    const [about, numbers, evidence] = servers[server % chunk];
    const results = columns.map(([check]: [string], column: number) => {
      const [findings, , reason, detail] = bodies[numbers[column]];
      const messages = findings.map(([verdict, , message]: [string, number, number]) => `${verdict} ${texts[message]}`);
      return `${check} ${reason} ${texts[detail]}: ${messages.toSorted().join('; ')}`;
    });
    const answers = evidence.map(
      ([id, , , , , , sha256, excerpt]: readonly (string | number)[]) =>
        `${id} ${sha256} ${texts[Number(excerpt)] ?? ''}`,
    );
    return { name, address: texts[about[0]], results: results.toSorted(), answers: answers.toSorted() };
  });
};

test('the details hold what every server said, and the answers where something is wrong', (t) => {
  const report = mixedFleet(600, 20, { own: 0.02 });
  const results = Map.groupBy(report.results, ({ target }) => target);
  const wanted = report.targets.map(({ name, address, evidence }) => {
    const own = results.get(name) ?? [];
    const ids = own.filter(({ status }) => !/pass|inapplicable/.test(status)).flatMap((result) => result.evidence);
    return {
      name,
      address,
      results: own
        .map(({ check, reason = '', detail = '', findings }) => {
          const messages = findings.map(({ verdict, message }) => `${verdict} ${message}`);
          return `${check} ${reason} ${detail}: ${messages.toSorted().join('; ')}`;
        })
        .toSorted(),
      answers: evidence
        .filter(({ id }) => ids.includes(id))
        .map(({ id, sha256, excerpt = '' }) => `${id} ${sha256} ${excerpt.replaceAll('\r\n', '\n')}`)
        .toSorted(),
    };
  });
  const byName = (a: Readonly<{ name: string }>, b: Readonly<{ name: string }>): number => (a.name < b.name ? -1 : 1);
  t.deepEqual(detailsIn(write(report)).toSorted(byName), wanted.toSorted(byName));
});

test('packed or not, the data is the same', (t) => {
  const report = fleet(300, 5);
  const [packed, plain] = [write(report), unpacked(report)];
  for (const name of ['data', 'data-0', 'data-1']) t.deepEqual(dataIn(packed, name), dataIn(plain, name));
  t.true(packed.length < plain.length);
});

test('answers have room up to a limit, and the rest says that it is left out', (t) => {
  const room = roomFor(10);
  t.deepEqual([room(4), room(7), room(6), room(1)], [true, false, true, false]);
  const report = mixedFleet(120, 20, { own: 0.5 });
  const targets = report.targets.map((target) => ({
    ...target,
    evidence: target.evidence.map((note, at) => ({ ...note, excerpt: `${note.sha256} ${'x'.repeat(39_000)} ${at}` })),
  }));
  const text = write({ ...report, targets });
  const { texts, servers } = dataIn(text, 'data-0');
  t.true(
    texts.every((one: string) => one.length <= 4_000),
    'cut as everywhere',
  );
  t.true(servers.length === 120);
});

test('the policy lets in two styles and one script, and nothing else', (t) => {
  const text = write(fleet(60, 3));
  const hashOf = (inside: string | undefined): string =>
    `'sha256-${createHash('sha256')
      .update(inside ?? '')
      .digest('base64')}'`;
  const styles = found(text, /<style>([\s\S]*?)<\/style>/g);
  const scripts = found(text, /<script type="module">([\s\S]*?)<\/script>/g);
  t.deepEqual([styles.length, scripts.length, text.split('<script').length - 1], [2, 1, 3]);
  t.deepEqual(found(text, /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g), [
    `default-src 'none'; script-src ${hashOf(scripts[0])}; style-src ${styles.map(hashOf).join(' ')}; base-uri 'none'; form-action 'none'`,
  ]);
});

test('a link leads to a place in the page, and no two elements have one id', (t) => {
  for (const report of [mixedFleet(300, 20), hostile(mixedFleet(60, 5))]) {
    const text = bare(write(report)).replace(/<script[\s\S]*<\/script>/, '');
    const ids = found(text, / id="([^"]*)"/g);
    t.is(new Set(ids).size, ids.length);
    for (const href of found(text, / href="#([^"]*)"/g)) t.true(ids.includes(decodeURI(href)), href);
  }
});

test('servers that lie fill no page: each text is cut', (t) => {
  t.true(unpacked(hostile(mixedFleet(60, 5))).length < 8_000_000);
});

test('the same report is the same page', (t) => t.is(write(mixedFleet(60, 5)), write(mixedFleet(60, 5))));

test('an empty fleet of servers that nobody asked is a page', (t) => {
  const report = fleet(60, 1);
  const text = write(counted({ ...report, checks: [], results: [] }));
  t.regex(text, /nothing was judged/);
  t.is(dataIn(text, 'data').columns.length, 0);
});

test('the page speaks Japanese', (t) => {
  const text = write(mixedFleet(60, 5, { language: 'ja' }));
  t.regex(text, /<h3 class="apart">問題別のサーバー<\/h3>/);
  t.is(dataIn(text, 'data').words.status.fail, '不合格');
  t.true(text.includes(sample('ja').checks[0]?.title ?? '?'));
});

test('a fleet comes in small pieces, and ten thousand results take some hundred kilobytes', (t) => {
  let size = 0;
  for (const piece of html(mixedFleet(1_000, 40), { colour: false, width: 80, deflate: pack })) {
    size += piece.length;
    if (piece.length > 40_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.true(size < 800_000, `${size} characters`);
});
