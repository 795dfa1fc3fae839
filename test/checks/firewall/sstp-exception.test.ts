import test from 'ava';
import sstpException from '../../../checks/firewall/sstp-exception.ts';
import { gather } from '../../../engine/gather.ts';
import { RULES, setRule } from '../../server/firewall.ts';
import {
  FIREWALL_POLICY,
  FIREWALL_RULES,
  healthy,
  observedAt,
  POLICIES,
  POLICY_FIREWALL,
} from '../../server/healthy.ts';
import { addKey, deny, removeKey, removeValue, type Server, setValue, transportTo } from '../../server/state.ts';
import { VERSIONS, type Windows } from '../../server/windows.ts';
import { judging } from '../judging.ts';

const profiles = ['domain', 'private', 'public'];
const expected = { port: 443, profiles };
const BUILT_IN = RULES['SSTP-IN-TCP'] ?? '';
const NEW = '{0B1D3A58-6F3C-4B61-9A2E-6A9E0C9D5C11}';
/** A rule for every client of SSTP, with more fields. */
const rule = (fields = '', action = 'Allow'): string =>
  `Action=${action}|Active=TRUE|Dir=In|Protocol=6|LPort=443|${fields}Name=Ours|`;

const profile = (name: string, value: string, data: number) => (server: Server) =>
  setValue(server, `${FIREWALL_POLICY}\\${name}`, value, ['REG_DWORD', data]);
const policy = (server: Server, key: string, value: string, data: number) =>
  setValue(server, `${POLICY_FIREWALL}\\${key}`, value, ['REG_DWORD', data]);
const policyRule = (server: Server, text: string) =>
  setValue(server, `${POLICY_FIREWALL}\\FirewallRules`, NEW, ['REG_SZ', `v2.31|${text}`]);
const oldException = (name: string) => (server: Server) =>
  setValue(server, `${POLICY_FIREWALL}\\DomainProfile\\GloballyOpenPorts\\List`, name, ['REG_SZ', name]);
/** The built-in rule in another form. */
const altered = (from: string | RegExp, to: string) => (server: Server) =>
  setRule(server, 'SSTP-IN-TCP', BUILT_IN.replace(from, to));
const added = (text: string) => (server: Server) => setRule(server, NEW, text);
const instead = (text: string) => (server: Server) => {
  removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP');
  setRule(server, NEW, text);
};

for (const windows of Object.keys(VERSIONS) as Windows[])
  test(`the healthy Server ${windows} lets SSTP in, and is asked in one exchange`, async (t) => {
    const transport = transportTo(healthy({ windows }), { recordedAt: observedAt });
    const { signal } = new AbortController();
    await gather({ server: transport }, Object.values(sstpException.needs), { signal, keep: async () => {} });
    t.is(transport.exchanges().length, 1);
  });

test('the built-in rule lets SSTP in on every profile', judging, sstpException, {
  expected,
  status: 'pass',
  says: [
    /domain profile: TCP 443 is allowed: rule SSTP-IN-TCP$/m,
    /private profile: TCP 443 is allowed/,
    /public profile: TCP 443 is allowed/,
  ],
});

test('a block of the port of DirectAccess leaves it unknown whether SSTP is blocked, too', judging, sstpException, {
  expected,
  given: added('Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort2_10=IPHTTPSIn|App=System|Name=IPHTTPS|'),
  status: 'unknown',
  reason: 'unreadable',
  says: /DirectAccess/,
});

test('a block of which it is not said whether it is active is not taken for inactive', judging, sstpException, {
  expected,
  given: added('Action=Block|Dir=In|Protocol=6|LPort=443|Name=Ours|'),
  status: 'unknown',
  reason: 'unreadable',
  says: /no Active/,
});

test('the built-in rule is for port 443 only', judging, sstpException, {
  expected: { ...expected, port: 4443 },
  status: 'fail',
  says: /domain profile: no rule allows TCP 4443$/m,
});

test('a rule for another port passes for that port', judging, sstpException, {
  server: () => healthy({ port: 4443 }),
  expected: { ...expected, port: 4443 },
  status: 'pass',
  says: /rule SSTP on another port/,
});

test('without a rule it fails', judging, sstpException, {
  given: (server) => removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP'),
  expected,
  status: 'fail',
  says: /public profile: no rule allows TCP 443$/m,
});

test('a rule that is switched off fails with its name', judging, sstpException, {
  given: altered('Active=TRUE', 'Active=FALSE'),
  expected,
  status: 'fail',
  says: /no rule allows TCP 443; rule SSTP-IN-TCP is switched off/,
});

