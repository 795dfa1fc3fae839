/** A fleet of recorded servers, judged and reported in every form: how long it takes, how much memory, how large the reports are. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordFleet } from './fleet-recordings.ts';
import { demand, MAIN, PEAK, peakOf, run, seconds, table } from './measure.ts';
import { NAMES, PROFILE } from './recorded.ts';

const GOAL_MB = 500;
/** JUnit in all details, in files that GitLab reads; HTML, CSV and JSON as they are. */
const FORMS: Readonly<Record<string, string>> = {
  json: 'report.json',
  'junit,split=25MB': 'junit.xml',
  csv: 'report.csv',
  html: 'report.html',
  markdown: 'summary.md',
};

export type ReportsBench = Readonly<{ servers: number }>;

/** Judges the fleet once and reports it in every form, and prints what that took. */
export const benchReports = async ({ servers }: ReportsBench): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-bench-'));
  try {
    await recordFleet(folder, servers);
    const { ms, memory, sizes } = await measured(folder, servers);
    console.log(`\n${servers} recorded servers, judged and reported in every form at once:\n`);
    console.log(
      table(
        ['', 'took', 'goal'],
        [
          ['time', seconds(ms), ''],
          ['peak memory', megabytes(memory), `${GOAL_MB} MB`],
        ],
      ),
    );
    console.log(
      `\n${table(
        ['report', 'size'],
        sizes.map(([form, size]) => [form, megabytes(size)]),
      )}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

type Measured = Readonly<{ ms: number; memory: number; sizes: readonly (readonly [string, number])[] }>;

const measured = async (folder: string, servers: number): Promise<Measured> => {
  const out = path.join(folder, 'out');
  const reports = Object.entries(FORMS).flatMap(([form, file]) => ['-r', `${form}:${path.join(out, file)}`]);
  const judging = ['-p', PROFILE, '--input', `publicNames=${NAMES}`, ...reports];
  const ran = await run(process.execPath, [PEAK, MAIN, 'judge', path.join(folder, 'servers'), ...judging], {
    log: path.join(folder, 'log'),
  });
  await demand(ran.exitCode === 1, 'judging and reporting', ran);
  if (!(await isWhole(path.join(out, FORMS['json'] ?? ''), servers)))
    throw new Error('the JSON report is not about every server');
  const sizes: [string, number][] = [];
  for (const [form, file] of Object.entries(FORMS)) sizes.push([form, await sizeOf(out, file)]);
  return { ms: ran.ms, memory: (await peakOf(ran)) * 1_024, sizes };
};

/** Its head and its summary: the whole is too large to be worth parsing. */
const isWhole = async (file: string, servers: number): Promise<boolean> =>
  (await readFile(file, 'latin1')).includes(`"summary": {\n    "targets": ${servers},`);

/** A report in several files has a number in each name. */
const sizeOf = async (out: string, file: string): Promise<number> => {
  const { name, ext } = path.parse(file);
  let size = await bytesOf(path.join(out, file));
  for (let number = 1; ; number++) {
    const more = await bytesOf(path.join(out, `${name}-${String(number).padStart(3, '0')}${ext}`));
    if (more === 0) return size;
    size += more;
  }
};

const bytesOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
