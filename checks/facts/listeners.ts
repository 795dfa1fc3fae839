import { defineFact, type ProcessOutput, type Shell, Unknown } from '../../engine/define.ts';
import type { Family } from './read/interface-info.ts';
import { parseSockets, type Socket, type Sockets } from './read/netstat.ts';
import { statusOf } from './services.ts';
import { sstpParameters } from './sstp-parameters.ts';

/** HTTP.sys listens in the System process. */
export const SYSTEM_PID = 4;

export type Listeners = Readonly<
  Record<Family, readonly Socket[]> & {
    /** Connections to the port of SSTP that HTTP.sys holds, those of other programs of HTTP.sys included. */
    held: number;
    /** The SSTP service's own process; asked for only where another process than System listens on its port. */
    sstpPid?: number;
  }
>;

const socketsIn = ({ exitCode, stdout }: ProcessOutput): Sockets => {
  if (exitCode !== 0) throw new Unknown('unreadable', `netstat.exe ended with exit code ${exitCode}`);
  return parseSockets(stdout);
};

const sstpPid = async ($: Shell): Promise<number | undefined> =>
  statusOf('SstpSvc', await $`sc.exe queryex SstpSvc`.nothrow())?.pid;

/**
 * TCP listeners, the SSTP service's process where it matters, and how busy the port is. Source: KB947031 situation 2, step 2;
 * situation 8, step 3.
 */
export const listeners = defineFact<Listeners>({
  id: 'sstp/listeners',
  vantage: 'server',
  right: 'none (any user)',
  mayAsk: ['sc.exe queryex SstpSvc'],
  async ask($, facts) {
    const [{ port }, four, six] = await Promise.all([
      facts.need(sstpParameters),
      $`netstat.exe -ano -p TCP`.nothrow(),
      $`netstat.exe -ano -p TCPv6`.nothrow(),
    ]);
    const [v4, v6] = [socketsIn(four), socketsIn(six)];
    if (v4.listening.length === 0) throw new Unknown('unreadable', 'netstat.exe listed no listener at all');
    const held = [...v4.connected, ...v6.connected].filter((it) => it.port === port && it.pid === SYSTEM_PID).length;
    const found = { IPv4: v4.listening, IPv6: v6.listening, held };
    const stranger = [...found.IPv4, ...found.IPv6].some((it) => it.port === port && it.pid !== SYSTEM_PID);
    const pid = stranger ? await sstpPid($) : undefined;
    return pid ? { ...found, sstpPid: pid } : found;
  },
});
