import test from 'ava';
import type { Report } from '../../engine/model.ts';
import { markdown } from '../../reporters/markdown.ts';
import { golden } from './golden.ts';
import { counted, fleet, hostile, sample } from './sample.ts';

const write = (report: Report): string => [...markdown(report, { colour: false, width: 80 })].join('');

test('people have read the summary', (t) => golden(t, 'summary.md', write(sample())));
test('people have read the Japanese summary', (t) => golden(t, 'summary.ja.md', write(sample('ja'))));

test('it says first what came out, and why', (t) => {
  t.regex(write(sample()), /^SSTP server audit: Failed\n=+\n\nexit code 1: 2 results failed\n/);
  t.regex(write({ ...sample(), exitCode: 3, exitReason: '7 results unknown' }), /^SSTP server audit: Could not tell\n/);
});

test('a softened verdict says so', (t) => {
  const text = write({ ...sample(), exitCode: 0, gate: { failOn: 'high', allowUnknown: true } });
  t.regex(text, /- gate: failures below high do not count \(--fail-on\); what is unknown does not count/);
  t.notRegex(write(sample()), /do(es)? not count/);
});

test('a few failures have a row each; many are told check by check with some of the servers', (t) => {
  t.regex(
    write(sample()),
    /\| critical \| <code>sstp\/certificate-hash<\/code> \| <code>vpn02\.example\.com<\/code> \| <code>0\.0\.0\.0:443: the listener .*<\/code> \(\+1\) \|/,
  );
  t.regex(
    write(fleet(100, 10)),
    /\| high \| <code>area\/check-3<\/code> \| 10 \| <code>vpn7<\/code>, <code>vpn17<\/code>, .*, 5 more \| <code>/,
  );
});

test('what is unknown has a heading of its own with its reasons; a server that was not reached is told once', (t) => {
  const text = write(sample());
  t.regex(text, /\n\? UNKNOWN \(7\)\n-+\n\nnot reached: 5\n/);
  t.regex(text, /\| denied: <code>wevtutil/);
  t.is(text.split('No route to host').length - 1, 1);
  t.regex(text, /Not reached \(1\)\n-+\n[\s\S]*<code>vpn04\.example\.com<\/code> \| unreachable \|/);
});

test('what failed is mended in a part that folds', (t) => {
  const [, folded = ''] = write(sample()).split('<details>');
  t.regex(folded, /1\. Open Routing/);
  t.notRegex(folded, /Request a certificate/, 'only what failed');
});

test('a report without results says so', (t) => {
  t.regex(write(counted({ ...sample(), results: [], targets: [], waivers: [] })), /nothing was judged/);
});

test('a summary stays one, whatever the size of the fleet and whatever fails', (t) => {
  const all = fleet(2_000, 60);
  const results = all.results.map((one, at) => ({
    ...one,
    status: at % 2 ? ('fail' as const) : ('unknown' as const),
    reason: 'denied' as const,
  }));
  const targets = all.targets.map((one, at) => ({ ...one, reached: at % 3 > 0 }));
  t.true(Buffer.byteLength(write(counted({ ...all, results, targets }))) < 262_144);
});

test('a run that is compared with a baseline says with which', (t) => {
  const gate = { failOn: 'low', allowUnknown: false, baseline: { file: 'march.json', sha256: 'ab12' } } as const;
  t.regex([...markdown({ ...sample(), gate }, { colour: false, width: 80 })].join(''), /--baseline march\.json/);
});

test('GitHub shows the summary, whatever a fleet of servers is named and says', (t) => {
  const all = fleet(300, 60);
  const targets = all.targets.map((one, at) => ({ ...one, reached: at % 3 > 0 }));
  const results = all.results.map((one, at) => ({
    ...one,
    ...(at % 2 === 0 && { status: 'unknown' as const, findings: [], reason: 'denied' as const, detail: '' }),
  }));
  const waivers = Array.from({ length: 300 }, () => sample().waivers).flat();
  const lies = hostile(counted({ ...all, targets, results, waivers }), (what) => `${'*|`<>'.repeat(90)}${what}`);
  t.true(Buffer.byteLength(write(lies)) < 1_048_576);
});
