import { defineFact, Unknown } from '../../engine/define.ts';
import { needKey } from './read/ask.ts';

const CURRENT_VERSION = String.raw`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`;

/** The build number of Windows, such as 20348 of Server 2022. Source: windows-facts 14. */
export const windowsBuild = defineFact<number>({
  id: 'windows/build',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const key = await needKey($, CURRENT_VERSION);
    const build = key.text('CurrentBuildNumber') ?? key.text('CurrentBuild') ?? '';
    if (!/^\d{4,6}$/.test(build)) throw new Unknown('unreadable', `${key.path} holds no build number`);
    return Number(build);
  },
});

/** When this Windows was installed, or last replaced by a newer one; InstallDate counts seconds since 1970 (belief: in UTC). */
export const installedAt = defineFact<Date>({
  id: 'windows/installed-at',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const key = await needKey($, CURRENT_VERSION);
    const seconds = key.dword('InstallDate');
    if (!seconds) throw new Unknown('absent', `${key.path} holds no InstallDate`);
    return new Date(seconds * 1000);
  },
});