test('a rule counts on its profiles only', judging, sstpException, {
  given: altered('LPort', 'Profile=Domain|Profile=Private|LPort'),
  expected,
  status: 'fail',
  says: [
    /domain profile: TCP 443 is allowed/,
    /private profile: TCP 443 is allowed/,
    /public profile: no rule allows TCP 443/,
  ],
});

test('a profile that is not expected is not judged', judging, sstpException, {
  given: altered('LPort', 'Profile=Domain|LPort'),
  expected: { port: 443, profiles: ['domain'] },
  status: 'pass',
});

for (const [name, text] of [
  ['for any protocol and port', 'Action=Allow|Active=TRUE|Dir=In|Name=Ours|'],
  ['for a range of ports', rule().replace('LPort=443', 'LPort=80|LPort2_10=440-450')],
  ['for the program System', rule('App=SYSTEM|')],
] as const)
  test(`a rule ${name} is an exception`, judging, sstpException, { given: instead(text), expected, status: 'pass' });

for (const [name, text, says] of [
  ['outbound', rule().replace('Dir=In', 'Dir=Out'), /no rule allows TCP 443$/m],
  ['for UDP', rule().replace('=6|', '=17|'), /no rule allows TCP 443$/m],
  ['for a range beside the port', rule().replace('LPort=443', 'LPort2_10=444-500'), /no rule allows TCP 443$/m],
  [
    'for a program',
    rule('App=%SystemRoot%\\system32\\inetsrv\\w3wp.exe|'),
    /is for .*w3wp\.exe, while HTTP\.sys accepts SSTP/,
  ],
  [
    'for the SSTP service, which does not take the connections itself',
    rule('App=%SystemRoot%\\system32\\svchost.exe|Svc=SstpSvc|'),
    /is for .*svchost\.exe, SstpSvc, while HTTP\.sys accepts SSTP as System/,
  ],
  ['that asks for IPsec', rule('Security=Authenticate|'), /in part only: rule Ours where Security=Authenticate/],
  [
    'from some addresses',
    rule('RA4=10.0.0.0/8|RA6=LocalSubnet|'),
    /in part only: rule Ours from 10\.0\.0\.0\/8, LocalSubnet/,
  ],
  ['for half of the world', rule('RA4=0.0.0.0/1|'), /in part only: rule Ours from 0\.0\.0\.0\/1/],
  ['for tunnels', rule('IFType=RemoteAccess|'), /in part only: rule Ours on RemoteAccess/],
  ['of an app package', rule('AppPkgId=S-1-15-2-1|'), /is for an app package, while HTTP\.sys accepts SSTP/],
  [
    'of an app package by its name, as Server 2025 writes it',
    rule('PFN=Microsoft.GetHelp_8wekyb3d8bbwe|LUOwn=S-1-5-21-1-500|Platform=2:6:2|Platform2=GTEQ|'),
    /is for an app package, while HTTP\.sys accepts SSTP/,
  ],
  ['that lets IPsec by', rule('Security=Authenticate|', 'ByPass'), /no rule allows TCP 443$/m],
] as const)
  test(`a rule ${name} is no exception`, judging, sstpException, {
    given: instead(text),
    expected,
    status: 'fail',
    says,
  });

