#!/usr/bin/env node
/** Starts the program. Loading it takes longer than much of its work, so the compiled form is kept for the next time. */
import { existsSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import path from 'node:path';

/** The user's own cache folder; the temporary folder, which Node would take, is open to everybody. */
const userCache = (): string | undefined => {
  const { XDG_CACHE_HOME: cache, HOME: home, LOCALAPPDATA: local } = process.env;
  return process.platform === 'win32' ? local : cache || (home && path.join(home, '.cache'));
};

/** Where no folder can be made, everything works all the same. Node would try for ever in places such as /proc. */
const keepCompiled = (parent: string): void => {
  const folder = path.join(parent, 'sstp-audit');
  try {
    for (const each of [parent, folder]) if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
    enableCompileCache(folder);
  } catch {
    return;
  }
};

const cache = userCache();
if (cache && path.isAbsolute(cache)) keepCompiled(cache);
// Where nobody can be told anything (the disk of a log is full), the reports and the exit code still tell. Without a
// listener each message that is lost would be an error that calls for a message.
process.stderr.on('error', () => {});
await import('./program.ts');
