import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import {
  concernsTcpPort,
  type FirewallRule,
  type OddRule,
  readFirewallRule,
} from '../../../checks/facts/read/firewall-rule.ts';
import { anyCharacter } from '../../characters.ts';
import { RULES } from '../../server/firewall.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../../shared/samples');
const SSTP = `v2.31|${RULES['SSTP-IN-TCP']}`;

const read = (text: string): FirewallRule | OddRule => readFirewallRule('some-id', text);
const readable = (t: ExecutionContext, text: string): FirewallRule => {
  const rule = read(text);
  if ('odd' in rule) throw new Error(`${rule.odd}: ${text}`);
  t.pass();
  return rule;
};
/** Whether it lets every client of SSTP in. */
const isException = (rule: FirewallRule | OddRule): boolean =>
  !('odd' in rule) &&
  rule.active &&
  rule.inbound &&
  rule.action === 'Allow' &&
  concernsTcpPort(rule, 443) &&
  rule.service === undefined &&
  ['System', undefined].includes(rule.program) &&
  [rule.remote, rule.local, rule.interfaces, rule.conditions].every((limits) => limits.length === 0);

const odd = test.macro((t, text: string, says: RegExp, elsewhere?: boolean) => {
  const rule = read(text);
  t.true('odd' in rule, text);
  if (!('odd' in rule)) return;
  t.regex(rule.odd, says);
  t.is(rule.elsewhere, elsewhere ?? false);
});

const sample = (t: ExecutionContext, name: string): string | undefined => {
  const file = path.join(SAMPLES, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').replace(/^.*\n/, '');
  t.log(`SKIPPED: the recorded answers are not at hand (${file})`);
  t.pass();
};

test('the built-in SSTP rule is read', (t) => {
  t.deepEqual(readFirewallRule('SSTP-IN-TCP', SSTP), {
    id: 'SSTP-IN-TCP',
    title: 'SSTP-IN-TCP',
    action: 'Allow',
    active: true,
    inbound: true,
    profiles: ['domain', 'private', 'public'],
    protocol: 6,
    ports: [{ from: 443, to: 443 }],
    program: 'System',
    remote: [],
    local: [],
    interfaces: [],
    conditions: [],
  });
});

test('the recorded rules are read without a wrong value', (t) => {
  const text = sample(t, 'firewallrule-registry-en-1.txt');
  if (text === undefined) return;
  const rules = [...text.matchAll(/^"([^"]+)"="(.*?)"?$/gm)].map(([, id = '', rule = '']) =>
    readFirewallRule(id, rule.replaceAll('\\\\', '\\')),
  );
  t.is(rules.length, 10);
  const [cut] = rules.splice(9, 1);
  t.deepEqual(cut, {
    id: 'Wininit-Shutdown-In-Rule-TCP-RPC',
    odd: 'it is not of the form of a rule',
    elsewhere: false,
  });
  const short = rules.map((rule) =>
    'odd' in rule
      ? rule
      : [
          rule.id,
          rule.action,
          rule.active,
          rule.inbound,
          rule.protocol,
          rule.profiles.join(),
          ...rule.remote,
          ...rule.conditions,
        ],
  );
  const all = 'domain,private,public';
  t.deepEqual(short, [
    ['SSTP-IN-TCP', 'Allow', false, true, 6, all],
    ['RRAS-L2TP-Out-UDP', 'Allow', false, false, 17, all, 'RPort=1701'],
    ['RRAS-GRE-In', 'Allow', false, true, 47, all],
    ['MSDTC-In-TCP', 'Allow', false, true, 6, 'private,public', 'LocalSubnet', 'LocalSubnet'],
    ['DeliveryOptimization-UDP-In', 'Block', true, true, 17, all],
    ['PNRPMNRS-PNRP-In-UDP', 'Allow', false, true, 17, all],
    ['WFDPRINT-SPOOL-In-Active', 'Block', true, true, undefined, 'public', 'TTK2_22=WFDPrint'],
    ['CoreNet-ICMP6-RA-In', 'Block', true, true, 58, all, 'fe80::/64', 'ICMP6=134:*'],
    ['FPS-RPCSS-In-TCP-NoScope', 'Allow', false, true, 6, 'domain'],
  ]);
});