for (const [name, fields, says] of [
  ['with a key that is not known', 'NotYetKnown=1|', /rule Ours where NotYetKnown=1/],
  ['to one address', 'LA4=192.0.2.1|', /rule Ours to 192\.0\.2\.1/],
  ['on one kind of interface', 'IFType=Wireless|', /rule Ours on Wireless/],
  ['on one interface', 'IF={8A1C9D34-6B0E-4F52-9C77-2D5E13B0A6F8}|', /rule Ours on \{8A1C9D34/],
  ['from a word that is not known', 'RA42=Elsewhere|', /rule Ours from Elsewhere/],
] as const) {
  test(`a rule ${name} may be the exception or not: unknown`, judging, sstpException, {
    given: instead(rule(fields)),
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: [/whether TCP 443 is allowed depends on what is not known/, says],
  });
  test(`a rule ${name} does not matter beside the exception`, judging, sstpException, {
    given: added(rule(fields)),
    expected,
    status: 'pass',
  });
  test(`a block rule ${name} may win or not: unknown, with its name`, judging, sstpException, {
    given: added(rule(fields, 'Block')),
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: [
      /whether TCP 443 is blocked depends on what is not known/,
      says,
      /beside it, TCP 443 is allowed: rule SSTP-IN-TCP/,
    ],
  });
  test(`a block rule ${name} does not hide that no rule allows the port`, judging, sstpException, {
    given: instead(rule(fields, 'Block')),
    expected,
    status: 'fail',
    says: /no rule allows TCP 443/,
  });
}

test('a rule for every address there is lets everybody in', judging, sstpException, {
  given: instead(rule('RA4=0.0.0.0-255.255.255.255|RA6=::/0|LA4=0.0.0.0/0.0.0.0|LA6=::/0|IFType=Lan|IFType=Wireless|')),
  expected,
  status: 'pass',
});

test(
  'a block rule that may win is unknown on its profiles only, and a failure elsewhere is told',
  judging,
  sstpException,
  {
    given: (server) => {
      added(rule('Profile=Domain|TTK2_22=WFDPrint|', 'Block'))(server);
      profile('PublicProfile', 'DoNotAllowExceptions', 1)(server);
    },
    expected,
    status: 'fail',
    says: [
      /domain profile: whether TCP 443 is blocked/,
      /private profile: TCP 443 is allowed/,
      /public profile: all inbound/,
    ],
  },
);

test('a block rule that may win is unknown where everything else is allowed, too', judging, sstpException, {
  given: (server) => {
    profile('DomainProfile', 'DefaultInboundAction', 0)(server);
    instead(rule('RUAuth=O:LSD:(A;;CC;;;S-1-5-21-1)|', 'Block'))(server);
  },
  expected: { port: 443, profiles: ['domain'] },
  status: 'unknown',
  says: /beside it, what no rule is about is allowed/,
});

for (const fields of ['AppPkgId=S-1-15-2-1|', 'PFN=Microsoft.GetHelp_8wekyb3d8bbwe|'])
  test(`a block rule for an app package with ${fields} is not about HTTP.sys`, judging, sstpException, {
    given: added(rule(fields, 'Block')),
    expected,
    status: 'pass',
  });

test('many addresses are counted, not all printed', judging, sstpException, {
  given: instead(rule(Array.from({ length: 40 }, (_, at) => `RA4=10.0.${at}.0/24|`).join(''))),
  expected,
  status: 'fail',
  says: /10\.0\.4\.0\/24 and 35 more/,
});

test('a block rule wins over the exception', judging, sstpException, {
  given: added(rule('', 'Block')),
  expected,
  status: 'fail',
  says: /TCP 443 is blocked, whatever else allows it: rule Ours$/m,
});

test('a block rule for any port wins as well', judging, sstpException, {
  given: added('Action=Block|Active=TRUE|Dir=In|Profile=Public|Name=Lock down|'),
  expected,
  status: 'fail',
  says: [/domain profile: TCP 443 is allowed/, /public profile: TCP 443 is blocked, .*rule Lock down/],
});

for (const fields of [
  'RA4=0.0.0.0/0|',
  'RA4=0.0.0.1-255.255.255.254|',
  'RA4=1.0.0.0-126.255.255.255|RA4=128.0.0.0-223.255.255.255|',
  `${Array.from({ length: 128 }, (_, at) => `RA4=${at}.0.0.0/8|`).join('')}`,
  'RA6=2000::/3|',
  'RA42=IntErnet|',
  'IFType=Lan|IFType=Wireless|',
  'IFType=Lan|IFType=Wireless|IFType=RemoteAccess|',
  'LA4=0.0.0.0/0|LA6=::/0|',
])
  test(`a block rule with ${fields.slice(0, 60)} still wins`, judging, sstpException, {
    given: added(rule(fields, 'Block')),
    expected,
    status: 'fail',
    says: /is blocked/,
  });

test('a block rule for some clients passes, and is told', judging, sstpException, {
  given: added(rule('RA4=198.51.100.0/24|', 'Block')),
  expected,
  status: 'pass',
  says: /is allowed: rule SSTP-IN-TCP; but blocked by rule Ours from 198\.51\.100\.0\/24/,
});

test('a block rule for tunnels passes, and is told', judging, sstpException, {
  given: added(rule('IFType=RemoteAccess|', 'Block')),
  expected,
  status: 'pass',
  says: /but blocked by rule Ours on RemoteAccess/,
});

for (const [name, text] of [
  ['that is off', rule('', 'Block').replace('TRUE', 'FALSE')],
  ['of another program', rule('App=C:\\bad.exe|', 'Block')],
  ['of a service', rule('Svc=*|', 'Block')],
  ['for UDP', rule('', 'Block').replace('=6|', '=17|')],
] as const)
  test(`a block rule ${name} does not matter`, judging, sstpException, {
    given: added(text),
    expected,
    status: 'pass',
  });

test('a firewall that is off passes with that fact', judging, sstpException, {
  given: (server) => {
    profile('PublicProfile', 'EnableFirewall', 0)(server);
    altered('LPort', 'Profile=Domain|Profile=Private|LPort')(server);
  },
  expected,
  status: 'pass',
  says: /public profile: Windows Firewall is off \(local setting\), so it blocks nothing/,
});

test('the private profile is called StandardProfile on the server', judging, sstpException, {
  given: (server) => {
    profile('StandardProfile', 'EnableFirewall', 0)(server);
    removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP');
  },
  expected: { port: 443, profiles: ['private'] },
  status: 'pass',
  says: /private profile: Windows Firewall is off/,
});

test('a firewall that blocks all connections fails', judging, sstpException, {
  given: profile('PublicProfile', 'DoNotAllowExceptions', 1),
  expected,
  status: 'fail',
  says: /public profile: all inbound connections are blocked, whatever the rules say \(local setting\)/,
});

test('a firewall that allows what no rule is about passes without a rule', judging, sstpException, {
  given: (server) => {
    removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP');
    for (const name of ['DomainProfile', 'StandardProfile', 'PublicProfile'])
      profile(name, 'DefaultInboundAction', 0)(server);
  },
  expected,
  status: 'pass',
  says: /what no rule is about is allowed \(local setting\), so TCP 443 is$/m,
});

test('a block rule wins there, too', judging, sstpException, {
  given: (server) => {
    profile('DomainProfile', 'DefaultInboundAction', 0)(server);
    added(rule('', 'Block'))(server);
  },
  expected: { port: 443, profiles: ['domain'] },
  status: 'fail',
  says: /is blocked/,
});

test('Group Policy goes before the server', judging, sstpException, {
  given: (server) => {
    profile('PublicProfile', 'EnableFirewall', 0)(server);
    policy(server, 'PublicProfile', 'EnableFirewall', 1);
    policy(server, 'PublicProfile', 'DoNotAllowExceptions', 1);
  },
  expected,
  status: 'fail',
  says: /public profile: all inbound connections are blocked, whatever the rules say \(Group Policy\)/,
});

test('Group Policy calls the private profile PrivateProfile', judging, sstpException, {
  given: (server) => {
    policy(server, 'PrivateProfile', 'EnableFirewall', 0);
    policy(server, 'StandardProfile', 'DoNotAllowExceptions', 1);
    removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP');
  },
  expected: { port: 443, profiles: ['private'] },
  status: 'pass',
  says: /private profile: Windows Firewall is off \(Group Policy\)/,
});

test('an older StandardProfile of Group Policy counts for private and public', judging, sstpException, {
  given: (server) => policy(server, 'StandardProfile', 'DoNotAllowExceptions', 1),
  expected,
  status: 'fail',
  says: [/domain profile: TCP 443 is allowed/, /private profile: all inbound/, /public profile: all inbound/],
});

test('local rules may be ignored by Group Policy', judging, sstpException, {
  given: (server) => policy(server, 'DomainProfile', 'AllowLocalPolicyMerge', 0),
  expected,
  status: 'fail',
  says: [
    /domain profile: no rule allows TCP 443; rule SSTP-IN-TCP is ignored, since Group Policy takes no local rules/,
    /public profile: TCP 443 is allowed/,
  ],
});

test('an ignored local block rule does not block', judging, sstpException, {
  given: (server) => {
    policy(server, 'DomainProfile', 'AllowLocalPolicyMerge', 0);
    policyRule(server, rule());
    added(rule('', 'Block'))(server);
  },
  expected: { port: 443, profiles: ['domain'] },
  status: 'pass',
});

test('a rule of Group Policy counts where local ones are ignored', judging, sstpException, {
  given: (server) => {
    for (const name of ['DomainProfile', 'PrivateProfile', 'PublicProfile'])
      policy(server, name, 'AllowLocalPolicyMerge', 0);
    policyRule(server, rule());
  },
  expected,
  status: 'pass',
  says: /TCP 443 is allowed: rule Ours of Group Policy/,
});

test('a block rule of Group Policy wins over the built-in rule', judging, sstpException, {
  given: (server) => policyRule(server, rule('', 'Block')),
  expected,
  status: 'fail',
  says: /is blocked, .*rule Ours of Group Policy/,
});

test('a rule of a device management service counts', judging, sstpException, {
  given: (server) =>
    setValue(server, `${FIREWALL_POLICY}\\Mdm\\FirewallRules`, NEW, ['REG_SZ', `v2.31|${rule('', 'Block')}`]),
  expected,
  status: 'fail',
  says: /rule Ours of device management/,
});

for (const [action, says] of [
  ['Allow', /whether TCP 443 is allowed .*rule Ours of device management/],
  ['Block', /no rule allows TCP 443/],
] as const)
  test(
    `${action} of device management is not relied on where Group Policy takes no local rules`,
    judging,
    sstpException,
    {
      given: (server) => {
        policy(server, 'DomainProfile', 'AllowLocalPolicyMerge', 0);
        setValue(server, `${FIREWALL_POLICY}\\Mdm\\FirewallRules`, NEW, ['REG_SZ', `v2.31|${rule('', action)}`]);
      },
      expected: { port: 443, profiles: ['domain'] },
      status: action === 'Allow' ? 'unknown' : 'fail',
      says,
    },
  );

test('device management that has no rule any more changes nothing', judging, sstpException, {
  given: (server) => addKey(server, `${FIREWALL_POLICY}\\Mdm\\FirewallRules`),
  expected,
  status: 'pass',
});

const managed = (key: string, value: string, data: number) => (server: Server) =>
  setValue(server, `${FIREWALL_POLICY}\\Mdm\\${key}`, value, ['REG_DWORD', data]);

for (const [key, value, data] of [
  ['PublicProfile', 'DoNotAllowExceptions', 1],
  ['DomainProfile', 'EnableFirewall', 0],
  ['StandardProfile', 'AllowLocalPolicyMerge', 0],
  ['PublicProfile', 'NotYetKnown', 0],
  ['PublicProfile\\GloballyOpenPorts', 'AllowUserPrefMerge', 0],
] as const)
  test(`${value} ${data} of device management below ${key} is not left out`, judging, sstpException, {
    given: managed(key, value, data),
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: /Mdm\\\w+Profile of a device management service holds \w+, and whether that counts is not known/,
  });

test('what device management sets as it is in one profile only is not left out', judging, sstpException, {
  given: (server) => {
    policy(server, 'DomainProfile', 'DoNotAllowExceptions', 1);
    managed('PublicProfile', 'DoNotAllowExceptions', 1)(server);
  },
  expected: { port: 443, profiles: ['public'] },
  status: 'unknown',
  reason: 'unreadable',
  says: /holds DoNotAllowExceptions, and whether that counts is not known/,
});

test('what device management sets as it is anyway does not matter', judging, sstpException, {
  given: (server) => {
    for (const key of ['DomainProfile', 'StandardProfile', 'PublicProfile']) {
      managed(key, 'EnableFirewall', 1)(server);
      managed(key, 'DefaultInboundAction', 1)(server);
      managed(key, 'AllowLocalPolicyMerge', 1)(server);
      managed(key, 'DisableNotifications', 1)(server);
      managed(`${key}\\Logging`, 'LogFileSize', 16_384)(server);
    }
  },
  expected,
  status: 'pass',
});

test('what Group Policy left empty sets nothing', judging, sstpException, {
  given: (server) => addKey(server, `${POLICY_FIREWALL}\\DomainProfile`),
  expected,
  status: 'pass',
});

test('the store of Group Policy is never asked for as a whole, since it may hold pre-shared keys', async (t) => {
  const server = healthy();
  setValue(server, `${POLICY_FIREWALL}\\Phase1AuthenticationSets\\1\\0000`, 'SHKey', ['REG_SZ', 'tp-example-secret']);
  policy(server, 'DomainProfile', 'EnableFirewall', 1);
  const transport = transportTo(server, { recordedAt: observedAt });
  const { signal } = new AbortController();
  const { evidence } = await gather({ server: transport }, Object.values(sstpException.needs), {
    signal,
    keep: async () => {},
  });
  t.false(evidence.some(({ stdout }) => Buffer.from(stdout).includes('tp-example-secret')));
  t.true(evidence.some(({ command }) => command.endsWith('WindowsFirewall\\DomainProfile /s')));
});

test('a local setting that blocks all connections holds, though Group Policy has it off', judging, sstpException, {
  given: (server) => {
    profile('PublicProfile', 'DoNotAllowExceptions', 1)(server);
    policy(server, 'PublicProfile', 'DoNotAllowExceptions', 0);
  },
  expected,
  status: 'fail',
  says: /public profile: all inbound connections are blocked, whatever the rules say \(local setting\)/,
});

for (const name of ['443:TCP:*:enabled:SSTP', '443:tcp:LocalSubnet:disabled:SSTP', 'SSTP'])
  test(`the exception ${name} of an older form in Group Policy is not guessed`, judging, sstpException, {
    given: oldException(name),
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: [
      /domain profile: .* an exception of an older form for TCP 443 \(GloballyOpenPorts\\List\)/,
      /public profile: TCP 443 is allowed/,
    ],
  });

for (const name of ['135:TCP:*:enabled:Offer Remote Assistance', '443:UDP:*:disabled:QUIC'])
  test(`the exception ${name} of an older form in Group Policy does not matter`, judging, sstpException, {
    given: oldException(name),
    expected,
    status: 'pass',
  });

test('an exception of an older form hides no block rule', judging, sstpException, {
  given: (server) => {
    oldException('443:TCP:*:enabled:SSTP')(server);
    added(rule('', 'Block'))(server);
  },
  expected,
  status: 'fail',
});

for (const kind of ['GloballyOpenPorts', 'AuthorizedApplications']) {
  test(`rules of the server itself are not sure where Group Policy takes no ${kind} of it`, judging, sstpException, {
    given: (server) => policy(server, `DomainProfile\\${kind}`, 'AllowUserPrefMerge', 0),
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: [
      /domain profile: whether TCP 443 is allowed .*: rule SSTP-IN-TCP; Group Policy takes no exceptions .*AllowUserPrefMerge is 0/,
      /public profile: TCP 443 is allowed/,
    ],
  });
  test(`a rule of Group Policy that takes no ${kind} of the server itself is sure`, judging, sstpException, {
    given: (server) => {
      policy(server, `DomainProfile\\${kind}`, 'AllowUserPrefMerge', 0);
      policyRule(server, rule());
    },
    expected,
    status: 'pass',
  });
}

test('Group Policy that takes exceptions of the server itself changes nothing', judging, sstpException, {
  given: (server) => policy(server, 'DomainProfile\\GloballyOpenPorts', 'AllowUserPrefMerge', 1),
  expected,
  status: 'pass',
});

/** Of the rules for the port behind a load balancer, this one is left. */
const onlyBalanced = (fields: string) => (server: Server) => {
  for (const id of ['SSTP-IN-TCP', '{5A3A3A0E-4A39-4B0C-9B6C-6C0E6F1F7A11}']) removeValue(server, FIREWALL_RULES, id);
  added(rule(fields).replace('443', '80'))(server);
};

test('behind a load balancer a rule for its address is enough', judging, sstpException, {
  server: () => healthy({ offload: true }),
  given: onlyBalanced('RA4=192.0.2.10|'),
  expected: { ...expected, port: 80 },
  status: 'pass',
  says: /TCP 80 is allowed in part, as suits a load balancer: rule Ours from 192\.0\.2\.10/,
});

test('behind a load balancer one rule for its address is enough, whatever others are about', judging, sstpException, {
  server: () => healthy({ offload: true }),
  given: (server) => {
    onlyBalanced('RA4=192.0.2.10|')(server);
    setRule(server, 'tunnels', rule('IFType=RemoteAccess|').replace('443', '80'));
  },
  expected: { ...expected, port: 80 },
  status: 'pass',
});

for (const [what, fields] of [
  ['on tunnels', 'IFType=RemoteAccess|'],
  ['at one address of the server', 'LA4=192.0.2.20|'],
  ['protected by IPsec', 'Security=Authenticate|'],
] as const)
  test(`behind a load balancer a rule for its address ${what} is not enough`, judging, sstpException, {
    server: () => healthy({ offload: true }),
    given: onlyBalanced(`RA4=192.0.2.10|${fields}`),
    expected: { ...expected, port: 80 },
    status: 'fail',
    says: /TCP 80 .*in part only: rule Ours from 192\.0\.2\.10/,
  });

test(
  'a firewall service that does not run is unknown, since nobody tells what Windows then lets in',
  judging,
  sstpException,
  {
    given: (server) => void server.services.set('MpsSvc', { state: 1 }),
    expected,
    status: 'unknown',
    reason: 'absent',
    says: /the service MpsSvc is STOPPED/,
  },
);

test('a firewall service that is not installed is unknown', judging, sstpException, {
  given: (server) => {
    server.services.delete('MpsSvc');
  },
  expected,
  status: 'unknown',
  reason: 'absent',
  says: /MpsSvc is not installed/,
});

test('an odd rule that could matter is unknown', judging, sstpException, {
  given: added(rule().replace('443', '443, 444')),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /rule \{0B1D3A58-.*\} cannot be read: it holds the port 443, 444/,
});

test('an odd rule that cannot matter is passed over', judging, sstpException, {
  given: added(rule().replace('443', '443, 444').replace('TRUE', 'FALSE')),
  expected,
  status: 'pass',
});

test('a rule that is no text is unknown', judging, sstpException, {
  given: (server) => setValue(server, FIREWALL_RULES, NEW, ['REG_DWORD', 1]),
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('a switch that is neither on nor off is unknown', judging, sstpException, {
  given: profile('DomainProfile', 'EnableFirewall', 2),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /EnableFirewall holds 2/,
});

test('a profile without the switch is on, as Windows has it', judging, sstpException, {
  given: (server) => {
    removeValue(server, `${FIREWALL_POLICY}\\DomainProfile`, 'EnableFirewall');
    removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP');
  },
  expected,
  status: 'fail',
  says: /domain profile: no rule allows/,
});

test('rules that may not be read are unknown', judging, sstpException, {
  given: (server) => deny(server, FIREWALL_RULES),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('a policy that may not be read is unknown', judging, sstpException, {
  given: (server) => deny(server, POLICY_FIREWALL),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('a policy that cannot be proven absent is unknown', judging, sstpException, {
  given: (server) => deny(server, POLICIES),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('no rules at all are no server', judging, sstpException, {
  given: (server) => removeKey(server, FIREWALL_RULES),
  expected,
  status: 'unknown',
  reason: 'absent',
});

const security =
  (text: string, place = POLICY_FIREWALL) =>
  (server: Server) =>
    setValue(server, `${place}\\ConSecRules`, NEW, ['REG_SZ', text]);
const isolation = (fields: string): string => `v2.10|${fields}Auth1Set={0}|Crypto2Set={1}|Name=Isolation|`;

for (const [what, fields, status] of [
  ['requires IPsec of those who come in', 'Action=SecureServer|Active=TRUE|', 'unknown'],
  ['requires IPsec in both directions', 'Action=Secure|Active=TRUE|', 'unknown'],
  ['has an action that is not known', 'Action=Whatever|Active=TRUE|', 'unknown'],
  ['requires IPsec of TCP', 'Action=SecureServer|Active=TRUE|Protocol=6|', 'unknown'],
  ['requires IPsec of every protocol', 'Action=SecureServer|Active=TRUE|Protocol=256|', 'unknown'],
  ['requires IPsec of some addresses', 'Action=SecureServer|Active=TRUE|EP1_4=192.0.2.0/24|', 'unknown'],
  ['requests IPsec', 'Action=Boundary|Active=TRUE|', 'pass'],
  ['exempts from IPsec', 'Action=DoNotSecure|Active=TRUE|', 'pass'],
  ['is switched off', 'Action=SecureServer|Active=FALSE|', 'pass'],
  ['requires IPsec of UDP', 'Action=SecureServer|Active=TRUE|Protocol=17|', 'pass'],
  ['is about two networks', 'Action=SecureServer|Active=TRUE|EP1_4=192.0.2.0/24|EP2_6=2001:db8::/32|', 'pass'],
  ['is about another port', 'Action=SecureServer|Active=TRUE|Protocol=6|EP1Port=3389|', 'pass'],
  ['is about another port of its second end', 'Action=Secure|Active=TRUE|Protocol=6|EP2Port=3389|EP2Port=445|', 'pass'],
  ['is about other ports', 'Action=SecureServer|Active=TRUE|Protocol=6|EP1Port2_10=444-1000|', 'pass'],
  ['is about the port', 'Action=SecureServer|Active=TRUE|Protocol=6|EP1Port=443|EP1Port=3389|', 'unknown'],
  ['is about the port of its second end', 'Action=SecureServer|Active=TRUE|Protocol=6|EP2Port=443|', 'unknown'],
  ['is about the port among others', 'Action=SecureServer|Active=TRUE|Protocol=6|EP1Port2_10=1-1024|', 'unknown'],
  ['is about a port by its name', 'Action=SecureServer|Active=TRUE|Protocol=6|EP1Port=IPHTTPSIn|', 'unknown'],
  ['is about the ports of clients', 'Action=Secure|Active=TRUE|Protocol=6|EP2Port2_10=49152-65535|', 'unknown'],
  [
    'is about the inside of DirectAccess',
    'Action=Secure|Active=TRUE|EP1_6=fd00:1::/48|EP1_6=2002:cb00:710a::/48|',
    'pass',
  ],
  ['is about most of IPv6', 'Action=Secure|Active=TRUE|EP1_6=2000::/3|', 'unknown'],
] as const)
  test(`a connection security rule that ${what}: ${status}`, judging, sstpException, {
    given: security(isolation(fields)),
    expected,
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: /TCP 443 is allowed: rule SSTP-IN-TCP; but a connection security rule wants IPsec .*: Isolation/,
    }),
  });

test(
  'a connection security rule for networks of IPv6, as DirectAccess has it, passes, and is told',
  judging,
  sstpException,
  {
    given: security(isolation('Action=Secure|Active=TRUE|EP1_6=fd00:1::/48|EP1_6=2002:cb00:710a::/48|')),
    expected,
    status: 'pass',
    says: /domain profile: TCP 443 is allowed: rule SSTP-IN-TCP; but IPsec is wanted of those who come in to fd00:1::\/48, 2002:cb00:710a::\/48: Isolation/,
  },
);

test('a connection security rule of the server itself counts, on its profiles', judging, sstpException, {
  given: security(isolation('Action=SecureServer|Active=TRUE|Profile=Public|'), FIREWALL_POLICY),
  expected,
  status: 'unknown',
  says: [/^domain profile: TCP 443 is allowed: rule SSTP-IN-TCP$/m, /^public profile: .* wants IPsec/m],
});

const isolated = isolation('Action=SecureServer|Active=TRUE|');
const EXEMPTION = 'v2.10|Action=DoNotSecure|Active=TRUE|Protocol=6|EP1Port=443|Name=Open SSTP|';
const exempting =
  (text: string, place = POLICY_FIREWALL, demand = isolated) =>
  (server: Server): void => {
    security(demand)(server);
    setValue(server, `${place}\\ConSecRules`, 'exemption', ['REG_SZ', text]);
  };

test('an exemption of the port wins over domain isolation, and is told', judging, sstpException, {
  given: exempting(EXEMPTION),
  expected,
  status: 'pass',
  says: /^domain profile: TCP 443 is allowed: rule SSTP-IN-TCP; and exempt from IPsec: Open SSTP$/m,
});

test('an exemption counts on its profiles', judging, sstpException, {
  given: exempting(EXEMPTION.replace('Name', 'Profile=Public|Name')),
  expected,
  status: 'unknown',
  says: [/^domain profile: .* wants IPsec/m, /^public profile: .*; and exempt from IPsec: Open SSTP$/m],
});

for (const [what, given] of [
  ['of another port', exempting(EXEMPTION.replace('443', '444'))],
  ['of the ports of clients', exempting(EXEMPTION.replace('443', '443|EP2Port=443'))],
  ['of some addresses', exempting(EXEMPTION.replace('443', '443|EP2_4=192.0.2.0/24'))],
  ['of UDP', exempting(EXEMPTION.replace('Protocol=6', 'Protocol=17'))],
  ['that is switched off', exempting(EXEMPTION.replace('TRUE', 'FALSE'))],
  ['that is not narrower than the rule', exempting(EXEMPTION.replace('Protocol=6|EP1Port=443|', ''))],
  ['that was cut', exempting(EXEMPTION.slice(0, -1))],
  ['of a profile that is not known', exempting(EXEMPTION.replace('Name', 'Profile=Whatever|Name'))],
  ['with a port by its name', exempting(EXEMPTION.replace('443', 'IPHTTPSIn'))],
  ['of the server itself, against Group Policy', exempting(EXEMPTION, FIREWALL_POLICY)],
  [
    'beside a narrower rule',
    exempting(EXEMPTION, POLICY_FIREWALL, isolation('Action=Secure|Active=TRUE|Protocol=6|EP1Port=443|')),
  ],
] as const)
  test(`an exemption ${what} does not win for certain`, judging, sstpException, {
    given,
    expected,
    status: 'unknown',
    says: /TCP 443 is allowed: rule SSTP-IN-TCP; but a connection security rule wants IPsec .*: Isolation/,
  });

test('an exemption of the server itself wins over its own rules', judging, sstpException, {
  given: (server) => {
    security(isolated, FIREWALL_POLICY)(server);
    setValue(server, `${FIREWALL_POLICY}\\ConSecRules`, 'exemption', ['REG_SZ', EXEMPTION]);
  },
  expected,
  status: 'pass',
  says: /exempt from IPsec: Open SSTP/,
});

test('a connection security rule hides no port that is closed', judging, sstpException, {
  given: (server) => {
    security(isolation('Action=SecureServer|Active=TRUE|'))(server);
    removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP');
  },
  expected,
  status: 'fail',
});

test('a connection security rule of another type is unknown', judging, sstpException, {
  given: (server) => setValue(server, `${POLICY_FIREWALL}\\ConSecRules`, NEW, ['REG_DWORD', 1]),
  expected,
  status: 'unknown',
});
