import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type FilteredInterface, packetFilters } from '../facts/packet-filters.ts';
import type { Direction } from '../facts/read/passage.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';

const FATES = { open: 'pass', partly: 'pass in part only', blocked: 'are dropped' } as const;
const DIRECTIONS = { inbound: 'to', outbound: 'from' } as const;

const judgeDirection = (filtered: FilteredInterface, direction: Direction, port: number): Finding => {
  const { verdict, because } = filtered[direction];
  const subject = `${filtered.name} ${filtered.family} ${direction}`;
  const packets = `packets ${DIRECTIONS[direction]} TCP port ${port}`;
  if (verdict === 'unknown')
    return unknown('unreadable', `whether ${packets} pass is not known: ${because}`, { subject });
  const message = `${packets} ${FATES[verdict]}: ${because}`;
  return verdict === 'open' ? pass(message, { subject }) : fail(message, { subject });
};

const judgeNat = ({ name, nat }: FilteredInterface, port: number): readonly Finding[] => {
  if (!nat) return [];
  const subject = { subject: `${name} NAT` };
  const { verdict, because } = nat;
  const left = `NAT leaves TCP port ${port} to this server`;
  switch (verdict) {
    case 'unknown':
      return [unknown('unreadable', `whether ${left} is not known: ${because}`, subject)];
    case 'open':
      return [pass(`${left}: ${because}`, subject)];
    case 'partly':
    case 'blocked':
      return [fail(`NAT takes TCP port ${port} from this server: ${because}`, subject)];
  }
};

export default defineCheck({
  id: 'rras/packet-filters',
  title: 'No packet filter of RRAS blocks SSTP, and its NAT takes the port to no other host',
  severity: 'critical',
  situations: ['8.8'],
  clientErrors: ['809'],
  why: 'RRAS filters packets on its own, below and apart from Windows Firewall. Filters that were set for other protocols, or for another port, drop what clients send to the SSTP listener or what it answers. Its NAT can send the port of SSTP on to a host inside, such as a web server: the listener then hears nothing of clients that come from there.',
  fix: [
    'In Routing and Remote Access, open IPv4 (or IPv6), General, the properties of the interface, then Inbound Filters and Outbound Filters.',
    'Where all packets pass but the listed ones, remove the filter that lists the TCP port of SSTP, or any protocol.',
    'Where only the listed packets pass, add the TCP port of SSTP: as destination port inbound, as source port outbound, for every address.',
    'Where NAT takes the port, open IPv4, NAT, the properties of the interface, Services and Ports, and clear the service, or give it another port.',
    'What is filtered on purpose, such as an interface or a network from which no SSTP client comes, may stay: waive it, with the reason.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-rrasm/56cc4099-8739-4df9-8081-f442285eb1a3',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-rrasm/a16a3b99-8c59-44fa-b74f-d154f0eca5f9',
    'https://learn.microsoft.com/en-us/powershell/module/remoteaccess/get-remoteaccessipfilter',
  ],
  needs: { interfaces: packetFilters, sstp: sstpParameters },
  expects: {},
  judge: ({ interfaces, sstp }) =>
    interfaces.flatMap((filtered) => [
      ...(['inbound', 'outbound'] as const).map((direction) => judgeDirection(filtered, direction, sstp.port)),
      ...judgeNat(filtered, sstp.port),
    ]),
});
