import type { Reporter } from '../engine/model.ts';
import { cli } from './cli.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';

/** The reporters, by the names that `--reporter` takes. */
export const reporters: Readonly<Record<'cli' | 'json' | 'junit' | 'html', Reporter>> = { cli, json, junit, html };
