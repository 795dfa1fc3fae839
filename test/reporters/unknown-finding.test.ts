/** A finding of which nothing could be told is told by every reporter. */
import { deflateSync } from 'node:zlib';
import test from 'ava';
import type { Finding, Report, Result } from '../../engine/model.ts';
import { type ReporterName, reporters } from '../../reporters/index.ts';
import { counted, fleet, sample } from './sample.ts';

const OPEN = 'nobody may look at the back door';
const front: Finding = { verdict: 'pass', subject: 'front', message: 'the front door is locked' };
const back: Finding = { verdict: 'unknown', reason: 'denied', subject: 'back', message: OPEN };
const side: Finding = { verdict: 'fail', subject: 'side', message: 'the side door is open' };

/** A report in which the first result is another one. */
const holding = (report: Report, result: Partial<Result>): Report => {
  const [first, ...rest] = report.results;
  return counted({ ...report, results: first ? [{ ...first, ...result }, ...rest] : [] });
};
const unknown = { status: 'unknown', reason: 'denied', detail: `back: ${OPEN}`, findings: [front, back] } as const;
const failed = { status: 'fail', findings: [front, back, side] } as const;
const written = async (name: ReporterName, report: Report): Promise<string> => {
  const options = { colour: false, width: 500, deflate: (bytes: Uint8Array) => deflateSync(bytes) };
  return [...(await reporters[name]())(report, options)].join('').replace(/\s+/g, ' ');
};

for (const name of Object.keys(reporters) as ReporterName[])
  test(`${name} tells of an unknown result what could not be told`, async (t) => {
    t.true((await written(name, holding(sample(), unknown))).includes(OPEN));
  });

for (const name of ['json', 'junit', 'html', 'csv'] as const)
  test(`${name} tells of a failed result what could not be told beside`, async (t) => {
    t.true((await written(name, holding(sample(), failed))).includes(OPEN));
  });

test('the page of a fleet keeps it in the data of its script', async (t) => {
  const page = [...(await reporters.html())(holding(fleet(60, 20), failed), { colour: false, width: 80 })].join('');
  const data = Array.from(page.matchAll(/data-packed="false">([^<]*)</g), ([, text = '']) =>
    Buffer.from(text, 'base64').toString('utf8'),
  );
  t.true(data.some((text) => text.includes(OPEN)));
});
