/** Routing and Remote Access of a pretended server. */
import { filterBlock } from './filters.ts';
import {
  ADAPTER,
  ADAPTER_INTERFACE,
  AUTHENTICATION_PROVIDERS,
  IKEV2_MINIPORT,
  L2TP_MINIPORT,
  NETWORK_CLASS,
  NETWORK_NAMES,
  PPTP_MINIPORT,
  REMOTE_ACCESS,
  REMOTE_ACCESS_INTERFACES,
  REMOTE_ACCESS_PARAMETERS,
  ROUTER_MANAGERS,
  SSTP_CONFIG_STORE,
  SSTP_MINIPORT,
  SSTP_PARAMETERS,
} from './paths.ts';
import { addKey, type Registry, type Value } from './registry.ts';

const dword = (value: number): Value => ['REG_DWORD', value];
const text = (value: string): Value => ['REG_SZ', value];
const binary = (hex: string): Value => ['REG_BINARY', new Uint8Array(Buffer.from(hex, 'hex'))];

/** SSTP's own settings, applied. `sha1` is absent where TLS ends elsewhere, and UseHttps is 0. */
export const sstp = (server: Registry, port: number, sha256: string, sha1?: string): void => {
  const https = sha1 !== undefined;
  addKey(server, SSTP_PARAMETERS, {
    ListenerPort: dword(https && port === 443 ? 0 : port),
    UseHttps: dword(https ? 1 : 0),
    ServiceDll: ['REG_EXPAND_SZ', String.raw`%SystemRoot%\system32\sstpsvc.dll`],
    ServiceDllUnloadOnStop: dword(1),
    isHashConfiguredByAdmin: dword(https ? 0 : 1),
    SHA256CertificateHash: binary(sha256),
    ...(https && { SHA1CertificateHash: binary(sha1) }),
  });
  addKey(server, SSTP_CONFIG_STORE, { ListenerPort: dword(port), UseHttps: dword(https ? 1 : 0) });
};

/** One interface, in the order of the recorded export; without a name of a protocol it has no key for it. */
const addInterface = (server: Registry, number: number, name: string, type: number): void => {
  const key = `${REMOTE_ACCESS_INTERFACES}\\${number}`;
  addKey(server, key, { InterfaceName: text(name), Type: dword(type), Enabled: dword(1), Stamp: dword(0) });
  for (const [protocol, id] of [
    ['Ip', 0x21],
    ['Ipv6', 0x57],
  ] as const)
    addKey(server, `${key}\\${protocol}`, {
      ProtocolId: dword(id),
      InterfaceInfo: ['REG_BINARY', filterBlock()],
    });
};

/** Recorded: RouterManagers\Ip\GlobalInfo of Windows 7. */
const GLOBAL_INFO =
  '0100000078000000020000000300ffff080000000100000030000000' +
  '0600ffff34000000010000003800000000000000000000000100000006000000020000000100000003000000' +
  '0a000000162700000300000017270000050000001227000007000000080000007800000000000000000000000000' +
  '0000';

const addManagers = (server: Registry): void => {
  addKey(server, ROUTER_MANAGERS, { Stamp: dword(0) });
  addKey(server, `${ROUTER_MANAGERS}\\Ip`, {
    ProtocolId: dword(0x21),
    GlobalInfo: binary(GLOBAL_INFO),
    DLLPath: ['REG_EXPAND_SZ', String.raw`%SystemRoot%\System32\iprtrmgr.dll`],
  });
  addKey(server, `${ROUTER_MANAGERS}\\Ipv6`, {
    ProtocolId: dword(0x57),
    DLLPath: ['REG_EXPAND_SZ', String.raw`%SystemRoot%\System32\iprtrmgr.dll`],
  });
};

const WINDOWS_AUTHENTICATION = '{1AA7F841-C7F5-11D0-A376-00C04FC9DA04}';
const RADIUS_AUTHENTICATION = '{1AA7F83F-C7F5-11D0-A376-00C04FC9DA04}';

