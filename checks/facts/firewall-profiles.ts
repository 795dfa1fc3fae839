import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import {
  GROUP_POLICY_QUESTIONS,
  groupPolicyKey,
  LOCAL_FIREWALL,
  MANAGED_QUESTIONS,
  managedProfiles,
} from './firewall-policy.ts';
import { needKey } from './read/ask.ts';
import { EVERY_PORT, type FirewallProfile, type PortRange } from './read/firewall-rule.ts';
import type { Key } from './read/registry.ts';
import { firewallService } from './services.ts';

/** A switch of a profile, and who set it. */
export type Switch = Readonly<{ on: boolean; by: 'Group Policy' | 'local setting' | 'default' }>;

export type ProfileState = Readonly<{
  /** EnableFirewall. */
  firewall: Switch;
  /** DefaultInboundAction: what no rule is about is blocked. */
  blocksByDefault: Switch;
  /** DoNotAllowExceptions: all inbound connections are blocked, whatever the rules say. */
  shielded: Switch;
  /** AllowLocalPolicyMerge: local rules count beside those of Group Policy. */
  localRules: Switch;
  /** AllowUserPrefMerge: without it, Group Policy takes no exceptions for ports or programs of the server itself. */
  localExceptions: boolean;
  /** TCP ports of exceptions that Group Policy holds in the form of Windows XP. */
  oldExceptions: readonly PortRange[];
}>;
export type ProfileStates = Readonly<Record<FirewallProfile, ProfileState>>;

const bit = (key: Key | undefined, name: string): boolean | undefined => {
  const value = key?.dword(name);
  if (value !== undefined && value > 1) throw new Unknown('unreadable', `${key?.path} ${name} holds ${value}`);
  return value === undefined ? undefined : value === 1;
};

/** Group Policy goes before the server itself, value by value. */
const switchOf = (name: string, otherwise: boolean, policy: Key | undefined, local: Key | undefined): Switch => {
  const [set, own] = [bit(policy, name), bit(local, name)];
  if (set !== undefined) return { on: set, by: 'Group Policy' };
  return own === undefined ? { on: otherwise, by: 'default' } : { on: own, by: 'local setting' };
};

/** One that is on is enough, whoever set it. Source: the merge law of FW_PROFILE_CONFIG_SHIELDED, MS-FASP 2.2.38. */
const shieldOf = (policy: Key | undefined, local: Key): Switch => {
  const set = switchOf('DoNotAllowExceptions', false, policy, local);
  return set.on ? set : switchOf('DoNotAllowExceptions', false, undefined, local);
};

/** `443:TCP:*:enabled:SSTP`; what cannot be told apart may be about any port. */
const oldExceptions = (policy: Key | undefined): readonly PortRange[] => {
  const list = policy?.key(String.raw`GloballyOpenPorts\List`);
  return (list?.names() ?? []).flatMap((name) => {
    const [, digits, protocol] = /^(\d{1,5}):(TCP|UDP):/i.exec(list?.text(name) ?? '') ?? [];
    if (protocol?.toUpperCase() === 'UDP') return [];
    return digits ? [{ from: Number(digits), to: Number(digits) }] : [EVERY_PORT];
  });
};

const stateOf = (policy: Key | undefined, local: Key): ProfileState => ({
  firewall: switchOf('EnableFirewall', true, policy, local),
  blocksByDefault: switchOf('DefaultInboundAction', true, policy, local),
  shielded: shieldOf(policy, local),
  localRules: switchOf('AllowLocalPolicyMerge', true, policy, undefined),
  localExceptions: ['GloballyOpenPorts', 'AuthorizedApplications'].every(
    (name) => bit(policy?.key(name), 'AllowUserPrefMerge') ?? true,
  ),
  oldExceptions: oldExceptions(policy),
});

/** What a device management service can set, too, and what else it sets that has nothing to do with what comes in. */
const SWITCHES = {
  EnableFirewall: 'firewall',
  DefaultInboundAction: 'blocksByDefault',
  DoNotAllowExceptions: 'shielded',
  AllowLocalPolicyMerge: 'localRules',
} as const;
const HARMLESS =
  /^(?:Disable(?:Notifications|StealthMode\w*|Unicast\w*)|DefaultOutboundAction|AllowLocalIPsecPolicyMerge)$/i;

/** Which of them counts where they differ is not known; nor which profile is meant: so what it sets must be so in each of them. */
const refuseManaged = (managed: readonly Key[], states: ProfileStates): void => {
  for (const key of managed) {
    const differs = Object.entries(SWITCHES).find(([name, field]) => {
      const set = bit(key, name);
      return set !== undefined && Object.values(states).some((state) => state[field].on !== set);
    });
    const odd =
      differs?.[0] ??
      key.names().find((name) => !Object.hasOwn(SWITCHES, name) && !HARMLESS.test(name)) ??
      key.keys().find(({ name }) => name.toLowerCase() !== 'logging')?.name;
    if (odd)
      throw new Unknown(
        'unreadable',
        `${key.path} of a device management service holds ${odd}, and whether that counts is not known`,
      );
  }
};

/** The older StandardProfile counts for private and public only where neither has a key of its own. Source: MS-GPFAS 2.2.3. */
const policies = async ($: Shell): Promise<Readonly<Record<FirewallProfile, Key | undefined>>> => {
  const [domain, own, open, standard] = await Promise.all(
    ['DomainProfile', 'PrivateProfile', 'PublicProfile', 'StandardProfile'].map((name) => groupPolicyKey($, name)),
  );
  return own || open ? { domain, private: own, public: open } : { domain, private: standard, public: standard };
};

/**
 * What Windows Firewall does on each kind of network. Where its service does not run, no rule is in force; Microsoft does
 * not support that state, and whether Windows then lets everything in or keeps out what it keeps out while it boots, is
 * not told: unknown, in either case. Source: windows-facts 6.3.
 */
export const firewallProfiles = defineFact<ProfileStates>({
  id: 'firewall/profiles',
  vantage: 'server',
  right: 'query services, read HKLM (any user)',
  mayAsk: [...GROUP_POLICY_QUESTIONS, ...MANAGED_QUESTIONS],
  async ask($, facts) {
    const [service, managed, policy, domain, own, open] = await Promise.all([
      facts.need(firewallService),
      managedProfiles($),
      policies($),
      needKey($, `${LOCAL_FIREWALL}\\DomainProfile`),
      needKey($, `${LOCAL_FIREWALL}\\StandardProfile`),
      needKey($, `${LOCAL_FIREWALL}\\PublicProfile`),
    ]);
    const state = service.installed ? service.state : 'not installed';
    if (state !== 'RUNNING')
      throw new Unknown(
        'absent',
        `the service MpsSvc is ${state}: no rule is in force, and what Windows lets in then is not known`,
      );
    const states = {
      domain: stateOf(policy.domain, domain),
      private: stateOf(policy.private, own),
      public: stateOf(policy.public, open),
    };
    refuseManaged(managed, states);
    return states;
  },
});
