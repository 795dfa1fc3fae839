/** Reports come back from their files, a result at a time. */
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { diff } from '../../engine/diff.ts';
import { Mistake } from '../../engine/mistake.ts';
import type { Report } from '../../engine/model.ts';
import { listsOfOurs, newOurs, takeOurs } from '../../engine/report/ours.ts';
import { openReport } from '../../engine/report/read.ts';
import { listsOf, newScan, take } from '../../engine/report/scan.ts';
import { json } from '../../reporters/json.ts';
import schema from '../../reporters/report.schema.json' with { type: 'json' };
import { anyCharacter } from '../characters.ts';
import { fleet, hostile, sample } from '../reporters/sample.ts';
import { side } from './diff-cases.ts';

const scratch = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-report-'));
let written = 0;
const write = async (text: string | Uint8Array): Promise<string> => {
  const file = path.join(scratch, `${++written}.json`);
  await writeFile(file, text);
  return file;
};
const textOf = (report: Report): string => [...json(report, { colour: false, width: 80 })].join('');
const open = async (text: string | Uint8Array) => openReport(await write(text), schema);

/** Texts of 100 kB are compared, and not printed. */
const same = (t: ExecutionContext, found: unknown, wanted: unknown): boolean =>
  t.true(isDeepStrictEqual(found, wanted));

for (const [name, report] of [
  ['a report', sample()],
  ['a report of servers that lie', hostile(sample())],
  ['a fleet of several windows', fleet(900, 12)],
  ['a report without results', { ...sample(), results: [], targets: [] }],
] as const)
  test(`${name} comes back as it was`, async (t) => {
    const text = textOf(report);
    const was: Report = JSON.parse(text);
    for (const form of [text, JSON.stringify(was), JSON.stringify(was, undefined, '\t').replaceAll('\n', '\r\n')]) {
      const opened = await open(form);
      same(
        t,
        [...opened.slots()].map((slot) => slot.read()),
        was.results,
      );
      same(t, [...opened.servers.values()], [...new Set(was.targets.map((target) => target.name))]);
      for (const target of was.targets.slice(0, 30)) same(t, opened.targetOf(target.name), target);
      same(t, opened.checks, was.checks);
      same(t, opened.note.waivers, was.waivers);
      t.is(opened.note.source.sha256, createHash('sha256').update(form).digest('hex'));
      t.is(opened.targetOf('nobody'), undefined);
      opened.close();
    }
  });

test('members may come in any order, and what is not known is passed over', async (t) => {
  const { results, targets, ...rest } = sample();
  const opened = await open(JSON.stringify({ later: [[1], { results: [] }], results, ...rest, more: '[{', targets }));
  t.is([...opened.slots()].length, results.length);
  t.is(opened.servers.size, targets.length);
});

test('a file beside the same report in memory has no difference, whatever way it is written', async (t) => {
  const report: Report = JSON.parse(textOf(hostile(sample())));
  const opened = await open(JSON.stringify(report));
  for (const other of [side(report), await open(textOf(report))]) {
    const { summary, changes } = diff(opened, other);
    t.true(changes.every(({ bucket }) => bucket === 'still-failing' || bucket === 'not-compared'));
    t.is(summary.unchanged + changes.length, report.results.length);
  }
});

test('a fleet in two files is compared as it is in memory', async (t) => {
  const before = fleet(120, 9);
  const after: Report = {
    ...before,
    results: before.results
      .map((one, at) => (at % 7 === 0 ? { ...one, status: 'pass' as const, findings: [] } : one))
      .filter(({ target }) => target !== 'vpn17'),
    targets: before.targets.filter(({ name }) => name !== 'vpn17').toReversed(),
  };
  const files = diff(await open(textOf(before)), await open(textOf(after)));
  const memory = diff(side(before), side(after));
  t.deepEqual(files.summary, memory.summary);
  t.deepEqual(files.coverage, memory.coverage);
  same(t, files.changes.toSorted(byKey), memory.changes.toSorted(byKey));
});
test('servers of a file are found by their names in any case', async (t) => {
  const report = fleet(20, 9);
  const shouted = report.targets.map((one) => ({ ...one, name: one.name.toUpperCase(), os: null }));
  const { servers, summary } = diff(await open(textOf({ ...report, targets: shouted })), side(report));
  t.is(summary.added, 0);
  t.true(servers.length > 0 && servers.every(({ before, after }) => before?.os === null && after?.os !== null));
});
const byKey = (a: { target: string; check: string }, b: { target: string; check: string }): number =>
  `${a.target} ${a.check}`.localeCompare(`${b.target} ${b.check}`);

