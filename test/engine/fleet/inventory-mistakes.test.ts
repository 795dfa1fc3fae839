/** Every kind of mistake in an inventory, as the operator reads it. */
import test from 'ava';
import fc from 'fast-check';
import { readInventory } from '../../../engine/fleet/inventory/read.ts';
import { chosen } from '../../../engine/fleet/inventory/select.ts';
import { Mistake } from '../../../engine/mistake.ts';
import { anyCharacter } from '../../characters.ts';
import { INPUTS, mistakesIn, write } from './inventories.ts';

const CASES: Readonly<Record<string, readonly [file: string, text: string, ...printed: string[]]>> = {
  'a misspelled key': [
    'x.yaml',
    'hosts: { a: { adress: b } }',
    'x.yaml:1:15 hosts.a.adress is not known here (did you mean address?)',
    '    hosts: { a: { adress: b } }',
    '                  ^',
  ],
  'a port that is none': [
    'x.yaml',
    'defaults: { port: 65536 }\nhosts: [a]',
    'x.yaml:1:19 defaults.port must be at most 65535, not 65536',
    '    defaults: { port: 65536 }',
    '                      ^',
  ],
  'a way that does not exist': [
    'x.yaml',
    'hosts: { a: { transport: wirnm } }',
    'x.yaml:1:26 hosts.a.transport must be one of ssh, winrm, winrm+http, probe, not "wirnm" (did you mean winrm?)',
    '    hosts: { a: { transport: wirnm } }',
    '                             ^',
  ],
  'a name with a blank': [
    'x.yaml',
    'hosts: [vpn 01]',
    'x.yaml:1:9 hosts.0 must look like vpn01.corp or vpn[01:20].corp, not "vpn 01"',
    '    hosts: [vpn 01]',
    '            ^',
  ],
  'a name with a blank as a key': [
    'x.yaml',
    'hosts: { vpn 01: {} }',
    'x.yaml:1:10 hosts."vpn 01" is no name for a host: letters, digits, dots and hyphens, such as vpn01.corp or vpn[01:20].corp',
    '    hosts: { vpn 01: {} }',
    '             ^',
  ],
  'a range that counts down': [
    'x.yaml',
    'hosts: ["vpn[3:1]"]',
    'x.yaml:1:9 hosts.0 [3:1] is no range: it counts up',
    '    hosts: ["vpn[3:1]"]',
    '            ^',
  ],
  'a child that is no group': [
    'x.yaml',
    'groups: { tokyo: { children: [osaca] }, osaka: { hosts: [a] } }',
    'x.yaml:1:31 groups.tokyo.children.0 osaca is not a group (did you mean osaka?)',
    '    groups: { tokyo: { children: [osaca] }, osaka: { hosts: [a] } }',
    '                                  ^',
  ],
  'a group that is its own child': [
    'x.yaml',
    'groups: { tokyo: { children: [tokyo], hosts: [a] } }',
    'x.yaml:1:31 groups.tokyo.children.0 tokyo makes a circle',
    '    groups: { tokyo: { children: [tokyo], hosts: [a] } }',
    '                                  ^',
  ],
  'groups of a listing that are in each other': [
    'x.json',
    '{"a": {"children": ["b"]}, "b": {"children": ["a"], "hosts": ["c"]}, "_meta": {"hostvars": {}}}',
    'x.json:1:47 b.children.0 a makes a circle',
    '    {"a": {"children": ["b"]}, "b": {"children": ["a"], "hosts": ["c"]}, "_meta": {"hostvars": {}}}',
    '                                                  ^',
  ],
  'lines of a list that stand for too many hosts together': [
    'list',
    'a[1:60000]\nb[1:60000]\nc[1:60000]',
    'list:2:1 makes more than 100000 hosts',
    '    b[1:60000]',
    '    ^',
  ],
  'rows of a table that stand for too many hosts together': [
    'x.csv',
    'host,port\na[1:60000],1\nb[1:60000],2\nc[1:60000],3',
    'x.csv:3:1 makes more than 100000 hosts',
    '    b[1:60000],2',
    '    ^',
  ],
  'hosts that are named again and again': [
    'x.yaml',
    `groups:\n${Array.from({ length: 12 }, (_, at) => `  g${at}: { hosts: ["a[1:100000]"] }\n`).join('')}`,
    'x.yaml:12:18 groups.g10.hosts.0 names a host for the 1000000th time',
    '      g10: { hosts: ["a[1:100000]"] }',
    '                     ^',
  ],
  'a name of endless ranges': [
    'list',
    '[1:1]'.repeat(20_000),
    'list:1:1 holds more than 8 ranges',
    `    ${'[1:1]'.repeat(32)}`,
    '    ^',
  ],
  'a limit for a site that nobody is at': [
    'x.yaml',
    'sites: { tokio: { atATime: 2 } }\nhosts: { a: { site: tokyo } }',
    'x.yaml:1:10 sites.tokio is the site of no host (did you mean tokyo?)',
    '    sites: { tokio: { atATime: 2 } }',
    '             ^',
  ],
  'one server twice': ['x.txt', 'vpn1\nvpn2\nvpn1\n', 'x.txt:3:1 vpn1 is listed twice', '    vpn1', '    ^'],
  'one server in two cases': ['x.txt', 'vpn1\nVPN1\n', 'x.txt:2:1 VPN1 is listed twice', '    VPN1', '    ^'],
  'one server with two addresses': [
    'x.yaml',
    'hosts: { a: { address: 10.0.0.1 }, A: { address: 10.0.0.2 } }',
    'x.yaml:1:36 hosts.A A is listed twice',
    '    hosts: { a: { address: 10.0.0.1 }, A: { address: 10.0.0.2 } }',
    '                                       ^',
  ],
  'one address for two names': [
    'x.yaml',
    'hosts: { a: { address: 10.0.0.1 }, b: { address: 10.0.0.1 } }',
    'x.yaml:1:36 hosts.b b has the address of a',
    '    hosts: { a: { address: 10.0.0.1 }, b: { address: 10.0.0.1 } }',
    '                                       ^',
  ],
  'an authority that is not there': [
    'x.yaml',
    'hosts: { a: { caFile: nonesuch.pem } }',
    'x.yaml:1:23 hosts.a.caFile nonesuch.pem cannot be read',
    '    hosts: { a: { caFile: nonesuch.pem } }',
    '                          ^',
  ],
  'a value that the profile does not take': [
    'x.yaml',
    'groups: { g: { hosts: [a, b], inputs: { listenerPort: many } } }',
    'x.yaml:1:55 groups.g.inputs.listenerPort must be a whole number, not "many"',
    '    groups: { g: { hosts: [a, b], inputs: { listenerPort: many } } }',
    '                                                          ^',
  ],
  'a password, which is not printed': [
    'x.yaml',
    'hosts: { a: { password: "hunter2, really", port: 0 } }',
    'x.yaml:1:15 hosts.a.password is not known here',
    '    hosts: { a: { password: *****************, port: 0 } }',
    '                  ^',
    'x.yaml:1:50 hosts.a.port must be at least 1, not 0',
    '    hosts: { a: { password: *****************, port: 0 } }',
    '                                                     ^',
  ],
  'an inventory of Ansible': [
    'x.yaml',
    'all: { hosts: { a: {} } }',
    'x.yaml:1:1 all looks like an inventory of Ansible: give the output of ansible-inventory -i FILE --list to -i -',
    '    all: { hosts: { a: {} } }',
    '    ^',
  ],
  'nothing at all': ['x.yaml', 'hosts: {}', 'x.yaml lists no host'],
  'a misspelled column': [
    'x.csv',
    'host,port,tagz\nvpn01,22,x',
    'x.csv:1:11 tagz is no column (did you mean tags?)',
    '    host,port,tagz',
    '              ^',
  ],
  'a table without names': [
    'x.csv',
    'name,port\nvpn01,22',
    'x.csv:1:1 is a header without the column host; columns are host, groups, transport, address, port, user, site, via, hostKey, caFile, pin, probe, tags, input.NAME',
    '    name,port',
    '    ^',
    'x.csv:1:1 name is no column',
    '    name,port',
    '    ^',
  ],
  'cells that are wrong': [
    'x.csv',
    '# ours\nhost,port,tags,input.listenerPort\n"vpn日01",220000,x,many\nvpn02,22,"a,b",1,extra',
    'x.csv:3:10 port must be at most 65535, not 220000',
    '    "vpn日01",220000,x,many',
    '        　    ^',
    'x.csv:3:19 inputs.listenerPort must be a whole number, not "many"',
    '    "vpn日01",220000,x,many',
    '        　             ^',
    'x.csv:4:18 is a cell beyond the last column',
    '    vpn02,22,"a,b",1,extra',
    '                     ^',
  ],
  'full-width letters and digits': [
    'list',
    'ｖｐｎ０１\n大阪',
    'list:1:1 ｖｐｎ０１ is no address: say its address too, or write vpn01 without full-width characters',
    '    ｖｐｎ０１',
    '    ^',
    'list:2:1 大阪 is no address: say its address too',
    '    大阪',
    '    ^',
  ],
  'a full-width comma': [
    'x.csv',
    'host，ｓｉｔｅ\nvpn01，東京\n',
    'x.csv:1:1 is a header without the column host; columns are host, groups, transport, address, port, user, site, via, hostKey, caFile, pin, probe, tags, input.NAME (， is full-width, and counts as text)',
    '    host，ｓｉｔｅ',
    '    ^',
    'x.csv:1:1 host，ｓｉｔｅ is no column (， is full-width, and counts as text)',
    '    host，ｓｉｔｅ',
    '    ^',
  ],
  'a full-width column': [
    'x.csv',
    'host,ｓｉｔｅ\n',
    'x.csv:1:6 ｓｉｔｅ is no column (did you mean site?)',
    '    host,ｓｉｔｅ',
    '         ^',
  ],
  'a full-width blank': [
    'x.yaml',
    'defaults: {}\n　hosts: { vpn01: "東京：本番" }',
    'x.yaml:2:1 "　hosts" is not known here (did you mean hosts?) (the blank before it is full-width, and counts as text)',
    '    　hosts: { vpn01: "東京：本番" }',
    '    ^',
  ],
  'a full-width colon': [
    'x.yaml',
    'hosts：\n  vpn01: {}',
    'x.yaml:1:1 is not YAML: Implicit keys need to be on a single line (： is full-width, and counts as text)',
    '    hosts：',
    '    ^',
  ],
  'a full-width colon in a text': [
    'x.yaml',
    'hosts: { vpn01: { adress: "東京：本番" } }',
    'x.yaml:1:19 hosts.vpn01.adress is not known here (did you mean address?)',
    '    hosts: { vpn01: { adress: "東京：本番" } }',
    '                      ^',
  ],
  'a quote that is not closed': [
    'x.yaml',
    'hosts:\n  vpn01:\n    user: "svc\n  vpn02: {}\n# the end\n',
    'x.yaml:3:11 a quote opens here and is not closed',
    '        user: "svc',
    '              ^',
  ],
  'a quote that does not end': [
    'x.csv',
    '# 日本\nhost,user\nvpn00,svc\n\n# 大阪\nvpn01,"svc\nvpn02,svc\nvpn03,svc',
    'x.csv:6:1 is no table: from here on, a quote is not closed',
    '    vpn01,"svc',
    '    ^',
  ],
  'a line that a CI system would obey': [
    'list',
    'vpn01\n\u3000::error::vpn 02',
    'list:2:2 must look like vpn01.corp or vpn[01:20].corp, not "::error::vpn 02"',
    '    \u3000: :error::vpn 02',
    '    \u3000^',
  ],
  'a port behind a name, and what is no address': [
    'list',
    'vpn01\nvpn02.corp:2222\n2001:db8::7\n2001:db8::g\nssh://vpn03:99999\nevidence:x',
    'list:2:1 vpn02.corp:2222 is no name: write port: 2222 apart from it, or ssh://vpn02.corp:2222 in a list',
    '    vpn02.corp:2222',
    '    ^',
    'list:4:1 2001:db8::g is no address',
    '    2001:db8::g',
    '    ^',
    'list:5:1 ssh://vpn03:99999 is no address',
    '    ssh://vpn03:99999',
    '    ^',
  ],
  'lines of a list': [
    'list',
    'vpn 01\nssh://a:hunter2@b\nhttp://x\nvpn[9:1]',
    'list:1:1 must look like vpn01.corp or vpn[01:20].corp, not "vpn 01"',
    '    vpn 01',
    '    ^',
    'list:2:1 holds a password, which no address does',
    '    ssh://a:*******@b',
    '    ^',
    'list:3:1 begins with http:, not with one of ssh: winrm: winrm+http: probe: evidence: local:',
    '    http://x',
    '    ^',
    'list:4:1 [9:1] is no range: it counts up',
    '    vpn[9:1]',
    '    ^',
  ],
  'trust in anybody': [
    'ansible.json',
    '{"_meta": {"hostvars": {"a": {"ansible_password": "hun\\"ter2",\n"ansible_winrm_server_cert_validation": "ignore"}}}}',
    'ansible.json:2:41 _meta.hostvars.a.ansible_winrm_server_cert_validation is ignore, and a server that anybody can pose as is not audited: name its authority in ansible_winrm_ca_trust_path, or the SHA-256 of its certificate in sstp_audit.pin',
    '    "ansible_winrm_server_cert_validation": "ignore"}}}}',
    '                                            ^',
  ],
  'a connection that is called as what every object has': [
    'ansible.json',
    '{"_meta": {"hostvars": {"a": {"ansible_connection": "constructor"}}}}',
    'ansible.json:1:53 _meta.hostvars.a.ansible_connection must be one of ssh, winrm, winrm+http, probe, not "constructor"',
    '    {"_meta": {"hostvars": {"a": {"ansible_connection": "constructor"}}}}',
    '                                                        ^',
  ],
  'groups of a listing that make a circle': [
    'ansible.json',
    '{"_meta": {"hostvars": {"x": {}}}, "a": {"children": ["b", "empty"]}, "b": {"children": ["a"], "hosts": ["x"]}}',
    'ansible.json:1:90 b.children.0 a makes a circle',
    '    {"_meta": {"hostvars": {"x": {}}}, "a": {"children": ["b", "empty"]}, "b": {"children": ["a"], "hosts": ["x"]}}',
    '                                                                                             ^',
  ],
  'variables that make no sense, beside a secret': [
    'ansible.json',
    '{"_meta": {"hostvars": {"a": {"ansible_password": "hun\\"ter2", "ansible_port": "{{ x }}", "ansible_connection": "local"}}}}',
    'ansible.json:1:80 _meta.hostvars.a.ansible_port is a template, which ansible-inventory does not fill in: write the value',
    `    {"_meta": {"hostvars": {"a": {"ansible_password": ***********, "ansible_port": "{{ x }}", "ansible_connection": "local"}}}}`,
    '                                                                                   ^',
    'ansible.json:1:113 _meta.hostvars.a.ansible_connection must be one of ssh, winrm, winrm+http, probe, not "local"',
    `    hostvars": {"a": {"ansible_password": ***********, "ansible_port": "{{ x }}", "ansible_connection": "local"}}}}`,
    '                                                                                                        ^',
  ],
};

