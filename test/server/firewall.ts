/** Windows Firewall of a pretended server: the three profiles on, and the rules that come with the role. */
import { FIREWALL_POLICY, FIREWALL_RULES } from './paths.ts';
import { addKey, type Registry, setValue } from './registry.ts';

const APP = String.raw`App=%SystemRoot%\system32\svchost.exe`;
const RRAS = 'EmbedCtxt=@FirewallAPI.dll,-33752';

/** Every rule but its version. Source: windows-facts 6.1, samples of Windows 11 and 2025. */
export const RULES: Readonly<Record<string, string>> = {
  'SSTP-IN-TCP':
    'Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=443|App=System|Name=@sstpsvc.dll,-35002|Desc=@sstpsvc.dll,-35003|EmbedCtxt=@sstpsvc.dll,-35001|',
  'RRAS-L2TP-In-UDP': `Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=1701|App=System|Name=@FirewallAPI.dll,-33753|Desc=@FirewallAPI.dll,-33756|${RRAS}|`,
  'RRAS-L2TP-Out-UDP': `Action=Allow|Active=TRUE|Dir=Out|Protocol=17|RPort=1701|App=System|Name=@FirewallAPI.dll,-33757|Desc=@FirewallAPI.dll,-33760|${RRAS}|`,
  'RRAS-PPTP-In-TCP': `Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1723|App=System|Name=@FirewallAPI.dll,-33765|Desc=@FirewallAPI.dll,-33768|${RRAS}|`,
  'RRAS-GRE-In': `Action=Allow|Active=TRUE|Dir=In|Protocol=47|App=System|Name=@FirewallAPI.dll,-33769|Desc=@FirewallAPI.dll,-33772|${RRAS}|`,
  'MSDTC-In-TCP': String.raw`Action=Allow|Active=FALSE|Dir=In|Protocol=6|Profile=Private|Profile=Public|RA4=LocalSubnet|RA6=LocalSubnet|App=%SystemRoot%\system32\msdtc.exe|Name=@FirewallAPI.dll,-33503|Desc=@FirewallAPI.dll,-33506|EmbedCtxt=@FirewallAPI.dll,-33502|`,
  'DeliveryOptimization-UDP-In': String.raw`Action=Block|Active=TRUE|Dir=In|Protocol=17|LPort=7680|${APP}|Svc=dosvc|Name=@%systemroot%\system32\dosvc.dll,-103|Desc=@%systemroot%\system32\dosvc.dll,-104|EmbedCtxt=@%systemroot%\system32\dosvc.dll,-100|Edge=TRUE|`,
  'PNRPMNRS-PNRP-In-UDP': `Action=Allow|Active=FALSE|Dir=In|Protocol=17|LPort=3540|${APP}|Svc=PNRPSvc|Name=@FirewallAPI.dll,-34003|Desc=@FirewallAPI.dll,-34004|EmbedCtxt=@FirewallAPI.dll,-34002|Edge=TRUE|Defer=App|`,
  'WFDPRINT-SPOOL-In-Active': String.raw`Action=Block|Active=TRUE|Dir=In|Profile=Public|App=%SystemRoot%\system32\spoolsv.exe|Svc=Spooler|Name=@FirewallAPI.dll,-36856|Desc=@FirewallAPI.dll,-36857|EmbedCtxt=@FirewallAPI.dll,-36851|TTK2_22=WFDPrint|`,
  'CoreNet-ICMP6-RA-In':
    'Action=Allow|Active=TRUE|Dir=In|Protocol=58|ICMP6=134:*|RA6=fe80::/64|App=System|Name=@FirewallAPI.dll,-25012|Desc=@FirewallAPI.dll,-25018|EmbedCtxt=@FirewallAPI.dll,-25000|',
  'FPS-RPCSS-In-TCP-NoScope': `Action=Allow|Active=FALSE|Dir=In|Protocol=6|Profile=Domain|LPort=RPC-EPMap|${APP}|Svc=Rpcss|Name=@FirewallAPI.dll,-28539|Desc=@FirewallAPI.dll,-28542|EmbedCtxt=@FirewallAPI.dll,-28502|`,
  'CoreNet-IPHTTPS-In':
    'Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=IPTLSIn|LPort2_10=IPHTTPSIn|App=System|Name=@FirewallAPI.dll,-25426|Desc=@FirewallAPI.dll,-25428|EmbedCtxt=@FirewallAPI.dll,-25000|',
  'OpenSSH-Server-In-TCP': String.raw`Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|LPort=22|App=%SystemRoot%\system32\OpenSSH\sshd.exe|Name=OpenSSH SSH Server (sshd)|Desc=Inbound rule for OpenSSH SSH Server (sshd)|EmbedCtxt=OpenSSH Server|`,
};

/** Adds or replaces a rule of the local policy; the text as in `RULES`, without version. */
export const setRule = (server: Registry, id: string, text: string, version = '2.31'): void =>
  setValue(server, FIREWALL_RULES, id, ['REG_SZ', `v${version}|${text}`]);

/** The firewall as the role leaves it; the rule for the port is added where it is not 443. */
export const firewall = (server: Registry, port: number, version: string): void => {
  for (const profile of ['DomainProfile', 'StandardProfile', 'PublicProfile'])
    addKey(server, `${FIREWALL_POLICY}\\${profile}`, {
      EnableFirewall: ['REG_DWORD', 1],
      DisableNotifications: ['REG_DWORD', 1],
    });
  for (const [id, text] of Object.entries(RULES)) setRule(server, id, text, version);
  if (port !== 443)
    setRule(
      server,
      '{5A3A3A0E-4A39-4B0C-9B6C-6C0E6F1F7A11}',
      `Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=${port}|App=System|Name=SSTP on another port|`,
      version,
    );
};
