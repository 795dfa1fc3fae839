import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { connectionSecurity, type Demand } from '../facts/connection-security.ts';
import { firewallProfiles, type ProfileState, type Switch } from '../facts/firewall-profiles.ts';
import { firewallRules } from '../facts/firewall-rules.ts';
import { FIREWALL_PROFILES, type FirewallProfile, holdsPort } from '../facts/read/firewall-rule.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';
import { described, type InForce, inForce, listed } from './in-force.ts';

type Door = Readonly<{ subject: string; port: number; https: boolean }>;

const by = ({ by: who }: Switch): string => `(${who})`;

const except = ({ denied }: InForce): string =>
  denied.length > 0 ? `; but blocked by ${listed(denied.map(described))}` : '';

/** What lets everybody in where no rule keeps them out, in words. */
const whyAllowed = ({ open }: InForce, { blocksByDefault }: ProfileState, port: number): string | undefined => {
  if (open) return `TCP ${port} is allowed: ${described(open)}`;
  return blocksByDefault.on ? undefined : `what no rule is about is allowed ${by(blocksByDefault)}, so TCP ${port} is`;
};

const judgeAllowed = (rules: InForce, allowed: string, { subject, port }: Door): Finding => {
  const { perhapsClosed, doubt } = rules;
  if (perhapsClosed.length === 0) return pass(`${allowed}${except(rules)}`, { subject });
  const each = listed(perhapsClosed.map(described));
  return unknown(
    'unreadable',
    `whether TCP ${port} is blocked depends on what is not known: ${each} wins where it applies; beside it, ${allowed}${doubt}`,
    { subject },
  );
};

const judgeUnallowed = (rules: InForce, { subject, port, https }: Door): Finding => {
  const { limited, perhapsOpen, vain, doubt } = rules;
  const expected = `TCP ${port} allowed`;
  const each = listed(limited.map(described));
  const isForBalancer =
    !https && limited.some((rule) => !rule.local.length && !rule.interfaces.length && !rule.conditions.length);
  if (isForBalancer)
    return judgeAllowed(rules, `TCP ${port} is allowed in part, as suits a load balancer: ${each}`, {
      subject,
      port,
      https,
    });
  if (perhapsOpen.length > 0)
    return unknown(
      'unreadable',
      `whether TCP ${port} is allowed depends on what is not known: ${listed(perhapsOpen.map(described))}${doubt}`,
      { subject },
    );
  if (limited.length > 0) return fail(`TCP ${port} is allowed in part only: ${each}`, { subject, expected });
  return fail([`no rule allows TCP ${port}`, ...(vain.length > 0 ? [listed(vain)] : [])].join('; '), {
    subject,
    expected,
  });
};

const judgeRules = (rules: InForce, state: ProfileState, door: Door): Finding => {
  const { subject, port } = door;
  if (rules.closed.length > 0)
    return fail(`TCP ${port} is blocked, whatever else allows it: ${listed(rules.closed.map(described))}`, {
      subject,
      expected: `TCP ${port} allowed`,
    });
  if (holdsPort(state.oldExceptions, port))
    return unknown(
      'unreadable',
      `Group Policy holds an exception of an older form for TCP ${port} (GloballyOpenPorts\\List), and what it does beside the rules is not known`,
      { subject },
    );
  const allowed = whyAllowed(rules, state, port);
  return allowed === undefined ? judgeUnallowed(rules, door) : judgeAllowed(rules, allowed, door);
};

const judgeProfile = (state: ProfileState, rules: InForce, door: Door): Finding => {
  const { firewall, shielded } = state;
  const { subject, port } = door;
  if (!firewall.on) return pass(`Windows Firewall is off ${by(firewall)}, so it blocks nothing`, { subject });
  if (shielded.on)
    return fail(`all inbound connections are blocked, whatever the rules say ${by(shielded)}`, {
      subject,
      expected: `TCP ${port} allowed`,
    });
  return judgeRules(rules, state, door);
};

