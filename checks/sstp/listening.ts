import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding, Reading } from '../../engine/model.ts';
import { type ListenList, listenList } from '../facts/listen-list.ts';
import { type Listeners, listeners, SYSTEM_PID } from '../facts/listeners.ts';
import { isLoopback } from '../facts/read/address.ts';
import type { Family } from '../facts/read/interface-info.ts';
import type { Socket } from '../facts/read/netstat.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';

const ANY = { IPv4: '0.0.0.0', IPv6: '::' } as const;

const endpoint = ({ address, port }: Omit<Socket, 'pid'>): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** What was found on the server. */
type Found = Listeners & Readonly<{ list: Reading<ListenList> }>;

/** The addresses to which the IP listen list limits HTTP.sys in a family, or `undefined`. */
const limitIn = (family: Family, { list }: Found): ListenList | undefined =>
  list.known && list.value.length > 0 && !list.value.includes(ANY[family]) ? list.value : undefined;

/** HTTP.sys takes over a list when it starts again: until then it listens as before. */
const judgeHttpSys = (family: Family, listener: Socket, found: Found): Finding => {
  const subject = endpoint(listener);
  const { list } = found;
  if (!list.known)
    return unknown(list.reason, `HTTP.sys listens, and whether it does after a restart is not known: ${list.detail}`, {
      subject,
    });
  const limit = limitIn(family, found);
  return limit
    ? fail(`a restart is pending: HTTP.sys still listens, and its IP listen list has it at ${limit.join(', ')} only`, {
        subject,
      })
    : pass('HTTP.sys listens (System, process 4)', { subject });
};

/** Who listens at an address on the port of SSTP. A process of its own wins over HTTP.sys at that address. */
const judgeOwner = (family: Family, listener: Socket, found: Found): Finding => {
  const subject = endpoint(listener);
  const { pid } = listener;
  if (pid === SYSTEM_PID) return judgeHttpSys(family, listener, found);
  return pid === found.sstpPid
    ? pass(`the SSTP service itself listens (process ${pid}), where HTTP.sys usually does`, { subject })
    : fail(`process ${pid} listens, not HTTP.sys: SSTP does not get these connections`, {
        subject,
        expected: `process ${SYSTEM_PID}`,
        actual: `process ${pid}`,
      });
};

const judgeFamily = (family: Family, port: number, found: Found): readonly Finding[] => {
  const reachable = found[family].filter((it) => it.port === port && !isLoopback(it.address));
  const everywhere = reachable.filter(({ address }) => address === ANY[family]);
  const elsewhere = reachable.filter(({ address, pid }) => address !== ANY[family] && pid !== SYSTEM_PID);
  const findings = [...everywhere, ...elsewhere].map((listener) => judgeOwner(family, listener, found));
  if (everywhere.length > 0) return findings;
  const subject = endpoint({ address: ANY[family], port });
  const only = reachable.map(({ address }) => address).join(', ');
  const because = limitIn(family, found) ? ' (IP listen list of HTTP.sys)' : '';
  return [
    fail(only ? `nothing listens at every address, only at ${only}${because}` : `nothing listens${because}`, {
      subject,
    }),
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
    'Where it listens at some addresses only, or will, see "netsh http show iplisten": an IP listen list limits all of HTTP.sys. Take an address off it with "netsh http delete iplisten ipaddress=ADDRESS", and restart the server; without any, HTTP.sys listens at all of them.',
    'Where the server has no IPv6, expect IPv4 only in the profile.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-http',
    'https://learn.microsoft.com/en-us/windows/win32/http/ip-listen-list',
    'https://learn.microsoft.com/en-us/windows-server/networking/technologies/netsh/netsh-interface-portproxy',
  ],
  needs: { sockets: listeners, list: listenList, sstp: sstpParameters },
  expects: {
    addressFamilies: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['IPv4', 'IPv6'] },
      description: 'address families on which clients come',
    },
  },
  judge: ({ sockets, list, sstp }, { addressFamilies }) =>
    addressFamilies.flatMap((family) => judgeFamily(family, sstp.port, { ...sockets, list })),
});
