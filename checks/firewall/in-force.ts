import type { ProfileState } from '../facts/firewall-profiles.ts';
import type { StoredRule } from '../facts/firewall-rules.ts';
import { concernsTcpPort, type FirewallProfile } from '../facts/read/firewall-rule.ts';

/** The rules of one profile that decide about a TCP port on which HTTP.sys listens. */
export type InForce = Readonly<{
  /** It lets every client in. */
  open?: StoredRule;
  /** They let some clients in. */
  limited: readonly StoredRule[];
  /** They keep everybody out, whatever else lets them in. */
  closed: readonly StoredRule[];
  /** They keep some clients out. */
  denied: readonly StoredRule[];
  /** Why rules that name the port do not let anybody in. */
  vain: readonly string[];
}>;

/** Longest list of addresses or rules that a message holds, and the longest item in it. */
const SHOWN = 5;
const LONGEST = 200;
export const listed = (items: readonly string[]): string => {
  const shown = items.slice(0, SHOWN).map((item) => (item.length > LONGEST ? `${item.slice(0, LONGEST)}…` : item));
  return [shown.join(', '), ...(items.length > SHOWN ? [`${items.length - SHOWN} more`] : [])].join(' and ');
};

/** HTTP.sys takes connections as System, not as the SSTP service: a rule for a program or a service is not about them. */
const isForHttpSys = ({ program, service }: StoredRule): boolean =>
  (program === undefined || program.toLowerCase() === 'system') && service === undefined;

const limitsOf = ({ remote, local, interfaces, conditions }: StoredRule): readonly string[] => [
  ...(remote.length > 0 ? [`from ${listed(remote)}`] : []),
  ...(local.length > 0 ? [`to ${listed(local)}`] : []),
  ...(interfaces.length > 0 ? [`on ${listed(interfaces)}`] : []),
  ...(conditions.length > 0 ? [`where ${listed(conditions)}`] : []),
];

/** A rule as a message names it, with what limits it. */
export const described = (rule: StoredRule): string => {
  const origin = rule.store === 'local' ? '' : ` of ${rule.store}`;
  return [`rule ${rule.title.slice(0, 80)}${origin}`, ...limitsOf(rule)].join(' ');
};

/** Everybody, or so much of the Internet that clients are among them. */
const EVERYBODY = /^(?:\*|0\.0\.0\.0-255\.255\.255\.255|[\d.]+\/(?:[0-7]|0\.0\.0\.0)|::\/0|IntErnet)$/i;
/** The ends of tunnels: no client of SSTP comes there. */
const TUNNEL = 'RemoteAccess';

/** A block that is limited to some clients, or to tunnels. */
const isPartial = ({ remote, interfaces }: StoredRule): boolean =>
  (remote.length > 0 && !remote.some((address) => EVERYBODY.test(address))) ||
  (interfaces.length > 0 && interfaces.every((type) => type === TUNNEL));

const whyVain = (rule: StoredRule, state: ProfileState): string | undefined => {
  const { program = '', service, active, store } = rule;
  if (!active) return `${described(rule)} is switched off`;
  if (store === 'local' && !state.localRules.on)
    return `${described(rule)} is ignored, since Group Policy takes no local rules`;
  const owner = [program, service].filter(Boolean).join(', ');
  return isForHttpSys(rule) ? undefined : `${described(rule)} is for ${owner}, while HTTP.sys accepts SSTP as System`;
};

/** Only rules that an administrator would take for the exception: those for the port, not those of programs for any port. */
const vainOf = (rules: readonly StoredRule[], state: ProfileState): readonly string[] =>
  rules.filter(({ action, ports }) => action === 'Allow' && ports).flatMap((rule) => whyVain(rule, state) ?? []);

/** What the rules say about a TCP port on networks of one profile. Source: windows-facts 6.3. */
export const inForce = (
  rules: readonly StoredRule[],
  profile: FirewallProfile,
  state: ProfileState,
  port: number,
): InForce => {
  const about = rules.filter((rule) => rule.inbound && rule.profiles.includes(profile) && concernsTcpPort(rule, port));
  const counting = about.filter((rule) => whyVain(rule, state) === undefined);
  const allowing = counting.filter(({ action }) => action === 'Allow');
  const blocking = counting.filter(({ action }) => action === 'Block');
  const open = allowing.find((rule) => limitsOf(rule).length === 0);
  return {
    ...(open && { open }),
    limited: allowing.filter((rule) => rule !== open && limitsOf(rule).length > 0),
    closed: blocking.filter((rule) => !isPartial(rule)),
    denied: blocking.filter(isPartial),
    vain: vainOf(about, state),
  };
};
