import type { ProfileState } from '../facts/firewall-profiles.ts';
import type { StoredRule } from '../facts/firewall-rules.ts';
import { coverageOf } from '../facts/read/firewall-addresses.ts';
import { concernsTcpPort, type FirewallProfile } from '../facts/read/firewall-rule.ts';

/** The rules of one profile that decide about a TCP port on which HTTP.sys listens. */
export type InForce = Readonly<{
  /** It lets every client in. */
  open?: StoredRule;
  /** They let some clients in. */
  limited: readonly StoredRule[];
  /** They may let every client in: whether what limits them fits SSTP is not known. */
  perhapsOpen: readonly StoredRule[];
  /** They keep everybody out, whatever else lets them in. */
  closed: readonly StoredRule[];
  /** They keep some clients out. */
  denied: readonly StoredRule[];
  /** They may keep everybody out: whether what limits them fits SSTP is not known. */
  perhapsClosed: readonly StoredRule[];
  /** Why rules that name the port do not let anybody in. */
  vain: readonly string[];
  /** Why rules of the server itself are not sure, in words that end a sentence; mostly none. */
  doubt: string;
}>;

/** Longest list of addresses or rules that a message holds, and the longest item in it. */
const SHOWN = 5;
const LONGEST = 200;
export const listed = (items: readonly string[]): string => {
  const shown = items.slice(0, SHOWN).map((item) => (item.length > LONGEST ? `${item.slice(0, LONGEST)}…` : item));
  return [shown.join(', '), ...(items.length > SHOWN ? [`${items.length - SHOWN} more`] : [])].join(' and ');
};

/** A rule for the processes of one app package, by its SID or, in newer rules, by its name; the System process is none (belief). */
const PACKAGE = /^(?:AppPkgId|PFN)=/;

/** HTTP.sys takes connections as System, not as the SSTP service: a rule for a program or a service is not about them. */
const isForHttpSys = ({ program, service, conditions }: StoredRule): boolean =>
  (program === undefined || program.toLowerCase() === 'system') &&
  service === undefined &&
  !conditions.some((condition) => PACKAGE.test(condition));

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

/** The ends of tunnels: no client of SSTP comes there. */
const TUNNEL = 'RemoteAccess';
/** Every other kind of interface. */
const OUTER = ['Lan', 'Wireless'];
/** Such a rule lets in what IPsec protects, and clients of SSTP come without. */
const IPSEC = /^Security\w*=/;

/** Whether a rule is, beyond doubt, not about every client: about some addresses, or about tunnels. */
const isPartial = ({ remote, interfaces }: StoredRule): boolean =>
  coverageOf(remote) === 'some' || (interfaces.length > 0 && interfaces.every((type) => type === TUNNEL));

/**
 * Whether it cannot be told that a rule fits what SSTP clients send: it is for an address or an interface of the server, of
 * which nobody here knows whether clients come to it, or it has conditions that are not known.
 */
const isUnclear = ({ remote, local, interfaces, conditions }: StoredRule): boolean =>
  coverageOf(remote) === 'unclear' ||
  coverageOf(local) !== 'all' ||
  (interfaces.length > 0 && !OUTER.every((type) => interfaces.includes(type))) ||
  conditions.length > 0;

/** A block for so many addresses that clients are among them is one for all. */
const blockOf = (rule: StoredRule): 'denied' | 'perhapsClosed' | 'closed' => {
  if (isPartial(rule)) return 'denied';
  return isUnclear(rule) ? 'perhapsClosed' : 'closed';
};

const allowanceOf = (rule: StoredRule): 'limited' | 'perhapsOpen' | 'open' => {
  const isLimited = coverageOf(rule.remote) === 'most' || rule.conditions.some((condition) => IPSEC.test(condition));
  if (isPartial(rule) || isLimited) return 'limited';
  return isUnclear(rule) ? 'perhapsOpen' : 'open';
};

const whyVain = (rule: StoredRule, state: ProfileState): string | undefined => {
  const { program = '', service, active, store } = rule;
  if (!active) return `${described(rule)} is switched off`;
  if (store === 'local' && !state.localRules.on)
    return `${described(rule)} is ignored, since Group Policy takes no local rules`;
  const owner = [program, service].filter(Boolean).join(', ') || 'an app package';
  return isForHttpSys(rule) ? undefined : `${described(rule)} is for ${owner}, while HTTP.sys accepts SSTP as System`;
};

/** Only rules that an administrator would take for the exception: those for the port, not those of programs for any port. */
const vainOf = (rules: readonly StoredRule[], state: ProfileState): readonly string[] =>
  rules.filter(({ action, ports }) => action === 'Allow' && ports).flatMap((rule) => whyVain(rule, state) ?? []);

const NO_EXCEPTIONS =
  '; Group Policy takes no exceptions for ports or programs of the server itself (AllowUserPrefMerge is 0), which may mean its rules';

/** What the rules say about a TCP port on networks of one profile. Source: windows-facts 6.3. */
export const inForce = (
  rules: readonly StoredRule[],
  profile: FirewallProfile,
  state: ProfileState,
  port: number,
): InForce => {
  const about = rules.filter((rule) => rule.inbound && rule.profiles.includes(profile) && concernsTcpPort(rule, port));
  const counting = about.filter((rule) => whyVain(rule, state) === undefined);
  // Group Policy that takes no local rules may mean those of device management, too.
  const isSure = ({ store }: StoredRule): boolean =>
    store === 'local' ? state.localExceptions : store === 'Group Policy' || state.localRules.on;
  const allowing = Map.groupBy(
    counting.filter(({ action }) => action === 'Allow'),
    (rule) => (isSure(rule) || allowanceOf(rule) === 'limited' ? allowanceOf(rule) : 'perhapsOpen'),
  );
  const blocking = Map.groupBy(
    counting.filter(({ action }) => action === 'Block'),
    (rule) => (isSure(rule) || blockOf(rule) === 'denied' ? blockOf(rule) : 'perhapsClosed'),
  );
  const open = allowing.get('open')?.[0];
  return {
    ...(open && { open }),
    limited: allowing.get('limited') ?? [],
    perhapsOpen: allowing.get('perhapsOpen') ?? [],
    closed: blocking.get('closed') ?? [],
    denied: blocking.get('denied') ?? [],
    perhapsClosed: blocking.get('perhapsClosed') ?? [],
    vain: vainOf(about, state),
    doubt: state.localExceptions ? '' : NO_EXCEPTIONS,
  };
};
