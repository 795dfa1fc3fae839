/** A healthy RRAS server that accepts SSTP. Tests take it and break one thing. */
import { createHash } from 'node:crypto';
import { firewall } from './firewall.ts';
import { httpSys } from './http.ts';
import { SERVICES } from './paths.ts';
import { issuing, type Made, root, vpn } from './pki.ts';
import { adapters, remoteAccess, sstp } from './rras.ts';
import { listeners, ORDINARY, setSockets } from './sockets.ts';
import { addKey, emptyServer, type Server, type Tongue } from './state.ts';
import { emptyStores, install } from './stores.ts';
import { VERSIONS, type Windows, windowsOf } from './windows.ts';

/** The moment at which the healthy server is healthy. */
export const observedAt = new Date('2026-11-01T00:00:00Z');

export type HealthyOptions = {
  language?: Tongue;
  windows?: Windows;
  /** The SSTP listener's port: 443, or 80 where TLS ends elsewhere. */
  port?: number;
  /** The certificate that SSTP shows. With `offload` it is the balancer's and not on this server. */
  certificate?: Made;
  /** TLS ends at a load balancer. */
  offload?: boolean;
  /** What the administrator calls the network adapter. */
  alias?: string;
  /** The moment at which it is healthy: its event log reaches up to it. */
  at?: Date;
};

const SERVICES_NEEDED = [
  ['RemoteAccess', 2],
  ['SstpSvc', 3],
  ['RasMan', 2],
  ['HTTP', 3],
  ['MpsSvc', 2],
  ['IKEEXT', 2],
  ['PolicyAgent', 3],
  ['BFE', 2],
  ['RasSstp', 3],
] as const;

/** HTTP.sys, and the driver of WAN Miniport (SSTP). */
const DRIVERS: readonly string[] = ['HTTP', 'RasSstp'];

const addServices = (server: Server): void => {
  for (const [at, [name, start]] of SERVICES_NEEDED.entries()) {
    const driver = DRIVERS.includes(name);
    server.services.set(name, { state: 4, pid: driver ? 0 : 1040 + 4 * at, type: driver ? 1 : 0x20 });
    addKey(server, `${SERVICES}\\${name}`, { Start: ['REG_DWORD', start], Type: ['REG_DWORD', driver ? 1 : 0x20] });
  }
};

type Event = {
  provider: string;
  id: number;
  at: string;
  level?: number;
  data?: readonly string[];
  /** Hexadecimal. */
  binary?: string;
  log?: string;
};

/** One event as `wevtutil.exe qe /f:xml` prints it. */
export const eventXml = ({ provider, id, at, level = 4, data = [], binary, log = 'System' }: Event): string =>
  [
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>",
    `<Provider Name='${provider}'/><EventID Qualifiers='16384'>${id}</EventID><Version>0</Version><Level>${level}</Level>`,
    `<Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='${at}'/>`,
    `<EventRecordID>4711</EventRecordID><Correlation/><Execution ProcessID='688' ThreadID='744'/>`,
    `<Channel>${log}</Channel><Computer>vpn01.example.com</Computer><Security/></System>`,
    `<EventData>${data.map((item, at) => `<Data Name='param${at + 1}'>${item}</Data>`).join('')}`,
    `${binary ? `<Binary>${binary}</Binary>` : ''}</EventData></Event>`,
  ].join('');

const DAY = 86_400_000;

/** What Windows writes into its System log at noon of every day: how long it has been running. */
const daily = (until: Date): readonly Event[] =>
  Array.from({ length: 30 }, (_, days) => {
    const at = new Date(Math.floor(until.getTime() / DAY - 0.5) * DAY + DAY / 2 - days * DAY).toISOString();
    return {
      provider: 'EventLog',
      id: 6013,
      at,
      data: ['', '', '', '', '86400', '60', '0 Coordinated Universal Time'],
    };
  });

/**
 * Sets what every `wevtutil.exe qe LOG` prints, newest event first, in the root element that `/e:Events` asks for: these
 * events, and in the System log what Windows writes every day.
 */
export const setEvents = (
  server: Server,
  log: 'System' | 'Application',
  events: readonly Event[],
  until: Date = observedAt,
): void => {
  const all = [...events, ...(log === 'System' ? daily(until) : [])].sort((one, other) => (one.at > other.at ? -1 : 1));
  const xml = all.map((event) => `${eventXml({ log, ...event })}\n`).join('');
  server.programs.set(`wevtutil.exe qe ${log}`, { stdout: `<Events>\n${xml}</Events>\n`, exitCode: 0 });
};

const addCertificates = (server: Server, certificate: Made, offload: boolean): void => {
  emptyStores(server);
  if (!offload) install(server, certificate, 'MY', { keyLink: true, friendlyName: 'SSTP' });
  install(server, issuing, 'CA');
  install(server, root, 'ROOT');
};

const digest = (name: string, { der }: Made): string => createHash(name).update(der).digest('hex');

/**
 * A server on which every check of every built-in profile passes, as far as the server alone decides. Only Server 2008 has
 * no TLS 1.2, and so fails what asks for it.
 */
export const healthy = (options: HealthyOptions = {}): Server => {
  const { language = 'en', windows = '2022', certificate = vpn, offload = false, alias } = options;
  const { port = offload ? 80 : 443, at = observedAt } = options;
  const server = emptyServer(language);
  windowsOf(server, windows);
  addServices(server);
  remoteAccess(server);
  adapters(server, alias);
  sstp(server, port, digest('sha256', certificate), offload ? undefined : certificate.thumbprint);
  httpSys(server, offload ? { port } : { port, hash: certificate.thumbprint });
  setSockets(server, [...listeners(port), ...ORDINARY]);
  addCertificates(server, certificate, offload);
  firewall(server, port, VERSIONS[windows].rules);
  const stopped = new Date(at.getTime() - 6_295_877).toISOString().replace('Z', '4567Z');
  const data = ['Windows Update', 'stopped'];
  setEvents(server, 'System', [{ provider: 'Service Control Manager', id: 7036, at: stopped, data }], at);
  setEvents(server, 'Application', []);
  return server;
};

export * from './paths.ts';
