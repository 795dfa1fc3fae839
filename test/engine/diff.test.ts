/** Two audits side by side: every bucket by hand, and what holds of all comparisons. */
import test from 'ava';
import type { Bucket, Why } from '../../engine/comparison.ts';
import { type Difference, diff } from '../../engine/diff.ts';
import type { Result } from '../../engine/model.ts';
import { fail, inapplicable, pass, reportOf, side, told, unknown, waived } from './diff-cases.ts';

const between = (before: readonly Result[], after: readonly Result[]): Difference =>
  diff(side(reportOf(before)), side(reportOf(after)));

type Expected = Readonly<{ bucket: Bucket; why?: Why; worse?: true; subjects?: Readonly<Record<string, Bucket>> }>;

/** One result on each side, and where it lands. Without subjects, the one subject is in the bucket of the result. */
const TABLE: Readonly<Record<string, readonly [before: Result, after: Result, Expected]>> = {
  'what passed and passes': [told([pass('A')]), told([pass('A')]), { bucket: 'unchanged' }],
  'what passed and fails': [told([pass('A')]), told([fail('A')]), { bucket: 'regressed', worse: true }],
  'what failed and passes': [told([fail('A')]), told([pass('A')]), { bucket: 'fixed' }],
  'what failed and fails': [told([fail('A')]), told([fail('A')]), { bucket: 'still-failing' }],
  'another value that passes': [
    told([pass('A', 'port 443')]),
    told([pass('A', 'port 8443')]),
    { bucket: 'evidence-changed' },
  ],
  'another value that fails': [
    told([fail('A', 'off', { actual: '1' })]),
    told([fail('A', 'off', { actual: '2' })]),
    { bucket: 'evidence-changed' },
  ],
  'days and process numbers only': [
    told([pass('A', 'valid for 214 more days', { actual: '214 days' }), pass('B', 'process 4711 listens')]),
    told([pass('A', 'valid for 213 more days', { actual: '213 days' }), pass('B', 'process 99 listens')]),
    { bucket: 'unchanged' },
  ],
  'what passed and is unknown': [told([pass('A')]), unknown(), { bucket: 'became-unknown' }],
  'what failed and is unknown, which is not fixed': [told([fail('A')]), unknown(), { bucket: 'became-unknown' }],
  'what was waived and is unknown': [waived([fail('A')]), unknown(), { bucket: 'became-unknown' }],
  'what did not apply and is unknown': [told([inapplicable()]), unknown(), { bucket: 'became-unknown' }],
  'what was unknown and passes': [unknown(), told([pass('A')]), { bucket: 'not-compared', why: 'unknown-before' }],
  'what was unknown and fails': [
    unknown(),
    told([fail('A')]),
    { bucket: 'not-compared', why: 'unknown-before', worse: true },
  ],
  'what was unknown and is waived': [unknown(), waived([fail('A')]), { bucket: 'not-compared', why: 'unknown-before' }],
  'what was and is unknown': [unknown('denied'), unknown('cut off'), { bucket: 'not-compared', why: 'unknown-both' }],
  'a subject that failed and is unknown, beside one that fails': [
    told([fail('A'), fail('B')]),
    told([{ ...fail('A'), verdict: 'unknown', reason: 'absent' }, fail('B')]),
    { bucket: 'became-unknown', subjects: { A: 'became-unknown', B: 'still-failing' } },
  ],
  'a subject that was unknown and passes, beside one that fails': [
    told([{ ...pass('A'), verdict: 'unknown', reason: 'absent' }, fail('B')]),
    told([pass('A'), fail('B')]),
    { bucket: 'still-failing', subjects: { A: 'not-compared', B: 'still-failing' } },
  ],
  'what did not and does not apply': [told([inapplicable()]), told([inapplicable()]), { bucket: 'unchanged' }],
  'what did not apply and passes': [
    told([inapplicable()]),
    told([pass('A')]),
    { bucket: 'not-compared', why: 'inapplicable-before' },
  ],
  'what did not apply and fails': [
    told([inapplicable()]),
    told([fail('A')]),
    { bucket: 'not-compared', why: 'inapplicable-before', worse: true },
  ],
  'what failed and does not apply, which is not fixed': [
    told([fail('A')]),
    told([inapplicable()]),
    { bucket: 'not-compared', why: 'inapplicable-after' },
  ],
  'what failed and is waived': [told([fail('A')]), waived([fail('A')]), { bucket: 'waiver-changed' }],
  'what was waived and fails': [waived([fail('A')]), told([fail('A')]), { bucket: 'waiver-changed', worse: true }],
  'what passed, and is broken with leave': [told([pass('A')]), waived([fail('A')]), { bucket: 'waiver-changed' }],
  'what was waived and passes': [waived([fail('A')]), told([pass('A')]), { bucket: 'waiver-changed' }],
  'what is waived by the same waiver': [waived([fail('A')]), waived([fail('A')]), { bucket: 'unchanged' }],
  'what is waived by a waiver that moved to another file': [
    waived([fail('A')]),
    waived([fail('A')], { waiver: { ...waived([]).waiver, file: 'w.yaml' } as never }),
    { bucket: 'unchanged' },
  ],
  'what is waived for longer': [
    waived([fail('A')]),
    waived([fail('A')], { waiver: { ...waived([]).waiver, until: '2027-12-31T23:59:59.999Z' } as never }),
    { bucket: 'waiver-changed' },
  ],
  'what is waived with another value': [
    waived([fail('A', 'off', { actual: '1' })]),
    waived([fail('A', 'off', { actual: '2' })]),
    { bucket: 'evidence-changed' },
  ],
  'a new subject that fails': [
    told([pass('A')]),
    told([pass('A'), fail('B')]),
    { bucket: 'regressed', worse: true, subjects: { B: 'regressed' } },
  ],
  'a new subject that fails, beside one that failed': [
    told([fail('A')]),
    told([fail('A'), fail('B')]),
    { bucket: 'regressed', worse: true, subjects: { A: 'still-failing', B: 'regressed' } },
  ],
  'one of two failing subjects is mended': [
    told([fail('A'), fail('B')]),
    told([fail('A'), pass('B')]),
    { bucket: 'still-failing', subjects: { A: 'still-failing', B: 'fixed' } },
  ],
  'one is mended, another one breaks': [
    told([fail('A'), pass('B')]),
    told([pass('A'), fail('B')]),
    { bucket: 'regressed', worse: true, subjects: { A: 'fixed', B: 'regressed' } },
  ],
  'a new subject that passes': [
    told([pass('A')]),
    told([pass('A'), pass('B')]),
    { bucket: 'added', why: 'subject', subjects: { B: 'added' } },
  ],
  'a subject that passed is gone': [
    told([pass('A'), pass('B')]),
    told([pass('A')]),
    { bucket: 'removed', why: 'subject', subjects: { B: 'removed' } },
  ],
  'a subject that failed is gone': [
    told([pass('A'), fail('B')]),
    told([pass('A')]),
    { bucket: 'fixed', subjects: { B: 'fixed' } },
  ],
  'nothing conflicted, and something does': [
    told([pass(undefined, 'nothing conflicts')]),
    told([fail('A'), pass('B')]),
    { bucket: 'regressed', worse: true, subjects: { A: 'regressed', B: 'evidence-changed' } },
  ],
  'something conflicted, and nothing does': [
    told([fail('A')]),
    told([pass(undefined, 'nothing conflicts')]),
    { bucket: 'fixed', subjects: { A: 'fixed' } },
  ],
  'the whole is spoken of on both sides, a subject on one': [
    told([pass(undefined, 'no error'), fail('A')]),
    told([pass(undefined, 'no error')]),
    { bucket: 'fixed', subjects: { A: 'fixed' } },
  ],
  'the same subject moved to another name': [
    told([pass('0.0.0.0:443')]),
    told([fail('0.0.0.0:4443')]),
    { bucket: 'regressed', worse: true, subjects: { '0.0.0.0:4443': 'regressed', '0.0.0.0:443': 'removed' } },
  ],
  'a subject with two findings is as bad as the worse one': [
    told([pass('A'), fail('A', 'and broken')]),
    told([pass('A'), pass('A', 'and whole')]),
    { bucket: 'fixed', subjects: { A: 'fixed' } },
  ],
  'more is expected, and it fails': [
    told([pass('A', 'ok', { actual: '40' })], { expected: { minimumDays: 30 } }),
    told([fail('A', 'too few', { actual: '40' })], { expected: { minimumDays: 45 } }),
    { bucket: 'profile-changed', worse: true },
  ],
  'less is expected, and it passes, which is not fixed': [
    told([fail('A'), pass('B')], { expected: { names: ['A', 'B'] } }),
    told([pass('B')], { expected: { names: ['B'] } }),
    { bucket: 'profile-changed', subjects: { A: 'profile-changed' } },
  ],
  'the same is expected in another order': [
    told([pass('A')], { expected: { a: 1, b: 2 } }),
    told([fail('A')], { expected: { b: 2, a: 1 } }),
    { bucket: 'regressed', worse: true },
  ],
  'another thing is expected, and all is as it was': [
    told([pass('A')], { expected: { days: 7 } }),
    told([pass('A')], { expected: { days: 8 } }),
    { bucket: 'unchanged' },
  ],
  'a report that does not say what was expected': [
    told([pass('A')]),
    told([fail('A')], { expected: { days: 8 } }),
    { bucket: 'regressed', worse: true },
  ],
  'it counts for more than it did': [
    told([fail('A')], { severity: 'low' }),
    told([fail('A')], { severity: 'high' }),
    { bucket: 'profile-changed' },
  ],
};