for (const name of ['de-1', 'es-1', 'fr-1', 'ja-1', 'ja-2', 'pt-1', 'zh-1'])
  test(`what netsh.exe prints of a rule is not taken for one (${name})`, (t) => {
    const text = sample(t, `fwrule-${name}.txt`);
    if (text === undefined) return;
    for (const part of [text, ...text.split('\n')]) t.true('odd' in read(part), part);
  });

test('ports are single ones, ranges, several of them, or any', (t) => {
  const ports = (fields: string): readonly boolean[] => {
    const rule = readable(t, `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|${fields}Name=x|`);
    return [79, 80, 443, 5_000, 5_100, 5_101].map((port) => concernsTcpPort(rule, port));
  };
  t.deepEqual(ports(''), [true, true, true, true, true, true]);
  t.deepEqual(ports('LPort=80|LPort=443|'), [false, true, true, false, false, false]);
  t.deepEqual(ports('LPort=80|LPort2_10=5000-5100|'), [false, true, false, true, true, false]);
  t.deepEqual(ports('LPort2_10=0-65535|'), [true, true, true, true, true, true]);
});

test('a port keyword is no port', (t) => {
  for (const field of ['LPort=RPC', 'LPort=RPC-EPMap', 'LPort2_10=IPHTTPSIn', 'LPort2_20=Ply2Disc', 'LPort2_24=mDNS'])
    t.false(isException(readable(t, `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|${field}|Name=x|`)), field);
});

test('a rule for another protocol does not concern a TCP port, one for any protocol does', (t) => {
  const rule = (protocol: string) => readable(t, `v2.31|Action=Allow|Active=TRUE|Dir=In|${protocol}Name=x|`);
  t.true(isException(rule('')));
  t.true(isException(rule('Protocol=6|')));
  t.false(isException(rule('Protocol=17|')));
});

test('whatever limits a rule is kept', (t) => {
  for (const field of [
    'RA4=10.0.0.0/8',
    'RA6=LocalSubnet',
    'RA42=IntrAnet',
    'LA4=192.0.2.1',
    'IF={8A1C9D34-6B0E-4F52-9C77-2D5E13B0A6F8}',
    'IFType=Wireless',
    'RPort=1024',
    'Security=Authenticate',
    'LUAuth=O:LSD:(A;;CC;;;S-1-5-21-1)',
    'SkipVer=2.31',
    'Platform=2:6:2',
    'PolicyAppId=42',
    'NotYetKnown=1',
    'Svc=SstpSvc',
    'App=%SystemRoot%\\system32\\svchost.exe',
  ]) {
    const text = SSTP.replace('App=System|', `${field}|`);
    t.false(isException(readable(t, text)), field);
  }
  t.true(isException(readable(t, SSTP.replace('App=System|', 'Edge=TRUE|Defer=App|LSM=TRUE|PCross=TRUE|'))));
});

test('a name that is text stands for the rule', (t) =>
  t.is(readable(t, SSTP.replace('@sstpsvc.dll,-35002', 'VPN')).title, 'VPN'));

