#!/usr/bin/env node
/** Starts the program. Plain JavaScript: an old Node is told what is missing, and a new one has no types to take away first. */
import path from 'node:path';

/** The first Node that runs TypeScript as it is. */
const NEEDS = [22, 18];

/** The user's own cache folder; the temporary folder, which Node would take, is open to everybody. */
const userCache = () => {
  const { XDG_CACHE_HOME: cache, HOME: home, LOCALAPPDATA: local } = process.env;
  return process.platform === 'win32' ? local : cache || (home && path.join(home, '.cache'));
};

/**
 * Loading the program takes longer than much of its work, so the compiled form is kept for the next time. Where no folder
 * can be made, everything works all the same. Node would try for ever in places such as /proc. Who can write there can have us
 * run what he likes: a folder that others can write is left alone.
 */
const keepCompiled = (parent) => {
  const { existsSync, mkdirSync, statSync } = process.getBuiltinModule('node:fs');
  const folder = path.join(parent, 'sstp-audit');
  try {
    for (const each of [parent, folder]) if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
    const { uid, mode } = statSync(folder);
    const isOurs = process.platform === 'win32' || (uid === process.getuid() && !(mode & 0o022));
    if (isOurs) process.getBuiltinModule('node:module').enableCompileCache(folder);
  } catch {
    return;
  }
};

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDS[0] || (major === NEEDS[0] && minor < NEEDS[1])) {
  process.stderr.write(`sstp-audit: this is Node ${process.versions.node}, which cannot run sstp-audit\n`);
  process.stderr.write(`sstp-audit: hint: install Node ${NEEDS.join('.')} or later\n`);
  process.exitCode = 2;
} else {
  const cache = userCache();
  if (cache && path.isAbsolute(cache)) keepCompiled(cache);
  // Where nobody can be told anything (the disk of a log is full), the reports and the exit code still tell. Without a
  // listener each message that is lost would be an error that calls for a message.
  process.stderr.on('error', () => {});
  const { main } = await import('./program.ts');
  await main();
}
