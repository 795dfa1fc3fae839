import { defineFact } from '../../engine/define.ts';
import {
  CONNECTION_SECURITY,
  GROUP_POLICY_QUESTIONS,
  groupPolicyKey,
  LOCAL_SECURITY_QUESTION,
  localSecurityRules,
} from './firewall-policy.ts';
import type { Key } from './read/registry.ts';
import { type Exemption, readExemption, readSecurityRule, type SecurityRule } from './read/security-rule.ts';

/** A connection security rule, and the exemptions that win over it. */
export type Demand = SecurityRule & Readonly<{ exemptions: readonly Exemption[] }>;

const textsIn = (key: Key | undefined): readonly (readonly [id: string, text: string])[] =>
  (key?.names() ?? []).map((id) => [id, key?.type(id) === 'REG_SZ' ? (key.text(id) ?? '') : '']);

/**
 * An exemption wins "regardless of other connection security rules" (Microsoft, "Connection Security Rule Wizard: Rule Type
 * Page"). Others say that the narrower rule does, so it counts only beside rules that are narrowed by nothing.
 */
const demandsIn = (key: Key | undefined, exemptions: readonly Exemption[]): readonly Demand[] =>
  textsIn(key)
    .flatMap(([id, text]) => readSecurityRule(id, text) ?? [])
    .map((rule) => ({ ...rule, exemptions: rule.plain ? exemptions : [] }));

const exemptionsIn = (key: Key | undefined): readonly Exemption[] =>
  textsIn(key).flatMap(([id, text]) => readExemption(id, text) ?? []);

/**
 * The connection security rules that may keep clients out: they come without IPsec. Domain isolation sets them by Group
 * Policy, which can have those of the server itself ignored: against Group Policy, exemptions of the server do not count.
 * Source: MS-GPFAS 2.2.6.2; those of the server itself are found so in public exports of registries.
 */
export const connectionSecurity = defineFact<readonly Demand[]>({
  id: 'firewall/connection-security',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: [...GROUP_POLICY_QUESTIONS, LOCAL_SECURITY_QUESTION],
  async ask($) {
    const [groupPolicy, local] = await Promise.all([groupPolicyKey($, CONNECTION_SECURITY), localSecurityRules($)]);
    const exemptions = exemptionsIn(groupPolicy);
    return [...demandsIn(groupPolicy, exemptions), ...demandsIn(local, [...exemptions, ...exemptionsIn(local)])];
  },
});
