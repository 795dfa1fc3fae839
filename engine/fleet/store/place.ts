import { homedir } from 'node:os';
import path from 'node:path';
import { Mistake } from '../../mistake.ts';

/** Where a store is when nobody says: the user's state folder. Throws Mistake where he has none. */
export const defaultStore = (
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  homeOf: () => string = homedir,
): string => path.join(stateFolder(env, platform, homeOf), 'sstp-audit', 'store.db');

const stateFolder = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform, homeOf: () => string): string => {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? path.join(home(homeOf), 'AppData', 'Local');
  const state = env['XDG_STATE_HOME'];
  // The XDG specification: a relative path is invalid and to be ignored.
  return state && path.isAbsolute(state) ? state : path.join(home(homeOf), '.local', 'state');
};

/** A container may run under a number that no account has, and without HOME. */
const home = (homeOf: () => string): string => {
  const none = (cause?: unknown) =>
    new Mistake('this account has no home folder for a store', 'name a store with --store FILE, or set HOME', {
      cause,
    });
  try {
    const folder = homeOf();
    if (folder !== '') return folder;
  } catch (cause) {
    throw none(cause);
  }
  throw none();
};
