/** What an auditor needs of every report: by which profile it was judged, and when the servers were asked. */
import test from 'ava';
import { reporters } from '../../reporters/index.ts';
import { sample } from './sample.ts';

/** Evidence of June that was judged in November. */
const kept = () => {
  const report = sample();
  return { ...report, targets: report.targets.map((target) => ({ ...target, startedAt: '2026-06-01T09:30:00.000Z' })) };
};

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

for (const name of ['cli', 'markdown'] as const)
  test(`${name} does not say when a server was asked that never was`, async (t) => {
    const report = kept();
    const unasked = { ...report, targets: report.targets.map((target) => ({ ...target, evidence: [] })) };
    const text = [...(await reporters[name]())(unasked, { colour: false, width: 80 })].join('');
    t.notRegex(text, /2026-06-01/);
  });
