/** The profiles of Windows Firewall, as a rule names them in lower case. */
export const FIREWALL_PROFILES = ['domain', 'private', 'public'] as const;
export type FirewallProfile = (typeof FIREWALL_PROFILES)[number];

export type PortRange = Readonly<{ from: number; to: number }>;
export const EVERY_PORT: PortRange = { from: 0, to: 65_535 };

/** A rule of Windows Firewall; what is absent or empty limits nothing. */
export type FirewallRule = Readonly<{
  id: string;
  /** Its name where that is text, else its id: names of built-in rules are references into a library. */
  title: string;
  action: 'Allow' | 'Block' | 'ByPass';
  active: boolean;
  inbound: boolean;
  profiles: readonly FirewallProfile[];
  protocol?: number;
  /** Local ports. A keyword such as RPC stands for ports that are chosen at run time, and adds none here. */
  ports?: readonly PortRange[];
  program?: string;
  service?: string;
  remote: readonly string[];
  local: readonly string[];
  interfaces: readonly string[];
  /** `Key=value` of everything else that limits it, and of keys that are not known: newer ones have all been limits. */
  conditions: readonly string[];
}>;

/** A rule that could not be read. `elsewhere`: what could be read proves that it is not about inbound TCP. */
export type OddRule = Readonly<{ id: string; odd: string; elsewhere: boolean }>;

type Fields = ReadonlyMap<string, readonly string[]>;

const TCP = 6;
const UDP = 17;
const ONCE = ['Action', 'Dir', 'Protocol', 'App', 'Svc', 'Name', 'Active'];
const PORTS = /^LPort(?:2_\d+)?$/;
/** DirectAccess listens on port 443 as SSTP does, where it is set up (MS-IPHTTPS); these keywords stand for its port. */
const IP_HTTPS = /^IP(?:HTTPS|TLS)In$/;
const REMOTE = ['RA4', 'RA6', 'RA42', 'RA62'];
const LOCAL = ['LA4', 'LA6'];
const INTERFACES = ['IF', 'IFType'];
/** Texts, and what lets more traffic through, never less. */
const HARMLESS = ['Desc', 'EmbedCtxt', 'Edge', 'Defer', 'LSM', 'PCross'];
const JUDGED = [...ONCE, ...REMOTE, ...LOCAL, ...INTERFACES, ...HARMLESS, 'Profile'];

