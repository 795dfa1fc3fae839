import { coverageOf } from './firewall-addresses.ts';
import { EVERY_PORT, FIREWALL_PROFILES, type FirewallProfile, type PortRange, rangeOf } from './firewall-rule.ts';

/** A connection security rule that wants IPsec of whoever comes in, or that cannot be read. */
export type SecurityRule = Readonly<{
  title: string;
  profiles: readonly FirewallProfile[];
  /** Ports of the server at which it may want IPsec of every client. */
  ports: readonly PortRange[];
  /** Networks of IPv6 to which it is limited on the side of the server, as DirectAccess limits it to the inside; mostly none. */
  networks: readonly string[];
  /** Whether it is limited to nothing but profiles, so that an exemption is never less narrow than it. */
  plain: boolean;
}>;

/** A rule by which everybody needs no IPsec for TCP of some ports of the server, and that is limited by nothing else. */
export type Exemption = Pick<SecurityRule, 'title' | 'profiles' | 'ports'>;

type Fields = Readonly<{ keys: readonly string[]; all: (...keys: readonly string[]) => readonly string[] }>;
/** One of the two ends of a rule; a list that is empty limits nothing. */
type End = Readonly<{ addresses: readonly string[]; ports: readonly string[] }>;

const EXEMPT = 'DoNotSecure';
/** They let in what comes without IPsec. Source: MS-FASP 2.2.52; that the registry writes them so: belief. */
const LENIENT = ['Boundary', EXEMPT];
const TCP = '6';
/** What a rule is called, how IPsec is spoken, and its profiles. */
const PLAIN = ['Action', 'Active', 'Name', 'Desc', 'EmbedCtxt', 'Profile', 'Auth1Set', 'Auth2Set', 'Crypto2Set'];
const PORTS = ['Protocol', 'EP1Port', 'EP1Port2_10', 'EP2Port', 'EP2Port2_10'];

/** A client takes another port each time, out of some thousands: of so few ports hardly any comes. */
const FEW_PORTS = 1_000;

/** A part that is none of `Key=value` has the key `?`, and so has the end of a rule that was cut. */
const fieldsOf = (text: string): Fields => {
  const [, ...parts] = text.split('|');
  const whole = parts.at(-1) === '' ? parts.slice(0, -1) : [...parts, ''];
  const fields = whole.map((part) => /^([A-Za-z]\w*)=([\s\S]*)$/.exec(part));
  return {
    keys: fields.map((field) => field?.[1] ?? '?'),
    all: (...keys) => fields.flatMap((field) => (field && keys.includes(field[1] ?? '') ? [field[2] ?? ''] : [])),
  };
};

const endsOf = ({ all }: Fields): readonly [End, End] => {
  const endOf = (name: string): End => ({
    addresses: all(`${name}_4`, `${name}_6`),
    ports: all(`${name}Port`, `${name}Port2_10`),
  });
  return [endOf('EP1'), endOf('EP2')];
};

/** A keyword, and what makes no sense, may stand for any port. */
const portsOf = ({ ports }: End): readonly PortRange[] =>
  ports.length === 0 ? [EVERY_PORT] : ports.map(rangeOf).map((it) => (typeof it === 'object' ? it : EVERY_PORT));

const isEveryClient = (end: End): boolean =>
  coverageOf(end.addresses) !== 'some' &&
  portsOf(end).reduce((sum, { from, to }) => sum + to - from + 1, 0) > FEW_PORTS;

const isLimitedToIpv6 = ({ addresses }: End): boolean =>
  coverageOf(addresses) === 'some' && addresses.length > 0 && addresses.every((it) => it.includes(':'));

const isAll = (values: readonly string[], test: (value: string) => boolean): boolean =>
  values.length > 0 && values.every(test);

const titleOf = (id: string, { all }: Fields): string => {
  const [name = ''] = all('Name');
  return name && !name.startsWith('@') ? name : id;
};

const profilesOf = ({ all }: Fields): readonly FirewallProfile[] => {
  const named = all('Profile').map((word) => word.toLowerCase());
  return FIREWALL_PROFILES.filter((profile) => named.includes(profile));
};

/**
 * `v2.10|Action=SecureServer|…|`. What makes no sense may want anything. Either end may be the server: a rule is about what
 * goes between any computer of the one and any of the other. Source: MS-GPFAS 2.2.6.2; Microsoft, "Computer Endpoints".
 */
export const readSecurityRule = (id: string, text: string): SecurityRule | undefined => {
  const fields = fieldsOf(text);
  const { all, keys } = fields;
  const isOff = isAll(all('Active'), (value) => value === 'FALSE');
  const isLenient = isAll(all('Action'), (value) => LENIENT.includes(value));
  const isElsewhere = isAll(
    all('Protocol'),
    (value) => /^\d{1,3}$/.test(value) && value !== TCP && Number(value) < 255,
  );
  const [one, other] = endsOf(fields);
  const servers = [...(isEveryClient(other) ? [one] : []), ...(isEveryClient(one) ? [other] : [])];
  if (isOff || isLenient || isElsewhere || servers.length === 0) return;
  const profiles = profilesOf(fields);
  return {
    title: titleOf(id, fields),
    profiles: profiles.length > 0 ? profiles : FIREWALL_PROFILES,
    ports: servers.flatMap(portsOf),
    networks: servers.every(isLimitedToIpv6) ? servers.flatMap(({ addresses }) => addresses) : [],
    plain: keys.every((key) => PLAIN.includes(key)),
  };
};

/** Reads a rule that exempts from IPsec, where everything in it is known. Form and source: as of `readSecurityRule`. */
export const readExemption = (id: string, text: string): Exemption | undefined => {
  const fields = fieldsOf(text);
  const { all, keys } = fields;
  const isKnown =
    isAll(all('Action'), (value) => value === EXEMPT) &&
    isAll(all('Active'), (value) => value === 'TRUE') &&
    isAll(all('Protocol'), (value) => value === TCP) &&
    keys.every((key) => [...PLAIN, ...PORTS].includes(key));
  if (!isKnown) return;
  const [one, other] = endsOf(fields);
  const servers = [...(other.ports.length === 0 ? [one] : []), ...(one.ports.length === 0 ? [other] : [])];
  const ports = servers.flatMap((end) => (end.ports.length === 0 ? [EVERY_PORT] : end.ports.map(rangeOf)));
  return {
    title: titleOf(id, fields),
    profiles: all('Profile').length > 0 ? profilesOf(fields) : FIREWALL_PROFILES,
    ports: ports.filter((port) => typeof port === 'object'),
  };
};
