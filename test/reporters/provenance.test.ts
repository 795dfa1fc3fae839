/** What an auditor needs of every report: by which profile it was judged, and when the servers were asked. */
import test from 'ava';
import type { Report } from '../../engine/model.ts';
import { reporters } from '../../reporters/index.ts';
import { fleet, sample } from './sample.ts';

/** Evidence of June that was judged in November. */
const kept = (report: Report = sample()): Report => ({
  ...report,
  targets: report.targets.map((target, at) => ({ ...target, startedAt: `2026-06-01T09:3${at % 2}:00.000Z` })),
});

for (const [name, load] of Object.entries(reporters))
  test(`${name} tells the hash of the profile, and when the servers were asked`, async (t) => {
    const report = kept();
    const text = [...(await load())(report, { colour: false, width: 80 })].join('');
    t.true(text.includes(report.profile.sha256));
    t.regex(text, /2026-06-01[T ]09:30/);
  });

for (const name of ['cli', 'markdown', 'html', 'json'] as const)
  test(`${name} tells who ran the audit`, async (t) => {
    const text = [...(await reporters[name]())(sample(), { colour: false, width: 80 })].join('');
    t.regex(text, /svc-audit.*audit01/s);
  });

for (const [name, hashes] of [
  ['cli', false],
  ['markdown', true],
  ['html', true],
  ['json', true],
] as const)
  test(`${name} lists the user's own checks`, async (t) => {
    const checkFiles = ['ours/a.ts', 'ours/<b>.ts'].map((file) => ({ file, sha256: 'c0ffee'.padEnd(64, '0') }));
    const text = [...(await reporters[name]())({ ...sample(), checkFiles }, { colour: false, width: 80 })].join('');
    t.regex(text, /ours\/a\.ts.*ours\/(?:<|&#60;)b/s);
    t.is(text.includes('c0ffee'), hashes);
  });

for (const name of ['cli', 'markdown'] as const)
  test(`${name} does not say when a server was asked that never was`, async (t) => {
    const report = kept();
    const unasked = { ...report, targets: report.targets.map((target) => ({ ...target, evidence: [] })) };
    const text = [...(await reporters[name]())(unasked, { colour: false, width: 80 })].join('');
    t.notRegex(text, /2026-06-01/);
  });

test('the page of a fleet tells at its head when the first and the last server were asked', async (t) => {
  const text = [...(await reporters.html())(kept(fleet(60, 2)), { colour: false, width: 80 })].join('');
  const [head = ''] = text.split('</header>');
  t.regex(head, /2026-06-01 09:30:00 UTC<\/time> – <time [^>]*>2026-06-01 09:31:00 UTC/);
});