const addAuthentication = (server: Registry): void => {
  addKey(server, AUTHENTICATION_PROVIDERS, { ActiveProvider: text(WINDOWS_AUTHENTICATION) });
  addKey(server, `${AUTHENTICATION_PROVIDERS}\\${WINDOWS_AUTHENTICATION}`, {
    DisplayName: text('Windows Authentication'),
  });
  addKey(server, `${AUTHENTICATION_PROVIDERS}\\${RADIUS_AUTHENTICATION}`, {
    DisplayName: text('RADIUS Authentication'),
  });
};

/** RRAS configured as a remote access server, one adapter, no packet filters. */
export const remoteAccess = (server: Registry): void => {
  addKey(server, REMOTE_ACCESS, {
    ConfigurationFlags: dword(1),
    DisplayName: text(String.raw`@%Systemroot%\system32\mprdim.dll,-200`),
    ImagePath: ['REG_EXPAND_SZ', String.raw`%SystemRoot%\System32\svchost.exe -k netsvcs`],
    Start: dword(2),
    Type: dword(0x20),
    DependOnService: ['REG_MULTI_SZ', ['RpcSS', 'Bfe', 'RasMan', 'Http']],
  });
  addKey(server, REMOTE_ACCESS_PARAMETERS, {
    LoggingFlags: dword(2),
    // What an unconfigured Windows has (0x802602: MS-CHAP v2), and EAP (0x8000). Belief: never seen on a real server.
    ServerFlags: dword(0x80a602),
    RouterType: dword(7),
    UsersConfigured: dword(1),
    Stamp: dword(0),
  });
  addKey(server, `${REMOTE_ACCESS_PARAMETERS}\\AccountLockout`, {
    MaxDenials: dword(0),
    'ResetTime (mins)': dword(0xb40),
  });
  addKey(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip`, {
    AllowNetworkAccess: dword(1),
    EnableIn: dword(1),
    EnableRoute: dword(1),
    IpAddress: text('0.0.0.0'),
    IpMask: text('0.0.0.0'),
    UseDhcpAddressing: dword(1),
  });
  addKey(server, REMOTE_ACCESS_INTERFACES, { Stamp: dword(0) });
  addInterface(server, 0, 'Loopback', 5);
  addInterface(server, 1, 'Internal', 4);
  addInterface(server, Number(ADAPTER_INTERFACE.slice(-1)), ADAPTER, 3);
  addManagers(server);
  addAuthentication(server);
};

const addMiniport = (server: Registry, key: string, id: string, name: string, ports: number, inbound: number): void =>
  addKey(server, key, {
    DeviceInstanceID: text(`SWD\\MSRRAS\\${id.toUpperCase()}`),
    MinWanEndpoints: dword(0),
    MaxWanEndpoints: dword(1000),
    WanEndpoints: dword(ports),
    ComponentId: text(id),
    ProviderName: text('Microsoft'),
    MatchingDeviceId: text(id),
    DriverDesc: text(`WAN Miniport (${name})`),
    EnableForRas: dword(inbound),
    EnableForRouting: dword(0),
    EnableForOutboundRouting: dword(0),
  });

/** The network adapters: a real one, which tunnels, and the names that administrators gave them. SSTP and IKEv2 accept calls. */
export const adapters = (server: Registry, alias = 'Ethernet'): void => {
  addKey(server, NETWORK_CLASS, { '': text('Network adapters'), Class: text('Net') });
  addKey(server, `${NETWORK_CLASS}\\0001`, {
    NetCfgInstanceId: text(ADAPTER),
    ComponentId: text(String.raw`PCI\VEN_15AD&DEV_07B0`),
    MatchingDeviceId: text(String.raw`PCI\VEN_15AD&DEV_07B0`),
    DriverDesc: text('vmxnet3 Ethernet Adapter'),
  });
  addMiniport(server, SSTP_MINIPORT, 'ms_sstpminiport', 'SSTP', 128, 1);
  addMiniport(server, IKEV2_MINIPORT, 'ms_agilevpnminiport', 'IKEv2', 128, 1);
  addMiniport(server, L2TP_MINIPORT, 'ms_l2tpminiport', 'L2TP', 0, 0);
  addMiniport(server, PPTP_MINIPORT, 'ms_pptpminiport', 'PPTP', 0, 0);
  addKey(server, `${NETWORK_NAMES}\\${ADAPTER}\\Connection`, {
    Name: text(alias),
    PnpInstanceID: text(String.raw`PCI\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\FF56C2`),
  });
};