for (const [name, [before, after, expected]] of Object.entries(TABLE))
  test(`${name}: ${expected.bucket}`, (t) => {
    const { summary, changes, compared } = between([before], [after]);
    t.is(compared, 1);
    t.deepEqual(
      Object.entries(summary).filter(([, count]) => count > 0),
      [[expected.bucket, 1]],
    );
    const [change] = changes;
    if (expected.bucket === 'unchanged') return t.is(change, undefined);
    t.like(change, { bucket: expected.bucket, worse: expected.worse === true, target: 'vpn01', check: 'area/check' });
    t.is(change?.why, expected.why);
    const subjects = change?.subjects.map(({ subject = '', bucket }) => [subject, bucket]) ?? [];
    if (expected.subjects) t.deepEqual(Object.fromEntries(subjects), expected.subjects);
    else t.true(subjects.every(([, bucket]) => bucket === expected.bucket));
  });

test('a server on one side only is added or removed, as a whole', (t) => {
  const here = [told([pass('A')]), told([fail('B')], { check: 'area/other' })];
  const there = here.map((result) => ({ ...result, target: 'vpn02' }));
  const added = between(here, [...here, ...there]);
  t.like(added.summary, { added: 2, unchanged: 1, 'still-failing': 1 });
  t.deepEqual(
    added.changes.filter(({ bucket }) => bucket === 'added').map(({ target, why, worse }) => [target, why, worse]),
    [
      ['vpn02', 'server', false],
      ['vpn02', 'server', true],
    ],
    'what fails on a new server did not fail before',
  );
  const removed = between([...there, ...here], here);
  t.like(removed.summary, { removed: 2, unchanged: 1, 'still-failing': 1 });
  t.true(removed.changes.every(({ why, worse }) => why !== 'check' && !worse));
});