type Titled = readonly Readonly<{ title: string }>[];

const titles = (rules: Titled): string => listed([...new Set(rules.map(({ title }) => title))]);

const judgeDemands = (finding: Finding, rules: readonly Demand[]): Finding => {
  if (rules.length === 0) return finding;
  const { message, ...rest } = finding;
  const everywhere = rules.filter(({ networks }) => networks.length === 0);
  if (everywhere.length === 0)
    return {
      ...finding,
      message: `${message}; but IPsec is wanted of those who come in to ${listed(rules.flatMap(({ networks }) => networks))}: ${titles(rules)}`,
    };
  return {
    ...rest,
    verdict: 'unknown',
    reason: 'unreadable',
    message: `${message}; but a connection security rule wants IPsec of those who come in, and whether it is about clients of SSTP is not known: ${titles(everywhere)}`,
  };
};

/** Whatever lets clients in, a connection security rule may want IPsec of them, which they do not speak. */
const judgeSecured = (
  finding: Finding,
  security: readonly Demand[],
  profile: FirewallProfile,
  port: number,
): Finding => {
  if (finding.verdict !== 'pass') return finding;
  const concerns = (rule: Pick<Demand, 'profiles' | 'ports'>): boolean =>
    rule.profiles.includes(profile) && holdsPort(rule.ports, port);
  const rules = security.filter(concerns).map((rule) => ({ ...rule, exemptions: rule.exemptions.filter(concerns) }));
  const exemptions = rules.flatMap((rule) => rule.exemptions);
  const exempt = exemptions.length > 0 ? `; and exempt from IPsec: ${titles(exemptions)}` : '';
  return judgeDemands(
    { ...finding, message: `${finding.message}${exempt}` },
    rules.filter((rule) => rule.exemptions.length === 0),
  );
};

export default defineCheck({
  id: 'firewall/sstp-exception',
  title: 'Windows Firewall lets SSTP in, on every kind of network',
  severity: 'critical',
  situations: ['8.10'],
  clientErrors: ['809', '0x8007274C'],
  why: 'Windows Firewall drops what no rule lets in, so that clients wait until they give up. The rule that comes with the role opens port 443 only; Group Policy can have local rules ignored; one block rule wins over all rules that allow; and the kind of network decides which rules are in force. A connection security rule that requires IPsec keeps out clients of SSTP, which come without.',
  fix: [
    'For port 443, enable the rule "Secure Socket Tunneling Protocol (SSTP-In)" for every profile: netsh advfirewall firewall set rule group="@sstpsvc.dll,-35001" new enable=yes',
    'For another port, add a rule for the program System: "netsh advfirewall firewall add rule name=SSTP dir=in action=allow protocol=TCP localport=PORT program=System".',
    'Disable or narrow the block rule that is named, or end "Block all connections" in the properties of the profile.',
    'Where a connection security rule wants IPsec, exempt TCP of the port from it, or make it request IPsec and not require it: wf.msc, Connection Security Rules.',
    'Where Group Policy takes no local rules, or sets what is named, change it there.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/security/operating-system-security/network-security/windows-firewall/rules',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-gpfas/2efe0b76-7b4a-41ff-9050-1023f8196d16',
  ],
  needs: { states: firewallProfiles, rules: firewallRules, security: connectionSecurity, sstp: sstpParameters },
  expects: {
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port on which the server accepts SSTP' },
    profiles: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: FIREWALL_PROFILES },
      description: 'firewall profiles on whose networks clients come',
    },
  },
  judge: ({ states, rules, security, sstp: { https } }, { port, profiles }) =>
    profiles.map((profile) => {
      const door = { subject: `${profile} profile`, port, https };
      const finding = judgeProfile(states[profile], inForce(rules, profile, states[profile], port), door);
      return judgeSecured(finding, security, profile, port);
    }),
});
