/** HTTP.sys of a pretended server: what is bound in the registry, and what netsh.exe prints of it. */
import { type Row, sslcertText } from './netsh.ts';
import { CCS_BINDINGS, CURRENT_VERSION, SERVICES, SNI_BINDINGS, SSL_BINDINGS, URL_RESERVATIONS } from './paths.ts';
import type { Said } from './reg.ts';
import { addKey, getValue, type Registry, removeKey, subkeysOf } from './registry.ts';
import type { Tongue } from './words.ts';

type Machine = Registry & { programs: Map<string, Said>; language: Tongue };

export const SSTP_APP_ID = '{ba195980-cd49-458b-9e23-c84ee0adcd75}';
export const IIS_APP_ID = '{4dc3e181-e14b-4a21-b022-59fc669b0914}';
export const SSTP_URL_PATH = '/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/';
export const SHOW_SSLCERT = 'netsh.exe http show sslcert';

/** Either of these is enough to tell the certificate bindings. */
export const BINDING_SOURCES = [/SslBindingInfo/, /http show sslcert/];
export const SHOW_REQUEST_QUEUES = 'netsh.exe http show servicestate view=requestq verbose=no';

const hex = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex') : '');

/** The 16 bytes of a GUID, its first three parts little-endian. */
const guidBytes = (guid: string): Uint8Array => {
  const bytes = Buffer.from(guid.replace(/[{}-]/g, ''), 'hex');
  return new Uint8Array([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => bytes[at] ?? 0));
};
const guidOf = (bytes: unknown): string => {
  const all = hex(bytes instanceof Uint8Array ? guidBytes(hex(bytes)) : bytes);
  return `{${all.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}}`;
};

const generation = (machine: Machine): number =>
  Number(getValue(machine, CURRENT_VERSION, 'CurrentBuild')?.[1] ?? 20348);

/** Lines added by later builds: label, and the bit of DefaultFlags. */
const FLAGS: readonly (readonly [build: number, label: string, bit: number])[] = [
  [14393, 'Disable HTTP2', 0x10],
  [17763, 'Disable QUIC', 0x20],
  [17763, 'Disable TLS1.2', 0x1000],
  [17763, 'Disable TLS1.3', 0x40],
  [17763, 'Disable OCSP Stapling', 0x80],
  [17763, 'Enable Token Binding', 0x100],
  [17763, 'Log Extended Events', 0x200],
  [17763, 'Disable Legacy TLS Versions', 0x400],
  [17763, 'Enable Session Ticket', 0x800],
];

/** What names a binding: an address, a host name (SNI), or only a port (central certificate store). */
const KINDS = [
  { shape: /^(?:[\d.]+|\[.*\]):\d+$/, key: SSL_BINDINGS, label: 'IP:port' },
  { shape: /:/, key: SNI_BINDINGS, label: 'Hostname:port' },
  { shape: /^\d+$/, key: CCS_BINDINGS, label: 'Central Certificate Store' },
] as const;
const bindingKey = (endpoint: string): string =>
  `${KINDS.find(({ shape }) => shape.test(endpoint))?.key ?? SSL_BINDINGS}\\${endpoint}`;

const rowsOf = (machine: Machine, key: string, label: string, endpoint: string): readonly Row[] => {
  const value = (name: string): unknown => getValue(machine, `${key}\\${endpoint}`, name)?.[1];
  const flags = Number(value('DefaultFlags') ?? 0);
  const build = generation(machine);
  const onOff = (bit: number): string => (flags & bit ? 'Enabled' : 'Disabled');
  const none = build < 7600 ? '' : '(null)';
  return [
    [label, endpoint],
    ['Certificate Hash', hex(value('SslCertHash')) || none],
    ['Application ID', guidOf(value('AppId'))],
    ['Certificate Store Name', String(value('SslCertStoreName') ?? none)],
    ['Verify Client Certificate Revocation', 'Enabled'],
    ['Verify Revocation Using Cached Client Certificate Only', 'Disabled'],
    ['Usage Check', 'Enabled'],
    ['Revocation Freshness Time', '0'],
    ['URL Retrieval Timeout', '0'],
    ['Ctl Identifier', none],
    ['Ctl Store Name', none],
    ['DS Mapper Usage', onOff(1)],
    ['Negotiate Client Certificate', onOff(2)],
    ...(build < 14393 ? [] : [['Reject Connections', onOff(8)] as const]),
    ...FLAGS.filter(([since]) => build >= since).map(
      ([, flag, bit]) => [flag, flags & bit ? 'Set' : 'Not Set'] as const,
    ),
  ];
};

