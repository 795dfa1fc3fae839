import { defineCheck, fail, pass } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { l2tpMiniport, pptpMiniport, type RoutingMiniport } from '../facts/miniports.ts';

const judgeProtocol = (subject: 'PPTP' | 'L2TP', miniport: RoutingMiniport | undefined): Finding => {
  const name = `WAN Miniport (${subject})`;
  if (!miniport) return pass(`the server has no device ${name}`, { subject });
  const { ports, inbound, routing } = miniport;
  const callers = [...(inbound ? ['remote access'] : []), ...(routing ? ['demand-dial'] : [])].join(' and ');
  if (ports > 0 && callers) return fail(`${name} accepts ${callers} connections on ${ports} ports`, { subject });
  return pass(`${name} accepts no calls (${ports} ports, ${callers || 'no kind of connection'} enabled)`, { subject });
};

export default defineCheck({
  id: 'rras/legacy-protocols',
  title: 'No outdated VPN protocol is left open beside SSTP',
  severity: 'high',
  situations: [],
  clientErrors: [],
  why: 'PPTP rests on MS-CHAP and RC4: whoever records a connection can find the password and read all of it. Microsoft has deprecated PPTP and L2TP. A server that accepts SSTP often still has them open, because the setup wizard once opened every protocol.',
  fix: [
    'Move the users that still dial the protocol to SSTP or IKEv2.',
    'In Routing and Remote Access, right-click Ports, choose Properties, select the device, Configure, and clear both kinds of connections; set Maximum ports to 0 where it is allowed.',
    'Restart RasMan, and RemoteAccess with it, with "Restart-Service RasMan -Force" in PowerShell, and disable the firewall rules of the protocol.',
  ],
  references: [
    'https://learn.microsoft.com/en-us/windows/win32/rras/setting-l2tp-and-pptp-ports',
    'https://learn.microsoft.com/en-us/windows-server/get-started/removed-deprecated-features-windows-server',
  ],
  needs: { PPTP: pptpMiniport, L2TP: l2tpMiniport },
  expects: {
    forbidden: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['PPTP', 'L2TP'] },
      description: 'protocols that have to be closed',
    },
  },
  judge: (miniports, { forbidden }) => forbidden.map((protocol) => judgeProtocol(protocol, miniports[protocol])),
});
