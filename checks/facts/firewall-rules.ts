import { defineFact, Unknown } from '../../engine/define.ts';
import {
  GROUP_POLICY_QUESTIONS,
  groupPolicyKey,
  LOCAL_FIREWALL,
  MANAGED_QUESTIONS,
  managedRules,
} from './firewall-policy.ts';
import { needKey } from './read/ask.ts';
import { type FirewallRule, readFirewallRule } from './read/firewall-rule.ts';
import type { Key } from './read/registry.ts';

/** A rule, and who made it. Group Policy may have the local ones ignored. */
export type StoredRule = Readonly<FirewallRule & { store: 'local' | 'Group Policy' | 'device management' }>;

const textOf = (key: Key, id: string): string =>
  key.type(id) === 'REG_SZ' ? (key.text(id) ?? '') : `of the type ${key.type(id)}`;

/** The rules of a key. One that cannot be read is passed over where it cannot matter to inbound TCP. */
const rulesIn = (key: Key | undefined, store: StoredRule['store']): readonly StoredRule[] =>
  (key?.names() ?? []).flatMap((id) => {
    const rule = readFirewallRule(id, key ? textOf(key, id) : '');
    if (!('odd' in rule)) return [{ ...rule, store }];
    if (rule.elsewhere) return [];
    throw new Unknown('unreadable', `the firewall rule ${id.slice(0, 80)} cannot be read: ${rule.odd}`);
  });

/** Every rule of Windows Firewall that could concern inbound TCP, and the others that can be read. Source: windows-facts 6.2. */
export const firewallRules = defineFact<readonly StoredRule[]>({
  id: 'firewall/rules',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: [...GROUP_POLICY_QUESTIONS, ...MANAGED_QUESTIONS],
  async ask($) {
    const [local, managed, groupPolicy] = await Promise.all([
      needKey($, `${LOCAL_FIREWALL}\\FirewallRules`),
      managedRules($),
      groupPolicyKey($, 'FirewallRules'),
    ]);
    return [
      ...rulesIn(groupPolicy, 'Group Policy'),
      ...rulesIn(managed, 'device management'),
      ...rulesIn(local, 'local'),
    ];
  },
});