/** Makes `netsh.exe http show sslcert` say what the registry says. */
export const agreeOnBindings = (machine: Machine): void => {
  const bindings = KINDS.flatMap(({ key, label }) =>
    subkeysOf(machine, key).map((endpoint) => rowsOf(machine, key, label, endpoint)),
  );
  machine.programs.set(SHOW_SSLCERT, { stdout: sslcertText(machine.language, bindings), exitCode: 0 });
};

/**
 * Binds a certificate (its thumbprint) in the registry and in netsh's answer, to `address:port`, `host:port` (SNI) or,
 * without a thumbprint, to `port` (central certificate store).
 */
export const bind = (
  machine: Machine,
  endpoint: string,
  hash?: string,
  { appId = SSTP_APP_ID, store = 'MY', flags = 0 }: { appId?: string; store?: string; flags?: number } = {},
): void => {
  addKey(machine, bindingKey(endpoint), {
    ...(hash && {
      SslCertHash: ['REG_BINARY', new Uint8Array(Buffer.from(hash, 'hex'))],
      SslCertStoreName: ['REG_SZ', store],
    }),
    AppId: ['REG_BINARY', guidBytes(appId)],
    DefaultSslCertCheckMode: ['REG_DWORD', 0],
    DefaultSslRevocationFreshnessTime: ['REG_DWORD', 0],
    DefaultSslRevocationUrlRetrievalTimeout: ['REG_DWORD', 0],
    DefaultFlags: ['REG_DWORD', flags],
  });
  agreeOnBindings(machine);
};

/** Removes a binding from both; the key of its kind stays. */
export const unbind = (machine: Machine, endpoint: string): void => {
  const key = bindingKey(endpoint);
  removeKey(machine, key);
  addKey(machine, key.slice(0, key.lastIndexOf('\\')));
  agreeOnBindings(machine);
};

const queue = (urls: readonly string[], pid: number): string =>
  [
    'Request queue name: Request queue is unnamed.\n    Version: 2.0\n    State: Active\n',
    '    Request queue 503 verbosity level: Basic\n    Max requests: 1000\n    Number of active processes attached: 1\n',
    `    Process IDs:\n        ${pid}\n\n    URL groups:\n    URL group ID: FE00000020000001\n        State: Active\n`,
    '        Request queue name: Request queue is unnamed.\n        Number of registered URLs: ',
    `${urls.length}\n        Registered URLs:\n${urls.map((url) => `            ${url}\n`).join('')}\n`,
  ].join('');

/** What HTTP.sys serves, as `netsh.exe http show servicestate` lists it. Form of the live text: belief. */
export const register = (machine: Machine, urls: readonly string[]): void => {
  const others = queue(['HTTP://+:5985/WSMAN/', 'HTTP://+:47001/WSMAN/'], 2360);
  const stdout = `\nSnapshot of HTTP service state (Request Queue View): \n----------------------------------------------------- \n\n${others}${urls.length ? queue(urls, 1048) : ''}\n`;
  machine.programs.set(SHOW_REQUEST_QUEUES, { stdout, exitCode: 0 });
};

/** Sets a URL aside, as `netsh.exe http add urlacl` does; the data is a security descriptor, which nobody here reads. */
export const reserve = (machine: Registry, url: string): void =>
  addKey(machine, URL_RESERVATIONS, { [url]: ['REG_BINARY', new Uint8Array(Buffer.from('01000480', 'hex'))] });

/** HTTP.sys with the SSTP URL and, unless TLS ends elsewhere, the certificate on both wildcards. */
export const httpSys = (machine: Machine, { port, hash }: { port: number; hash?: string }): void => {
  addKey(machine, `${SERVICES}\\HTTP`, { Start: ['REG_DWORD', 3], Type: ['REG_DWORD', 1] });
  addKey(machine, SSL_BINDINGS);
  agreeOnBindings(machine);
  if (hash) for (const address of ['0.0.0.0', '[::]']) bind(machine, `${address}:${port}`, hash);
  // Windows sets these aside itself, whether or not SSTP is in use.
  for (const url of ['http://+:80/Temporary_Listen_Addresses/', `https://+:443${SSTP_URL_PATH}`]) reserve(machine, url);
  register(machine, [`${hash ? 'HTTPS' : 'HTTP'}://+:${port}:${SSTP_URL_PATH.toUpperCase()}`]);
};
