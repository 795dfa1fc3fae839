import { defineFact } from '../../engine/define.ts';
import type { Reading } from '../../engine/model.ts';
import { type Listeners, listeners } from './listeners.ts';
import { type LimitedMiniport, sstpMiniport } from './miniports.ts';
import type { ServiceStatus } from './read/service-state.ts';
import { addressesForCallers } from './remote-access.ts';
import { sstpDriver } from './services.ts';

/** The device of SSTP's ports, absent where there is none; what is not known of its driver or of its users hides nothing else. */
export type SstpPorts = Readonly<{
  miniport: LimitedMiniport | undefined;
  driver: Reading<ServiceStatus | undefined>;
  sockets: Reading<Listeners>;
  addresses: Reading<number | undefined>;
}>;

/** WAN Miniport (SSTP), its driver, the connections that may hold its ports, and the addresses for its users. Source: KB947031 situation 1, step 4. */
export const sstpPorts = defineFact<SstpPorts>({
  id: 'rras/sstp-ports',
  vantage: 'server',
  right: 'read HKLM (any user), query services',
  async ask(_$, { need, read }) {
    const [miniport, driver, sockets, addresses] = await Promise.all([
      need(sstpMiniport),
      read(sstpDriver),
      read(listeners),
      read(addressesForCallers),
    ]);
    return { miniport, driver, sockets, addresses };
  },
});
