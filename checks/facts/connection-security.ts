import { defineFact } from '../../engine/define.ts';
import {
  CONNECTION_SECURITY,
  GROUP_POLICY_QUESTIONS,
  groupPolicyKey,
  LOCAL_SECURITY_QUESTION,
  localSecurityRules,
} from './firewall-policy.ts';
import { coverageOf } from './read/firewall-addresses.ts';
import { EVERY_PORT, FIREWALL_PROFILES, type FirewallProfile, type PortRange, rangeOf } from './read/firewall-rule.ts';
import type { Key } from './read/registry.ts';

/** A connection security rule that wants IPsec of whoever comes in, or that cannot be read. */
export type SecurityRule = Readonly<{
  title: string;
  profiles: readonly FirewallProfile[];
  /** Ports of the server at which it may want IPsec of every client. */
  ports: readonly PortRange[];
  /** Networks of IPv6 to which it is limited on the side of the server, as DirectAccess limits it to the inside; mostly none. */
  networks: readonly string[];
}>;

/** One of the two ends of a rule; a list that is empty limits nothing. */
type End = Readonly<{ addresses: readonly string[]; ports: readonly string[] }>;

/** They let in what comes without IPsec. Source: MS-FASP 2.2.52; that the registry writes them so: belief. */
const LENIENT = ['Boundary', 'DoNotSecure'];
const TCP = '6';

/** A client takes another port each time, out of some thousands: of so few ports hardly any comes. */
const FEW_PORTS = 1_000;

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

/**
 * `v2.10|Action=SecureServer|…|`. What makes no sense may want anything. Either end may be the server: a rule is about what
 * goes between any computer of the one and any of the other. Source: MS-GPFAS 2.2.6.2; Microsoft, "Computer Endpoints".
 */
const ruleOf = (id: string, text: string): SecurityRule | undefined => {
  const fields = text.split('|').map((part) => /^([A-Za-z]\w*)=([\s\S]*)$/.exec(part));
  const all = (...keys: readonly string[]): readonly string[] =>
    fields.flatMap((field) => (field && keys.includes(field[1] ?? '') ? [field[2] ?? ''] : []));
  const isOff = isAll(all('Active'), (value) => value === 'FALSE');
  const isLenient = isAll(all('Action'), (value) => LENIENT.includes(value));
  const isElsewhere = isAll(
    all('Protocol'),
    (value) => /^\d{1,3}$/.test(value) && value !== TCP && Number(value) < 255,
  );
  const endOf = (name: string): End => ({
    addresses: all(`${name}_4`, `${name}_6`),
    ports: all(`${name}Port`, `${name}Port2_10`),
  });
  const [one, other] = [endOf('EP1'), endOf('EP2')];
  const servers = [...(isEveryClient(other) ? [one] : []), ...(isEveryClient(one) ? [other] : [])];
  if (isOff || isLenient || isElsewhere || servers.length === 0) return;
  const [name = ''] = all('Name');
  const named = all('Profile').map((word) => word.toLowerCase());
  const profiles = FIREWALL_PROFILES.filter((profile) => named.includes(profile));
  return {
    title: name && !name.startsWith('@') ? name : id,
    profiles: profiles.length > 0 ? profiles : FIREWALL_PROFILES,
    ports: servers.flatMap(portsOf),
    networks: servers.every(isLimitedToIpv6) ? servers.flatMap(({ addresses }) => addresses) : [],
  };
};

const rulesIn = (key: Key | undefined): readonly SecurityRule[] =>
  (key?.names() ?? []).flatMap((id) => ruleOf(id, key?.type(id) === 'REG_SZ' ? (key.text(id) ?? '') : '') ?? []);

/**
 * The connection security rules that may keep clients out: they come without IPsec. Domain isolation sets them by Group
 * Policy; the place of those of the server itself: belief. Source: MS-GPFAS 2.2.6.2.
 */
export const connectionSecurity = defineFact<readonly SecurityRule[]>({
  id: 'firewall/connection-security',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: [...GROUP_POLICY_QUESTIONS, LOCAL_SECURITY_QUESTION],
  async ask($) {
    const [groupPolicy, local] = await Promise.all([groupPolicyKey($, CONNECTION_SECURITY), localSecurityRules($)]);
    return [...rulesIn(groupPolicy), ...rulesIn(local)];
  },
});