const GOOD = JSON.stringify(sample());
for (const [name, text, says] of [
  ['nothing', '', /it is not JSON, or it was cut off|it holds no targets/],
  ['no JSON', 'hello', /it holds no targets and results/],
  ['a report that was cut off', GOOD.slice(0, 3_000), /it is not JSON, or it was cut off/],
  ['a report that was cut off within a text', `${GOOD.slice(0, GOOD.indexOf('RemoteAccess') + 4)}`, /it was cut off/],
  ['another format', GOOD.replace('report/1', 'report/2'), /it\/format must be sstp-audit\/report\/1$/],
  ['a list', `[${GOOD}]`, /it holds no targets and results/],
  ['a report without results', JSON.stringify({ ...sample(), results: undefined }), /it holds no targets and results/],
  ['one brace too many', `${GOOD}}`, /it is not JSON/],
  ['two reports', `${GOOD}\n${GOOD}`, /it is not JSON/],
  ['a list of lists', '[[1]]', /it holds no targets and results/],
  ['a JUnit file', '<system-out>[[PROPERTY|status=pass]]</system-out>', /it holds no targets and results/],
  ['a broken head', GOOD.replace('"language"', 'language'), /it is not JSON/],
  ['a report with a byte order mark', `\ufeff${GOOD}`, /saved it in another encoding, as > of PowerShell does/],
  ['a report in UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), /saved it in another encoding/],
  [
    'a report that tells one server twice',
    JSON.stringify({ ...sample(), targets: [...sample().targets, sample().targets[0]] }),
    /two of its targets have one name/,
  ],
  [
    'a report that holds its servers twice',
    GOOD.replace(/\}$/, `,"targ\\u0065ts":${JSON.stringify(sample().targets)}}`),
    /its targets or results twice/,
  ],
  ['another comparison', '{"format":"sstp-audit/diff/1","targets":[],"results":[]}', /must/],
] as const)
  test(`${name} is no report`, async (t) => {
    const error = await t.throwsAsync(open(text), { instanceOf: Mistake });
    t.regex(error?.message ?? '', /^.*\.json is not a report of sstp-audit: /);
    t.regex(error?.message ?? '', says);
  });

test('a server with two names is a mistake when it is read', async (t) => {
  const opened = await open(GOOD.replace('"address"', '"name":"another","address"'));
  const error = t.throws(() => opened.targetOf(sample().targets[0]?.name ?? ''), { instanceOf: Mistake });
  t.regex(error?.message ?? '', /is not a report of sstp-audit: one of its targets has two names$/);
});

test('a file that is not there is a mistake', (t) => {
  t.throws(() => openReport('/nonexistent/report.json', schema), {
    instanceOf: Mistake,
    message: /report\.json cannot be read: there is no such file/,
  });
});

for (const [name, broken] of [
  ['of no form', { check: 1 }],
  ['with a status of its own', { ...sample().results[0], status: 'skipped' }],
  ['that is unknown without a reason', { ...sample().results[0], status: 'unknown' }],
] as const)
  test(`a result ${name} is a mistake when it is read`, async (t) => {
    const opened = await open(JSON.stringify({ ...sample(), results: [broken] }));
    t.throws(() => [...opened.slots()].map((slot) => slot.read()), {
      instanceOf: Mistake,
      message: /is not a report of sstp-audit: a result/,
    });
  });

test('lists are found in pieces of any size as in the whole', (t) => {
  const value = fc.json({ maxDepth: 4, stringUnit: anyCharacter });
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.array(fc.oneof(fc.object(), fc.array(fc.string()))), { maxKeys: 4 }),
      value,
      fc.integer({ min: 1, max: 9 }),
      (lists, other, size) => {
        const text = `{"other":${other},${JSON.stringify(lists).slice(1)}`.replace(/,\}$/, '}');
        const bytes = Buffer.from(text);
        const scan = newScan();
        for (let at = 0; at < bytes.length; at += size) take(scan, bytes.subarray(at, at + size));
        const found = listsOf(scan) ?? [];
        const named = Object.fromEntries(
          found.map(({ name, elements }) => [
            JSON.parse(bytes.subarray(name.start, name.end).toString()),
            elements.flatMap((start, at) =>
              at % 2 === 0 ? [JSON.parse(bytes.subarray(start, elements[at + 1]).toString())] : [],
            ),
          ]),
        );
        const { other: _, ...expected } = JSON.parse(text);
        delete named['other'];
        t.deepEqual(named, expected);
      },
    ),
    { numRuns: 400 },
  );
});

for (const [name, report, sizes] of [
  ['a report', sample(), [1, 2, 7, 20, 21, 22, 42, 61]],
  ['a report of servers that lie', hostile(sample()), [4_096, 1_048_576]],
] as const)
  test(`${name} that is set as ours has the same lists as by looking at every byte, in pieces of any size`, (t) => {
    const bytes = Buffer.from(textOf(report));
    const scan = newScan();
    take(scan, bytes);
    const nameOf = ({ name }: { name: { start: number; end: number } }) => bytes.toString('utf8', name.start, name.end);
    const wanted = (listsOf(scan) ?? []).filter((list) => ['"targets"', '"results"'].includes(nameOf(list)));
    t.is(wanted.length, 2);
    for (const size of sizes) {
      const ours = newOurs();
      for (let at = 0; at < bytes.length; at += size) takeOurs(ours, bytes.subarray(at, at + size));
      t.deepEqual(listsOfOurs(ours), wanted, `pieces of ${size}`);
    }
  });

for (const indent of [0, 1, 3, 4, '\t'])
  test(`a report that is set in another way, by ${JSON.stringify(indent)}, is not taken for ours`, (t) => {
    const ours = newOurs();
    takeOurs(ours, Buffer.from(JSON.stringify(sample(), undefined, indent)));
    t.is(listsOfOurs(ours), undefined);
  });
