import { defineFact } from '../../engine/define.ts';
import { needKey } from './read/ask.ts';
import { SSTPSVC } from './sstp-parameters.ts';

/** What an SSTP client does by its registry. `noRevocationCheck` is absent where the value is not there. */
export type ClientSettings = Readonly<{ noRevocationCheck?: number }>;

/** SSTP settings of the machine that dials. Source: windows-facts 2, NoCertRevocationCheck. */
export const clientSettings = defineFact<ClientSettings>({
  id: 'client/settings',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const key = await needKey($, `${SSTPSVC}\\Parameters`, { recursive: true });
    const noRevocationCheck = key.dword('NoCertRevocationCheck');
    return noRevocationCheck === undefined ? {} : { noRevocationCheck };
  },
});
