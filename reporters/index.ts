import type { Report } from '../engine/model.ts';
import { cli } from './cli.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { junitFiles } from './junit-files.ts';
import { markdown } from './markdown.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** The reporters, by the names that `--reporter` takes. */
export const reporters = { cli, json, junit, html, csv, markdown } as const satisfies Record<string, Reporter>;
export type ReporterName = keyof typeof reporters;

/** What a reporter can be told: `junit,mode=rollup:out.xml`. `takes` is a whole value; `shown` is how help writes it. */
type Setting = Readonly<{ takes: RegExp; shown: string }>;

/** The settings of each reporter, by their names. */
export const SETTINGS: Readonly<Record<ReporterName, Readonly<Record<string, Setting>>>> = {
  cli: {},
  json: {},
  junit: {
    mode: { takes: /^(?:detail|failures|rollup)$/, shown: 'mode=detail|failures|rollup' },
    split: { takes: /^(?:[1-9]\d{0,3}MB|server)$/, shown: 'split=25MB|server' },
  },
  html: {},
  csv: { bom: { takes: /^(?:yes|no)$/, shown: 'bom=yes|no' } },
  markdown: {},
};

/** Reporters that write several files when they are told to split. */
export const series: Readonly<
  Partial<Record<ReporterName, (report: Report, options: ReporterOptions) => Iterable<Iterable<string>>>>
> = { junit: junitFiles };