const fieldsOf = (parts: readonly string[]): Fields | undefined => {
  const fields = new Map<string, string[]>();
  for (const part of parts) {
    const [, key, value] = /^([A-Za-z]\w*)=([\s\S]*)$/.exec(part) ?? [];
    if (key === undefined || value === undefined || (value === '' && !HARMLESS.includes(key))) return;
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  return fields;
};

/** `443` or `440-450`, the name of a port that is chosen at run time, or neither. */
export const rangeOf = (text: string): PortRange | 'keyword' | undefined => {
  if (/^[A-Za-z][\w-]*$/.test(text)) return 'keyword';
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  return range.from <= range.to && range.to <= 65_535 ? range : undefined;
};

const WORDS: Readonly<Record<string, RegExp>> = {
  Action: /^(?:Allow|Block|ByPass)$/,
  Dir: /^(?:In|Out)$/,
  Active: /^(?:TRUE|FALSE)$/,
  Profile: /^(?:Domain|Private|Public)$/,
  Protocol: /^(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/,
};

/** What is wrong with a rule whose fields could be told apart. */
const flawOf = (fields: Fields): string | undefined => {
  const all = (key: string): readonly string[] => fields.get(key) ?? [];
  const twice = ONCE.find((key) => all(key).length > 1);
  if (twice) return `it holds ${twice} twice`;
  // Windows writes the name behind everything that limits a rule but its package and its owner: without it, it was cut. It
  // always writes Active, too: what a rule without it does is not known.
  const missing = ['Action', 'Active', 'Dir', 'Name'].find((key) => all(key).length === 0);
  if (missing) return `it holds no ${missing}`;
  for (const [key, shape] of Object.entries(WORDS)) {
    const odd = all(key).find((word) => !shape.test(word));
    if (odd) return `it holds ${key}=${odd.slice(0, 40)}`;
  }
  const ports = [...fields].filter(([key]) => PORTS.test(key)).flatMap(([, values]) => values);
  const odd = ports.find((port) => rangeOf(port) === undefined);
  if (odd) return `it holds the port ${odd.slice(0, 40)}`;
  const shared = all('Action')[0] === 'Block' && ports.find((port) => IP_HTTPS.test(port));
  if (shared) return `it blocks ${shared}, the port of DirectAccess, which may be that of SSTP`;
  return ports.length > 0 && ![TCP, UDP].includes(Number(all('Protocol')[0]))
    ? 'it holds a port without TCP or UDP'
    : undefined;
};

/** Whether some field, read alone, proves that the rule does not concern inbound TCP. */
const isElsewhere = (fields: Fields): boolean => {
  const only = (key: string): string | undefined => (fields.get(key)?.length === 1 ? fields.get(key)?.[0] : undefined);
  const protocol = only('Protocol') ?? String(TCP);
  const isOther = WORDS['Protocol']?.test(protocol) && Number(protocol) !== TCP;
  return only('Dir') === 'Out' || only('Active') === 'FALSE' || isOther === true;
};

const ruleOf = (id: string, fields: Fields): FirewallRule => {
  const all = (...keys: readonly string[]): readonly string[] => keys.flatMap((key) => fields.get(key) ?? []);
  const [name = ''] = all('Name');
  const [program] = all('App');
  const [service] = all('Svc');
  const [protocol] = all('Protocol');
  const named = all('Profile').map((word) => word.toLowerCase());
  const portKeys = [...fields.keys()].filter((key) => PORTS.test(key));
  const ports = all(...portKeys).map(rangeOf);
  const others = [...fields.keys()].filter((key) => !JUDGED.includes(key) && !portKeys.includes(key));
  return {
    id,
    title: /^@/.test(name) ? id : name,
    action: all('Action')[0] === 'Allow' ? 'Allow' : all('Action')[0] === 'Block' ? 'Block' : 'ByPass',
    active: all('Active')[0] === 'TRUE',
    inbound: all('Dir')[0] === 'In',
    profiles: FIREWALL_PROFILES.filter((profile) => named.length === 0 || named.includes(profile)),
    ...(protocol && { protocol: Number(protocol) }),
    ...(ports.length > 0 && { ports: ports.filter((port) => typeof port === 'object') }),
    ...(program && { program }),
    ...(service && { service }),
    remote: all(...REMOTE),
    local: all(...LOCAL),
    interfaces: all(...INTERFACES),
    conditions: others.flatMap((key) => all(key).map((value) => `${key}=${value}`)),
  };
};

/**
 * Reads a rule as the registry holds it: `v2.31|Action=Allow|...|`. Never throws: one odd rule leaves the others readable.
 * Source: MS-GPFAS 2.2.2.
 */
export const readFirewallRule = (id: string, text: string): FirewallRule | OddRule => {
  const [version = '', ...parts] = text.split('|');
  const isWhole = /^v\d{1,3}\.\d{1,3}$/.test(version) && parts.length > 1 && parts.at(-1) === '';
  const fields = isWhole ? fieldsOf(parts.slice(0, -1)) : undefined;
  if (!fields) return { id, odd: 'it is not of the form of a rule', elsewhere: false };
  const flaw = flawOf(fields);
  return flaw ? { id, odd: flaw, elsewhere: isElsewhere(fields) } : ruleOf(id, fields);
};

/** Whether a port is in one of the ranges. */
export const holdsPort = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to);

/** Whether packets to a TCP port are among those that the rule is about, whatever else limits it. */
export const concernsTcpPort = ({ protocol, ports }: FirewallRule, port: number): boolean =>
  (protocol === undefined || protocol === TCP) && (!ports || holdsPort(ports, port));
