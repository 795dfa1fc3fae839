import type { Shell } from '../../engine/define.ts';
import { needKey, readKey } from './read/ask.ts';
import type { Key } from './read/registry.ts';

/** Where Windows Firewall keeps what was set on the server itself. */
export const LOCAL_FIREWALL = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`;
/** Where Group Policy puts what it sets. */
export const GROUP_POLICY_FIREWALL = String.raw`HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`;
/** Where rules that want IPsec are; the keys that they use stand elsewhere. */
export const CONNECTION_SECURITY = 'ConSecRules';
export const GROUP_POLICY_KEYS = [
  'FirewallRules',
  CONNECTION_SECURITY,
  'DomainProfile',
  'PrivateProfile',
  'PublicProfile',
  'StandardProfile',
];

/** Questions that a server with Group Policy for its firewall is asked, and no other. */
export const GROUP_POLICY_QUESTIONS = GROUP_POLICY_KEYS.map(
  (name) => `reg.exe query ${GROUP_POLICY_FIREWALL}\\${name} /s`,
);

/**
 * One key of Group Policy, or `undefined` where it is proven that there is none. Never the whole store at once: it may
 * hold pre-shared keys of IPsec, and those are nobody's business here. `/s`, so that a key emptied by Group Policy answers.
 */
export const groupPolicyKey = async ($: Shell, name: string): Promise<Key | undefined> => {
  const store = await readKey($, GROUP_POLICY_FIREWALL, { usuallyAbsent: true });
  return store?.key(name) && readKey($, `${GROUP_POLICY_FIREWALL}\\${name}`, { recursive: true });
};

const MANAGED = `${LOCAL_FIREWALL}\\Mdm`;
const MANAGED_RULES = 'FirewallRules';
const MANAGED_PROFILES = ['DomainProfile', 'PrivateProfile', 'PublicProfile', 'StandardProfile'];
/** Questions that only a server under device management is asked. */
export const MANAGED_QUESTIONS = [
  `reg.exe query ${MANAGED}`,
  ...[MANAGED_RULES, ...MANAGED_PROFILES].map((name) => `reg.exe query ${MANAGED}\\${name} /s`),
];

/**
 * What a device management service has set: a key beside the local ones, which most servers do not have. The whole is never
 * asked for, as with Group Policy. The place is where public scripts clear away such rules; no document names it.
 */
const managedKey = async ($: Shell, name: string): Promise<Key | undefined> => {
  const store = (await needKey($, LOCAL_FIREWALL)).key('Mdm') && (await readKey($, MANAGED));
  return store?.key(name) && readKey($, `${MANAGED}\\${name}`, { recursive: true });
};

export const managedRules = ($: Shell): Promise<Key | undefined> => managedKey($, MANAGED_RULES);

/** Its profiles, whatever it calls them: which is which is not known. */
export const managedProfiles = async ($: Shell): Promise<readonly Key[]> =>
  (await Promise.all(MANAGED_PROFILES.map((name) => managedKey($, name)))).filter((key) => key !== undefined);

const LOCAL_SECURITY = `${LOCAL_FIREWALL}\\${CONNECTION_SECURITY}`;
/** A question that only a server with such rules of its own is asked. */
export const LOCAL_SECURITY_QUESTION = `reg.exe query ${LOCAL_SECURITY} /s`;

/** Connection security rules of the server itself. */
export const localSecurityRules = async ($: Shell): Promise<Key | undefined> =>
  (await needKey($, LOCAL_FIREWALL)).key(CONNECTION_SECURITY) && readKey($, LOCAL_SECURITY, { recursive: true });