for (const [name, [file, text, ...printed]] of Object.entries(CASES))
  test(`${name} is a mistake with its place, its line and a caret`, async (t) => {
    t.is(await mistakesIn(file, text, INPUTS), printed.join('\n'));
  });

test('mistakes in the form and in the meaning of a file are found in one go', async (t) => {
  const printed = await mistakesIn(
    'x.yaml',
    'defaults: { usr: a }\ngroups:\n  g: { children: [h], hosts: ["a[2:1]"], inputs: { listenerPort: x } }\nhosts: { b: { port: 0 } }',
    INPUTS,
  );
  t.deepEqual(
    printed
      .split('\n')
      .filter((line) => line.startsWith('x.yaml'))
      .map((line) => line.split(' ')[1]),
    ['defaults.usr', 'groups.g.children.0', 'groups.g.hosts.0', 'groups.g.inputs.listenerPort', 'hosts.b.port'],
  );
});

test('no text makes an inventory throw anything but a Mistake', async (t) => {
  const word = fc.constantFrom(
    'hosts',
    'groups',
    'a',
    '[1:2]',
    ':',
    '{',
    '}',
    '\n',
    '  ',
    '- ',
    ',',
    '"',
    'host,port\n',
    '#',
    '_meta',
    'ssh://',
  );
  const texts = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.array(word).map((words) => words.join('')),
  );
  const names = fc.constantFrom('x.yaml', 'x.csv', 'x.json', 'x');
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(names, texts, async (name, text) => {
        await readInventory(await write(name, text.toWellFormed()), INPUTS).catch((error) => {
          if (!(error instanceof Mistake)) throw error;
        });
      }),
      { numRuns: 300 },
    ),
  );
});