test('a server whose name is spelled in another case is the same, and has one name: that of the later audit', (t) => {
  const [kept, gone] = [told([fail('A')]), told([fail('A')], { check: 'area/gone' })];
  const { changes, servers, summary } = between(
    [kept, gone].map((result) => ({ ...result, target: 'VPN01' })),
    [kept],
  );
  t.like(summary, { 'still-failing': 1, removed: 1 });
  t.deepEqual(
    changes.map(({ target, why }) => [target, why]),
    [
      ['vpn01', undefined],
      ['vpn01', 'check'],
    ],
  );
  t.like(servers, [
    { name: 'vpn01', before: { address: 'ssh://auditor@VPN01' }, after: { address: 'ssh://auditor@vpn01' } },
  ]);
});

test('a check on one side only is added or removed on every server', (t) => {
  const before = ['vpn01', 'vpn02', 'vpn03'].map((target) => told([pass('A')], { target }));
  const after = before.flatMap((result) => [told([pass()], { target: result.target, check: 'area/new' }), result]);
  t.like(between(before, after).summary, { added: 3, unchanged: 3 });
  t.true(between(before, after).changes.every(({ why }) => why === 'check'));
  t.like(between(after, before).summary, { removed: 3, unchanged: 3 });
});

test('what was told before and after is counted', (t) => {
  const { coverage } = between(
    [told([pass()]), told([pass()], { check: 'b/b' }), unknown('x', { check: 'c/c' })],
    [told([pass()]), unknown('x', { check: 'b/b' })],
  );
  t.deepEqual(coverage, { before: { results: 3, told: 2 }, after: { results: 2, told: 1 } });
});

test('a change carries both answers by what was asked, its servers and its checks', (t) => {
  const [before, after] = [reportOf([told([pass('A')])]), reportOf([told([fail('A')])])];
  const other = 'b'.repeat(64);
  const [note] = after.targets;
  const answered = {
    ...after,
    targets: note ? [{ ...note, os: null, evidence: note.evidence.map((one) => ({ ...one, sha256: other })) }] : [],
  };
  const { changes, servers, checks } = diff(side(before), side(answered));
  t.deepEqual(changes[0]?.evidence, [
    {
      command: 'sc.exe query RemoteAccess',
      before: { id: '001', sha256: 'a'.repeat(64) },
      after: { id: '001', sha256: other },
    },
  ]);
  t.like(servers[0], { name: 'vpn01', before: { os: 'Windows Server 2022' }, after: { os: null } });
  t.deepEqual(
    checks.map(({ id }) => id),
    ['area/check'],
  );
});

test('another profile or another version is told', (t) => {
  const report = reportOf([told([pass()])]);
  const other = {
    ...report,
    profile: { ...report.profile, sha256: 'b'.repeat(64) },
    tool: { ...report.tool, version: '9.9.9' },
  };
  t.deepEqual(diff(side(report), side(report)).differs, []);
  t.deepEqual(diff(side(report), side(other)).differs, ['profile', 'tool']);
});
