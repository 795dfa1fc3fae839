import { defineFact } from '../../engine/define.ts';
import {
  CONNECTION_SECURITY,
  GROUP_POLICY_QUESTIONS,
  groupPolicyKey,
  LOCAL_SECURITY_QUESTION,
  localSecurityRules,
} from './firewall-policy.ts';
import { coverageOf } from './read/firewall-addresses.ts';
import { FIREWALL_PROFILES, type FirewallProfile } from './read/firewall-rule.ts';
import type { Key } from './read/registry.ts';

/** A connection security rule that wants IPsec of whoever comes in, or that cannot be read. */
export type SecurityRule = Readonly<{ title: string; profiles: readonly FirewallProfile[] }>;

/** They let in what comes without IPsec. Source: MS-FASP 2.2.52; that the registry writes them so: belief. */
const LENIENT = ['Boundary', 'DoNotSecure'];
const TCP = '6';

const isAll = (values: readonly string[], test: (value: string) => boolean): boolean =>
  values.length > 0 && values.every(test);

/** `v2.10|Action=SecureServer|…|`. What makes no sense may want anything. Source: MS-GPFAS 2.2.6.2. */
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
  // Between some addresses and some others, as the tunnels of DirectAccess are: not about every client.
  const isPartial = [all('EP1_4', 'EP1_6'), all('EP2_4', 'EP2_6')].every((end) => coverageOf(end) === 'some');
  if (isOff || isLenient || isElsewhere || isPartial) return;
  const [name = ''] = all('Name');
  const named = all('Profile').map((word) => word.toLowerCase());
  const profiles = FIREWALL_PROFILES.filter((profile) => named.includes(profile));
  return {
    title: name && !name.startsWith('@') ? name : id,
    profiles: profiles.length > 0 ? profiles : FIREWALL_PROFILES,
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
