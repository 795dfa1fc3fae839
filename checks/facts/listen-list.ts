import { defineFact, Unknown } from '../../engine/define.ts';
import type { Reading } from '../../engine/model.ts';
import { HTTP_PARAMETERS } from './configured-bindings.ts';
import { spelledAddress } from './read/address.ts';
import { readKey } from './read/ask.ts';

/** The only addresses at which HTTP.sys listens, 0.0.0.0 and :: for all of a family; none where it listens at all of them. */
export type ListenList = readonly string[];

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[\da-f:.]*:[\da-f:.]*(?:%\w+)?\]?)$/i;

/** Sources: learn.microsoft.com, "IP Listen List"; of the value, Microsoft's script WinRM-Diag, and zzz.buzz, "The IP Listen List". */
const listedAddresses = defineFact<ListenList>({
  id: 'sstp/listed-addresses',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const key = await readKey($, HTTP_PARAMETERS);
    const addresses = key?.list('ListenOnlyList') ?? [];
    const odd = addresses.find((address) => !ADDRESS.test(address));
    if (odd !== undefined)
      throw new Unknown(
        'unreadable',
        `${HTTP_PARAMETERS} ListenOnlyList holds ${odd.slice(0, 80)}, which is no address`,
      );
    return addresses.map(spelledAddress);
  },
});

/** The IP listen list of HTTP.sys as it is configured; what is not known of it hides no listener. */
export const listenList = defineFact<Reading<ListenList>>({
  id: 'sstp/listen-list',
  vantage: 'server',
  right: 'read HKLM (any user)',
  ask: (_$, facts) => facts.read(listedAddresses),
});
