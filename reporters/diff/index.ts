import type { DiffReporter } from '../reporter.ts';
import { diffCli } from './cli.ts';
import { diffHtml } from './html.ts';
import { diffJson } from './json.ts';
import { diffMarkdown } from './markdown.ts';

/** The reporters of comparisons, by the names that `diff --reporter` takes. */
export const diffReporters = {
  cli: diffCli,
  json: diffJson,
  markdown: diffMarkdown,
  html: diffHtml,
} as const satisfies Record<string, DiffReporter>;
export type DiffReporterName = keyof typeof diffReporters;
