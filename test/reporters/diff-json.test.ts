import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import {
  type Answer,
  type AnswerPair,
  BUCKETS,
  type Change,
  type Comparison,
  type Coverage,
  FAIL_ON,
  type ResultNote,
  type ServerNote,
  type ServerPair,
  type SideNote,
  type State,
  type SubjectChange,
  WHYS,
} from '../../engine/comparison.ts';
import { diffJson } from '../../reporters/diff/json.ts';
import schema from '../../reporters/diff.schema.json' with { type: 'json' };
import reportSchema from '../../reporters/report.schema.json' with { type: 'json' };
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { golden } from './golden.ts';
import { hostile } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (comparison: Comparison): string => [...diffJson(comparison, ANY)].join('');
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  schema,
);
const [before, after] = twoReports();

test('people have read the comparison', (t) => golden(t, 'diff.json', write(diffSample())));

test('the comparison comes back as it was', (t) => {
  for (const one of [diffSample(), diffSample('ja'), compared([before, before])])
    t.deepEqual(JSON.parse(write(one)), one);
});

test('comparisons are valid by the published schema', (t) => {
  for (const one of [
    diffSample(),
    diffSample('ja'),
    compared([hostile(before), hostile(after)]),
    { ...diffSample(), later: 1 },
  ])
    t.true(validate(JSON.parse(write(one))), JSON.stringify(validate.errors));
});

const broken = test.macro((t, breaking: (comparison: Comparison) => unknown) =>
  t.false(validate(breaking(diffSample()))),
);
test('the schema refuses a report', broken, () => before);
test('the schema refuses a bucket of its own', broken, (one) => ({
  ...one,
  changes: one.changes.map((change) => ({ ...change, bucket: 'better' })),
}));
test('the schema refuses a summary without a bucket', broken, ({ summary: { fixed, ...summary }, ...one }) => ({
  ...one,
  summary,
}));
test('the schema refuses a side without a hash', broken, (one) => ({
  ...one,
  before: { ...one.before, source: { kind: 'report', name: 'x' } },
}));

test('the schema has the words of the nouns', (t) => {
  const { $defs, properties } = schema;
  t.deepEqual($defs.bucket.enum, [...BUCKETS]);
  t.deepEqual($defs.why.enum, [...WHYS]);
  t.deepEqual(properties.summary.required, [...BUCKETS]);
  t.deepEqual(properties.gate.properties.failOn.enum, [...FAIL_ON]);
});

test('what reports and comparisons share is described alike', (t) => {
  const shared = Object.keys(schema.$defs).filter((name) => Object.hasOwn(reportSchema.$defs, name));
  t.true(shared.length > 10);
  for (const name of shared.filter((one) => one !== 'result'))
    t.deepEqual(Reflect.get(schema.$defs, name), Reflect.get(reportSchema.$defs, name), name);
  const { side } = schema.$defs;
  for (const name of ['tool', 'profile', 'gate', 'summary', 'waivers', 'waiverFiles'] as const)
    t.deepEqual(Reflect.get(side.properties, name), Reflect.get(reportSchema.properties, name), name);
});

/** Every field of a type, and whether it is always there: the compiler refuses one too many, too few, or misjudged. */
type Fields<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? false : true };
type Described = Readonly<{ required: readonly string[]; properties: Readonly<Record<string, unknown>> }>;
const fields = test.macro((t, described: Described, expected: Readonly<Record<string, boolean>>) => {
  t.deepEqual(Object.keys(described.properties).toSorted(), Object.keys(expected).toSorted());
  const always = Object.keys(expected).filter((key) => expected[key]);
  t.deepEqual([...described.required].toSorted(), always.toSorted());
});
const { $defs } = schema;
const judged = { bucket: true, why: false, worse: true, before: false, after: false } as const;
const pair = { before: false, after: false } as const;

test('the schema has every field of a comparison', fields, schema, {
  format: true,
  language: true,
  tool: true,
  auditor: false,
  madeAt: true,
  before: true,
  after: true,
  exitCode: true,
  exitReason: true,
  gate: true,
  differs: true,
  summary: true,
  coverage: true,
  servers: true,
  checks: true,
  changes: true,
} satisfies Fields<Comparison>);
test('the schema has every field of a side', fields, $defs.side, {
  source: true,
  tool: true,
  profile: true,
  auditor: false,
  startedAt: true,
  finishedAt: true,
  exitCode: true,
  exitReason: true,
  gate: false,
  summary: true,
  waivers: true,
  waiverFiles: false,
} satisfies Fields<SideNote>);
test('the schema has every field of a change', fields, $defs.change, {
  ...judged,
  target: true,
  check: true,
  severity: true,
  subjects: true,
  evidence: true,
} satisfies Fields<Change>);
test('the schema has every field of a subject', fields, $defs.subject, {
  ...judged,
  subject: false,
} satisfies Fields<SubjectChange>);
test('the schema has every field of a result', fields, $defs.result, {
  status: true,
  severity: true,
  expected: false,
  reason: false,
  detail: false,
  waiver: false,
} satisfies Fields<ResultNote>);
test('the schema has every field of a state', fields, $defs.state, {
  status: true,
  findings: true,
} satisfies Fields<State>);
test('the schema has every field of answers', fields, $defs.answers, {
  ...pair,
  command: true,
} satisfies Fields<AnswerPair>);
test('the schema has every field of an answer', fields, $defs.answer, {
  id: true,
  sha256: true,
} satisfies Fields<Answer>);
test('the schema has every field of a server', fields, $defs.server, {
  ...pair,
  name: true,
} satisfies Fields<ServerPair>);
test('the schema has every field of a server on one side', fields, $defs.serverNote, {
  address: true,
  os: true,
  reached: true,
  startedAt: true,
} satisfies Fields<ServerNote>);
test('the schema has every field of the coverage', fields, $defs.coverage, {
  results: true,
  told: true,
} satisfies Fields<Coverage>);
