import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import {
  type CheckNote,
  type EvidenceNote,
  type Finding,
  LANGUAGES,
  REASONS,
  type Report,
  type Result,
  SEVERITIES,
  STATUSES,
  type TargetNote,
  type Waiver,
} from '../../engine/model.ts';
import { json, jsonPieces } from '../../reporters/json.ts';
import schema from '../../reporters/report.schema.json' with { type: 'json' };
import { golden } from './golden.ts';
import { fleet, hostile, sample } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (report: Report): string => [...json(report, ANY)].join('');
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  schema,
);

test('people have read the report', (t) => golden(t, 'report.json', write(sample())));

test('the report comes back as it was', (t) => {
  for (const report of [sample(), sample('ja'), { ...sample(), results: [], waivers: [], targets: [] }])
    t.deepEqual(JSON.parse(write(report)), report);
});

test('the text is what JSON.stringify prints, in reading order', (t) => {
  const text = write(sample());
  t.is(text, `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`);
});

test('the order of the fields does not depend on how the report was made', (t) => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, inner]) => [key, turned(inner)]),
    );
  };
  t.is(write(turned(sample()) as Report), write(sample()));
});

test('a field that this version does not know is kept', (t) => {
  const report = { ...sample(), later: { a: [1, { b: 2 }] } };
  t.deepEqual(JSON.parse(write(report)), report);
});

test('reports are valid by the published schema', (t) => {
  for (const report of [sample(), sample('ja'), hostile(sample()), { ...sample(), later: 1 }])
    t.true(validate(JSON.parse(write(report))), JSON.stringify(validate.errors));
});

const broken = test.macro((t, breaking: (report: Report) => unknown) => t.false(validate(breaking(sample()))));
test('the schema refuses another format', broken, (report) => ({ ...report, format: 'sstp-audit/report/2' }));
test('the schema refuses a report without results', broken, ({ results, ...rest }) => rest);
test('the schema refuses a status of its own', broken, (report) => ({
  ...report,
  results: report.results.map((result) => ({ ...result, status: 'skipped' })),
}));
test('the schema refuses what is unknown without a reason', broken, (report) => ({
  ...report,
  results: report.results.map(({ reason, ...result }) => ({ ...result, status: 'unknown', detail: '' })),
}));
test('the schema refuses a time that is no instant', broken, (report) => ({ ...report, startedAt: 'yesterday' }));
test('the schema refuses a waiver without a state', broken, (report) => ({
  ...report,
  waivers: report.waivers.map(({ state, ...waiver }) => waiver),
}));

test('the schema has the words of the model', (t) => {
  const { $defs, properties } = schema;
  t.deepEqual($defs.severity.enum, [...SEVERITIES]);
  t.deepEqual($defs.status.enum, [...STATUSES]);
  t.deepEqual($defs.reason.enum, Object.keys(REASONS));
  t.deepEqual(properties.language.enum, [...LANGUAGES]);
});

/** Every field of a type, and whether it is always there: the compiler refuses one too many, too few, or misjudged. */
type Fields<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? false : true };
type Described = Readonly<{ required: readonly string[]; properties: Readonly<Record<string, unknown>> }>;

const fields = test.macro((t, described: Described, expected: Readonly<Record<string, boolean>>) => {
  t.deepEqual(Object.keys(described.properties).toSorted(), Object.keys(expected).toSorted());
  const always = Object.keys(expected).filter((key) => expected[key]);
  t.deepEqual([...described.required].toSorted(), always.toSorted());
});
const { $defs, properties } = schema;
const note = {
  id: true,
  title: true,
  why: true,
  fix: true,
  references: true,
  situations: true,
  clientErrors: true,
} as const;
const place = { name: true, address: true, tags: true, os: true, reached: true, reason: false, detail: false } as const;
const judged = { check: true, target: true, severity: true, status: true, findings: true, evidence: true } as const;
const when = { startedAt: true, tookMs: true } as const;
const about = { format: true, language: true, tool: true, profile: true, startedAt: true, finishedAt: true } as const;
const verdict = { exitCode: true, exitReason: true, gate: true, summary: true } as const;
const excused = {
  check: true,
  target: true,
  tags: false,
  subject: true,
  actual: false,
  until: true,
  because: true,
  approvedBy: true,
  file: false,
} as const;
const said = { verdict: true, subject: false, message: true, expected: false, actual: false, reason: false } as const;