test('no JSON makes a listing throw anything but a Mistake', async (t) => {
  const data = fc.record({
    _meta: fc.record({ hostvars: fc.dictionary(fc.string(), fc.jsonValue()) }),
    a: fc.jsonValue(),
  });
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(data, async (value) => {
        await readInventory(await write('x.json', JSON.stringify(value)), INPUTS).catch((error) => {
          if (!(error instanceof Mistake)) throw error;
        });
      }),
      { numRuns: 200 },
    ),
  );
});

test('groups that are nested deeper than calls can be are read', async (t) => {
  const groups = Array.from({ length: 20_000 }, (_, at) => `  g${at}: { children: [g${at + 1}] }\n`);
  const inner = `groups:\n  g20000: { hosts: [a] }\n${groups.reverse().join('')}`;
  const { servers } = await readInventory(await write('x.yaml', inner));
  t.is(servers[0]?.groups.at(0), 'g0');
  t.is(servers[0]?.groups.length, 20_001);
});

const SERVERS = [
  { name: 'vpn01', groups: ['tokyo', 'production'] },
  { name: 'vpn02', groups: ['tokyo'] },
  { name: 'vpn03', groups: ['osaka', 'production'] },
];
for (const [limit, names] of [
  ['tokyo', ['vpn01', 'vpn02']],
  ['tokyo:!vpn02', ['vpn01']],
  ['!tokyo', ['vpn03']],
  ['tokyo,osaka', ['vpn01', 'vpn02', 'vpn03']],
  ['tokyo:&production', ['vpn01']],
  ['VPN0*:!osaka', ['vpn01', 'vpn02']],
  ['tokio', '--limit tokio names no host and no group (did you mean tokyo?)'],
  ['tokyo:!toky', '--limit toky names no host and no group (did you mean tokyo?)'],
  ['tokyo:!vpn*', '--limit tokyo:!vpn* leaves no host'],
  ['', '--limit is empty'],
  [' , :', '--limit is empty'],
] as const)
  test(`--limit ${limit} leaves ${Array.isArray(names) ? names.join(', ') : 'a mistake'}`, (t) => {
    const choose = () => chosen(SERVERS, [limit]).map(({ name }) => name);
    if (typeof names === 'string') t.is(t.throws(choose, { instanceOf: Mistake })?.message, names);
    else t.deepEqual(choose(), [...names]);
  });

const WITH_COLONS = ['2001:db8::7', '2001:db8::8', '[2001:db8::9]', 'vpn01', 'vpn01:2222'];
for (const [limit, left] of [
  ['2001:db8::7', [0]],
  ['2001:DB8::*', [0, 1]],
  ['[2001:db8::9],vpn01', [2, 3]],
  ['!vpn01:2222,!2001:db8::8', [0, 2, 3]],
  ['vpn01:[*', [2, 3]],
] as const)
  test(`--limit ${limit} takes names that hold a colon as they are`, (t) => {
    const servers = WITH_COLONS.map((name) => ({ name, groups: [] }));
    t.deepEqual(
      chosen(servers, [limit]).map(({ name }) => WITH_COLONS.indexOf(name)),
      [...left],
    );
  });
