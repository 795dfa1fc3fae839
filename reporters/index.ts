import type { Report } from '../engine/model.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** The reporters, by the names that `--reporter` takes. Each is loaded when it is wanted. */
export const reporters = {
  cli: async () => (await import('./cli.ts')).cli,
  json: async () => (await import('./json.ts')).json,
  junit: async () => (await import('./junit.ts')).junit,
  html: async () => (await import('./html.ts')).html,
  csv: async () => (await import('./csv.ts')).csv,
  markdown: async () => (await import('./markdown.ts')).markdown,
} as const satisfies Record<string, () => Promise<Reporter>>;
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

type Series = (report: Report, options: ReporterOptions) => Iterable<Iterable<string>>;

/** Reporters that write several files when they are told to split. */
export const series: Readonly<Partial<Record<ReporterName, () => Promise<Series>>>> = {
  junit: async () => (await import('./junit-files.ts')).junitFiles,
};
