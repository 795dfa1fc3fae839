import { homedir } from 'node:os';
import path from 'node:path';

/** Where a store is when nobody says: the user's state folder. */
export const defaultStore = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string => {
  const home = homedir();
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'sstp-audit', 'store.db');
  const state = env['XDG_STATE_HOME'];
  // The XDG specification: a relative path is invalid and to be ignored.
  const folder = state && path.isAbsolute(state) ? state : path.join(home, '.local', 'state');
  return path.join(folder, 'sstp-audit', 'store.db');
};