test('the schema has every field of a report', fields, schema, {
  ...about,
  ...verdict,
  targets: true,
  checks: true,
  results: true,
  waivers: true,
  auditor: false,
  waiverFiles: false,
  checkFiles: false,
} satisfies Fields<Report>);
test('the schema has every field of a target', fields, $defs.target, {
  ...place,
  ...when,
  evidence: true,
} satisfies Fields<TargetNote>);
test('the schema has every field of a check', fields, $defs.check, note satisfies Fields<CheckNote>);
test('the schema has every field of a result', fields, $defs.result, {
  ...judged,
  expected: false,
  reason: false,
  detail: false,
  waiver: false,
} satisfies Fields<Result>);
test('the schema has every field of a finding', fields, $defs.finding, said satisfies Fields<Finding>);
test('the schema has every field of a waiver', fields, $defs.waiver, excused satisfies Fields<Waiver>);
test('the schema has every field of evidence', fields, $defs.evidence, {
  id: true,
  command: true,
  exitCode: true,
  ...when,
  complete: true,
  sha256: true,
  excerpt: false,
} satisfies Fields<EvidenceNote>);
test('the schema has every field of the profile', fields, properties.profile, {
  id: true,
  version: true,
  title: true,
  sha256: true,
} satisfies Fields<Report['profile']>);
test('the schema has every field of the summary', fields, properties.summary, {
  targets: true,
  fail: true,
  unknown: true,
  waived: true,
  inapplicable: true,
  pass: true,
} satisfies Fields<Report['summary']>);
test('the schema has every field of the tool', fields, properties.tool, { name: true, version: true } satisfies Fields<
  Report['tool']
>);
test('the schema has every field of the gate', fields, properties.gate, {
  failOn: true,
  allowUnknown: true,
  baseline: false,
} satisfies Fields<Report['gate']>);
test('the schema has every field of the auditor', fields, $defs.auditor, { account: true, host: true } satisfies Fields<
  NonNullable<Report['auditor']>
>);
test('the schema has every field of a file', fields, $defs.file, { file: true, sha256: true } satisfies Fields<
  NonNullable<Report['waiverFiles']>[number]
>);

test('the schema describes everything and closes nothing', (t) => {
  const walk = (value: unknown, path: string): void => {
    if (value === null || typeof value !== 'object') return;
    t.false(Object.hasOwn(value, 'additionalProperties'), path);
    for (const [key, inner] of Object.entries(value)) {
      const described = typeof inner === 'object' && inner !== null && 'description' in inner;
      if (/(properties|\$defs)$/.test(path) && !path.includes('/if')) t.true(described, `${path}/${key}`);
      walk(inner, `${path}/${key}`);
    }
  };
  walk(schema, '');
});

test('a fleet comes in pieces, never as a whole', (t) => {
  let count = 0;
  for (const piece of json(fleet(2_000, 30), ANY)) {
    count += 1;
    if (piece.length > 16_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.true(count > 62_000);
});

test('no field is lost for its name', (t) => {
  const odd = '{"__proto__":{"x":1},"a\\u0000b":2,"c":3,"10":4,"constructor":5}';
  const alike = ['{"a":1,"b":2,"c":3}', '{"a\\u0000b":4,"c":5}', '{"a":6,"b\\u0000c":7}'];
  for (const text of [odd, ...alike, ...alike.toReversed()])
    t.deepEqual(JSON.parse([...jsonPieces({ results: [JSON.parse(text)] })].join('')), { results: [JSON.parse(text)] });
});