test('an empty text is no rule', odd, '', /form/);
test('a rule without its last bar was cut', odd, SSTP.slice(0, -1), /form/);
test('a rule without a version is none', odd, RULES['SSTP-IN-TCP'] ?? '', /form/);
test('a version of three parts is none', odd, SSTP.replace('v2.31', 'v2.3.1'), /form/);
test('a field without a value is none', odd, SSTP.replace('App=System', 'App='), /form/);
test('a field without a key is none', odd, SSTP.replace('App=System', 'System'), /form/);
test('two bars side by side are none', odd, SSTP.replace('App=System|', '|'), /form/);
test('two actions contradict each other', odd, SSTP.replace('Dir', 'Action=Block|Dir'), /Action twice/);
test('an action that is not known is odd', odd, SSTP.replace('Allow', 'Erlauben'), /Action=Erlauben/);
test('no Active is odd: whether such a rule blocks is not known', odd, SSTP.replace('Active=TRUE|', ''), /no Active/);
const IP_HTTPS = SSTP.replace('LPort=443', 'LPort2_10=IPTLSIn|LPort2_10=IPHTTPSIn').replace('Allow', 'Block');
test(
  'a block of the port of DirectAccess may be one of SSTP',
  odd,
  IP_HTTPS,
  /blocks IPTLSIn, the port of DirectAccess/,
);
test('that block is elsewhere where it is off', odd, IP_HTTPS.replace('TRUE', 'FALSE'), /DirectAccess/, true);
test('no direction is odd', odd, SSTP.replace('Dir=In|', ''), /no Dir/);
test('no name is odd: Windows writes one behind every limit', odd, SSTP.replace(/Name=[^|]*\|/, ''), /no Name/);
test('a profile that is not known is odd', odd, SSTP.replace('Dir', 'Profile=Standard|Dir'), /Profile=Standard/);
test('a protocol above 255 is odd', odd, SSTP.replace('=6|', '=256|'), /Protocol=256/);
test('a port above 65535 is odd', odd, SSTP.replace('443', '65536'), /port 65536/);
test('a range that runs backwards is odd', odd, SSTP.replace('LPort=443', 'LPort2_10=500-400'), /port 500-400/);
test('a port without a protocol is odd', odd, SSTP.replace('Protocol=6|', ''), /without TCP or UDP/);
test('an odd outbound rule is elsewhere', odd, SSTP.replace('Dir=In', 'Dir=Out').replace('443', 'x y'), /port/, true);
test('an odd rule that is off is elsewhere', odd, SSTP.replace('TRUE', 'FALSE').replace('443', 'x y'), /port/, true);
test('an odd rule for UDP is elsewhere', odd, SSTP.replace('=6|', '=17|').replace('443', 'x y'), /port/, true);
test('an odd rule for TCP is not elsewhere', odd, SSTP.replace('443', 'x y'), /port/);
test('a protocol that makes no sense proves nothing', odd, SSTP.replace('=6|', '=sechs|'), /Protocol=sechs/);

const KEYS = [
  'Action',
  'Active',
  'Dir',
  'Protocol',
  'LPort',
  'LPort2_10',
  'RA4',
  'Profile',
  'Svc',
  'App',
  'Name',
  'Foo',
  '',
];
const VALUES = [
  'Allow',
  'Block',
  'TRUE',
  'FALSE',
  'In',
  'Out',
  '6',
  '17',
  '443',
  '400-500',
  'System',
  'Domain',
  'x',
  '',
];
const field = fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom('=', '', '=='), fc.constantFrom(...VALUES));

test('no text makes the reader throw', (t) => {
  fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => void read(text)));
  fc.assert(
    fc.property(fc.array(field), (fields) => void read(`v2.0|${fields.map((parts) => parts.join('')).join('|')}|`)),
  );
  t.pass();
});

test('a rule that was cut anywhere is no exception, unless nothing but texts was lost', (t) => {
  const limited = SSTP.replace('LPort=443|', 'LPort=443|RA4=10.0.0.0/8|');
  for (let at = 0; at < limited.length; at++) t.false(isException(read(limited.slice(0, at))), limited.slice(0, at));
  for (let at = 0; at < SSTP.length; at++)
    if (isException(read(SSTP.slice(0, at))))
      t.regex(SSTP.slice(0, at), /\|App=System\|Name=[^|]*\|(?:Desc=[^|]*\|)?$/);
});

test('a rule from which fields were lost is an exception only where it was one before, or lost a limit whole', (t) => {
  const parts = SSTP.split('|');
  fc.assert(
    fc.property(fc.subarray(parts), (kept) => {
      const rule = read(kept.join('|'));
      const needed = ['v2.31', 'Action=Allow', 'Active=TRUE', 'Dir=In', 'Name=@sstpsvc.dll,-35002', ''];
      t.is(
        isException(rule),
        needed.every((part) => kept.includes(part)) && (kept.includes('Protocol=6') || !kept.includes('LPort=443')),
      );
    }),
  );
});
