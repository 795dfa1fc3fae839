/** Proves, without a network, that kept evidence is as it was sealed, and that it is what a report was judged from. */
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { harmless } from '../../reporters/json.ts';
import schema from '../../reporters/report.schema.json' with { type: 'json' };
import { cut, NAME_LIMIT, VALUE_LIMIT } from '../../reporters/text.ts';
import { RECORDED } from '../evidence/address.ts';
import { isFolderOf, type Standing, standingOf } from '../evidence/verify.ts';
import { Mistake } from '../mistake.ts';
import type { Language } from '../model.ts';
import { printable } from '../printable.ts';
import { type OpenReport, openReport } from '../report/read.ts';
import { serverKey } from '../server-name.ts';
import { stoppedBy } from './exit-code.ts';
import { foldersIn } from './targets.ts';
import { tellExit } from './terminal.ts';
import { ENDS, missingRow, type Row, reportedRow, rowOf, verdictOf } from './verify/row.ts';
import { WORDS } from './verify/words.ts';
import { version } from './version.ts';
import { writeStandardOutput } from './write-out.ts';

type VerifyOptions = Readonly<{ report?: string; lang: Language; json: boolean }>;

/** Tells each server as soon as it is known, and gives the exit code. Throws Mistake for what is no evidence or no report. */
export const verify = async (
  named: readonly string[],
  { report: file, lang, json }: VerifyOptions,
  stop: AbortSignal,
): Promise<number> => {
  const folders = await foldersOf(named);
  const report = file === undefined ? undefined : openReport(file, schema, 'name a report that -r json:FILE wrote');
  const tell = (line: string): void => void (json || process.stdout.write(`${printable(line)}\n`));
  const rows: Row[] = [];
  try {
    if (report) tell(headLine(report, lang));
    for await (const row of rowsOf(folders, report, stop)) {
      rows.push(row);
      tell(lineOf(row, lang));
    }
  } finally {
    report?.close();
  }
  const verdict = stoppedBy(stop, verdictOf(rows, report !== undefined));
  if (json)
    await writeStandardOutput([`${harmless(JSON.stringify(documentOf(rows, report, verdict), undefined, 2))}\n`]);
  tellExit(verdict, []);
  return verdict.exitCode;
};

const foldersOf = async (named: readonly string[]): Promise<readonly string[]> => {
  const folders = new Map<string, string>();
  for (const name of named)
    for (const folder of await foldersIn(name.startsWith(RECORDED) ? name.slice(RECORDED.length) : name)) {
      const place = path.resolve(folder);
      if (folders.has(place)) throw new Mistake(printable(`${folder} is named twice`), 'name each folder once');
      folders.set(place, folder);
    }
  return [...folders.values()];
};

/** Every folder, and then the servers of the report whose folder was not met. */
const rowsOf = async function* (
  folders: readonly string[],
  report: OpenReport | undefined,
  stop: AbortSignal,
): AsyncIterable<Row> {
  const met = new Set<string>();
  // One after another: their bytes together may be more than memory holds.
  for (const folder of folders) {
    // To read them takes no turn of its own, and a signal wants one.
    await turn();
    if (stop.aborted) return;
    const row = await rowIn(folder, report);
    met.add(serverKey(row.server));
    yield row;
  }
  if (report) yield* missingRows(report, met);
};

const rowIn = async (folder: string, report: OpenReport | undefined): Promise<Row> => {
  const standing = await standingOf(folder);
  if (!report) return rowOf(standing);
  const server = serverOf(standing, report);
  return reportedRow({ ...standing, server }, report.targetOf(server));
};

const missingRows = function* ({ servers, targetOf }: OpenReport, met: ReadonlySet<string>): Iterable<Row> {
  for (const [key, name] of servers) {
    const note = met.has(key) ? undefined : targetOf(name);
    if (note) yield missingRow(note);
  }
};

/** What cannot be read may not say whose it is, or say it wrongly; its folder is called like its server. */
const serverOf = ({ end, server, folder }: Standing, { servers }: OpenReport): string => {
  if (end === 'as-sealed' || servers.has(serverKey(server))) return server;
  return [...servers.values()].find((name) => isFolderOf(folder, name)) ?? server;
};

const headLine = ({ note: { source, profile } }: OpenReport, lang: Language): string =>
  WORDS[lang].report(source.name, `${profile.id} ${profile.version}`, source.sha256);

const lineOf = (row: Row, lang: Language): string => {
  const { server, end, folder, answers, gatheredAt = '', seal = '', unused, detail } = row;
  const words = WORDS[lang];
  const code = ENDS[end];
  const parts = [
    words.end[end],
    detail && cut(detail, VALUE_LIMIT),
    code === 0 && answers !== undefined ? words.held(answers, gatheredAt, seal) : undefined,
    unused === undefined ? undefined : words.unused(unused),
    code === 0 ? undefined : folder,
  ];
  return `${words.verdict[code]}  ${cut(server, NAME_LIMIT)}: ${parts.filter((part) => part !== undefined).join('; ')}`;
};

/** `verify/verify.schema.json` describes it. Fields are only ever added. */
const documentOf = (
  rows: readonly Row[],
  report: OpenReport | undefined,
  { exitCode, exitReason }: ReturnType<typeof verdictOf>,
) => {
  const { tool, profile, startedAt, source } = report?.note ?? {};
  return {
    format: 'sstp-audit/verify/1',
    tool: { name: 'sstp-audit', version },
    ...(source && { report: { file: source.name, sha256: source.sha256, tool, profile, startedAt } }),
    servers: rows,
    exitCode,
    exitReason,
  };
};
