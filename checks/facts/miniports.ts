import { defineFact, type Fact, Unknown } from '../../engine/define.ts';
import { needKey } from './read/ask.ts';
import type { Key } from './read/registry.ts';

/** A WAN miniport: the ports of one tunnelling protocol. */
export type Miniport = Readonly<{
  /** WanEndpoints. */
  ports: number;
  /** EnableForRas: the ports accept remote access calls. */
  inbound: boolean;
}>;

const NETWORK_CLASS = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
const ID_VALUES = ['ComponentId', 'MatchingDeviceId'];

const isMiniport = (key: Key, id: string): boolean => ID_VALUES.some((name) => key.text(name)?.toLowerCase() === id);

const miniportOf = (key: Key): Miniport => {
  const [ports, inbound] = [key.dword('WanEndpoints'), key.dword('EnableForRas')];
  if (ports === undefined || inbound === undefined)
    throw new Unknown('unreadable', `${key.path} holds no ${ports === undefined ? 'WanEndpoints' : 'EnableForRas'}`);
  return { ports, inbound: inbound === 1 };
};

/**
 * The miniport in the keys of the network class. Some key below always refuses (Properties), so reg.exe never ends well:
 * only where the miniport is missing it matters whether each numbered key was read.
 */
const miniport = (protocol: string, id: string): Fact<Miniport | undefined> =>
  defineFact({
    id: `rras/miniport-${protocol}`,
    vantage: 'server',
    right: 'read HKLM (any user)',
    mayAsk: [`reg.exe query "${NETWORK_CLASS}"`],
    async ask($) {
      const adapters = await needKey($, NETWORK_CLASS, { recursive: true, partial: true });
      const [found, second] = adapters.keys().filter((key) => isMiniport(key, id));
      if (second) throw new Unknown('unreadable', `${id} stands in the keys ${found?.name} and ${second.name}`);
      if (found) return miniportOf(found);
      const listed = (await needKey($, NETWORK_CLASS)).keys();
      const refused = listed.filter(({ name }) => /^\d{4}$/.test(name) && !adapters.key(name)?.names().length);
      if (refused.length > 0)
        throw new Unknown('denied', `${id} was not found, and ${refused.map(({ path }) => path).join(', ')} not read`);
    },
  });

/** The ports of WAN Miniport (SSTP); absent where the server has no such device. Source: KB947031 situation 1, step 4. */
export const sstpMiniport = miniport('sstp', 'ms_sstpminiport');
/** The ports of WAN Miniport (PPTP). */
export const pptpMiniport = miniport('pptp', 'ms_pptpminiport');
/** The ports of WAN Miniport (L2TP). */
export const l2tpMiniport = miniport('l2tp', 'ms_l2tpminiport');
