import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type Listeners, listeners, SYSTEM_PID } from '../facts/listeners.ts';
import { isLoopback } from '../facts/read/address.ts';
import type { Family } from '../facts/read/interface-info.ts';
import type { Socket } from '../facts/read/netstat.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';

const ANY = { IPv4: '0.0.0.0', IPv6: '::' } as const;

const endpoint = ({ address, port }: Omit<Socket, 'pid'>): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Who listens at an address on the port of SSTP. A process of its own wins over HTTP.sys at that address. */
const judgeOwner = (listener: Socket, { sstpPid }: Listeners): Finding => {
  const subject = endpoint(listener);
  const { pid } = listener;
  if (pid === SYSTEM_PID) return pass('HTTP.sys listens (System, process 4)', { subject });
  return pid === sstpPid
    ? pass(`the SSTP service itself listens (process ${pid}), where HTTP.sys usually does`, { subject })
    : fail(`process ${pid} listens, not HTTP.sys: SSTP does not get these connections`, {
        subject,
        expected: `process ${SYSTEM_PID}`,
        actual: `process ${pid}`,
      });
};

const judgeFamily = (family: Family, port: number, found: Listeners): readonly Finding[] => {
  const reachable = found[family].filter((it) => it.port === port && !isLoopback(it.address));
  const everywhere = reachable.filter(({ address }) => address === ANY[family]);
  const elsewhere = reachable.filter(({ address, pid }) => address !== ANY[family] && pid !== SYSTEM_PID);
  const findings = [...everywhere, ...elsewhere].map((listener) => judgeOwner(listener, found));
  if (everywhere.length > 0) return findings;
  const subject = endpoint({ address: ANY[family], port });
  const only = reachable.map(({ address }) => address).join(', ');
  return [
    fail(only ? `nothing listens at every address, only at ${only}` : 'nothing listens', { subject }),
    ...findings,
  ];
};

export default defineCheck({
  id: 'sstp/listening',
  title: 'HTTP.sys listens on the port of SSTP, for every address family that clients use',
  severity: 'critical',
  situations: ['2.2', '8.3'],
  clientErrors: ['809'],
  why: 'SSTP leaves the listening to HTTP.sys, so the socket belongs to the System process (4), not to the SSTP service. Where nothing listens, or another program got there first, no client reaches SSTP.',
  fix: [
    'Where nothing listens, check that RemoteAccess and SstpSvc are running and that the port is the expected one, then restart RemoteAccess.',
    'Where another process listens, move it to another port, and restart RemoteAccess. What it is (NUMBER is its process id): tasklist /svc /fi "PID eq NUMBER"',
    'Where that process is the service iphlpsvc, a port proxy takes the connections: "netsh interface portproxy show all" tells where they go, and "netsh interface portproxy delete v4tov4 listenport=443 listenaddress=ADDRESS" ends it.',
    'Where it listens at some addresses only, see "netsh http show iplisten": an IP listen list limits all of HTTP.sys.',
    'Where the server has no IPv6, expect IPv4 only in the profile.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-http',
    'https://learn.microsoft.com/en-us/windows-server/networking/technologies/netsh/netsh-interface-portproxy',
  ],
  needs: { found: listeners, sstp: sstpParameters },
  expects: {
    addressFamilies: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['IPv4', 'IPv6'] },
      description: 'address families on which clients come',
    },
  },
  judge: ({ found, sstp }, { addressFamilies }) =>
    addressFamilies.flatMap((family) => judgeFamily(family, sstp.port, found)),
});
