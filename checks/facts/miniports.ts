import { defineFact, type Fact, Unknown } from '../../engine/define.ts';
import { needKey } from './read/ask.ts';
import type { Key } from './read/registry.ts';

/** A WAN miniport: the ports of one tunnelling protocol. */
export type Miniport = Readonly<{
  /** WanEndpoints, as far as it is in force. */
  ports: number;
  /** EnableForRas: the ports accept remote access calls. */
  inbound: boolean;
}>;

/** A miniport of which the system limits the ports. */
export type LimitedMiniport = Readonly<
  Miniport & {
    /** WanEndpoints, where RRAS does not take all of them, since MaxWanEndpoints is less. */
    ofSet?: number;
  }
>;

/** A miniport that may also accept calls of routers. */
export type RoutingMiniport = Readonly<
  Miniport & {
    /** EnableForRouting: the ports serve demand-dial connections, in and out. */
    routing: boolean;
  }
>;

const NETWORK_CLASS = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
const ID_VALUES = ['ComponentId', 'MatchingDeviceId'];

const isMiniport = (key: Key, id: string): boolean => ID_VALUES.some((name) => key.text(name)?.toLowerCase() === id);

const needNumber = (key: Key, name: string): number => {
  const value = key.dword(name);
  if (value === undefined) throw new Unknown('unreadable', `${key.path} holds no ${name}`);
  return value;
};

const miniportOf = (key: Key): Miniport => ({
  ports: needNumber(key, 'WanEndpoints'),
  inbound: needNumber(key, 'EnableForRas') !== 0,
});

/**
 * RRAS takes MaxWanEndpoints at most; without that value RasMan has no limit. Source: public disassembly notes of mprddm.dll and
 * rasman.
 */
const limitedMiniportOf = (key: Key): LimitedMiniport => {
  const miniport = miniportOf(key);
  const most = key.dword('MaxWanEndpoints') ?? miniport.ports;
  return most < miniport.ports ? { ...miniport, ports: most, ofSet: miniport.ports } : miniport;
};

const routingMiniportOf = (key: Key): RoutingMiniport => ({
  ...miniportOf(key),
  routing: needNumber(key, 'EnableForRouting') !== 0,
});

const isDevice = (key: Key, kind: string): boolean =>
  key.text('DeviceInstanceID')?.toUpperCase().startsWith(`${kind}\\`) ?? false;

/** From Server 2016 on the miniports are SWD devices: beside one, a key of a ROOT device is of the Windows before. Source: windows-facts 8. */
const ofThisWindows = (keys: readonly Key[]): readonly Key[] =>
  keys.some((key) => isDevice(key, 'SWD')) ? keys.filter((key) => !isDevice(key, 'ROOT')) : keys;

/** An upgrade of Windows can leave a second key of the same device: it does no harm as long as both say the same. */
const theOne = <T>(id: string, found: readonly Key[], read: (key: Key) => T): T | undefined => {
  const [first, ...others] = found.map((key) => [key, read(key)] as const);
  const rival = others.find(([, other]) => JSON.stringify(other) !== JSON.stringify(first?.[1]));
  if (rival) throw new Unknown('unreadable', `${id} stands in ${first?.[0].path} and otherwise in ${rival[0].path}`);
  return first?.[1];
};

/**
 * The miniport in the keys of the network class. Some key below always refuses (Properties), so reg.exe never ends well:
 * only where the miniport is missing it matters whether each numbered key was read.
 */
const miniport = <T>(protocol: string, id: string, read: (key: Key) => T): Fact<T | undefined> =>
  defineFact({
    id: `rras/miniport-${protocol}`,
    vantage: 'server',
    right: 'read HKLM (any user)',
    mayAsk: [`reg.exe query "${NETWORK_CLASS}"`],
    async ask($) {
      const adapters = await needKey($, NETWORK_CLASS, { recursive: true, partial: true });
      const found = adapters.keys().filter((key) => isMiniport(key, id));
      if (found.length > 0) return theOne(id, ofThisWindows(found), read);
      const listed = (await needKey($, NETWORK_CLASS)).keys();
      const refused = listed.filter(({ name }) => /^\d{4}$/.test(name) && !adapters.key(name)?.names().length);
      if (refused.length > 0)
        throw new Unknown('denied', `${id} was not found, and ${refused.map(({ path }) => path).join(', ')} not read`);
    },
  });

/** The ports of WAN Miniport (SSTP); absent where the server has no such device. Source: KB947031 situation 1, step 4. */
export const sstpMiniport = miniport('sstp', 'ms_sstpminiport', limitedMiniportOf);
/** The ports of WAN Miniport (PPTP). */
export const pptpMiniport = miniport('pptp', 'ms_pptpminiport', routingMiniportOf);
/** The ports of WAN Miniport (L2TP). */
export const l2tpMiniport = miniport('l2tp', 'ms_l2tpminiport', routingMiniportOf);
