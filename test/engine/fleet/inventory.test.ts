import { spawnSync } from 'node:child_process';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { inventorySchema } from '../../../engine/fleet/inventory/form.ts';
import { expand } from '../../../engine/fleet/inventory/ranges.ts';
import { readInventory } from '../../../engine/fleet/inventory/read.ts';
import { INPUTS, read, write } from './inventories.ts';

const HOST_KEY = `ssh-ed25519 ${'A'.repeat(68)}`;

const YAML = `
defaults:
  user: admin
  inputs: { publicNames: [vpn.example.com] }
sites:
  tokyo: { atATime: 4 }
groups:
  production:
    children: [tokyo, osaka]
    tags: [prod]
    port: 2200
  tokyo:
    site: tokyo
    via: hop@bastion.tokyo
    hosts: ['vpn[01:02].tokyo', vpn-x]
  osaka:
    inputs: { listenerPort: 4443 }
    hosts:
      vpn[08:10].osaka: { port: 22 }
      VPN09.osaka: { port: 2222, hostKey: '${HOST_KEY}' }
hosts:
  vpn-x: { address: '2001:db8::9', probe: 'vpn.example.com:443', inputs: { publicNames: [x.example.com] } }
  lone:
`;

test('what is said closer to a host wins; tags and groups add up', async (t) => {
  const { servers, sites, notes } = await read('fleet.yaml', YAML, INPUTS);
  const byName = new Map(servers.map((server) => [server.name, server]));
  t.deepEqual(servers.map(({ name }) => name).toSorted(), [
    'lone',
    'vpn-x',
    'vpn01.tokyo',
    'vpn02.tokyo',
    'vpn08.osaka',
    'vpn09.osaka',
    'vpn10.osaka',
  ]);
  t.like(byName.get('vpn-x'), {
    address: 'ssh://admin@[2001:db8::9]:2200',
    groups: ['production', 'tokyo'],
    tags: ['production', 'tokyo', 'prod'],
    inputs: { publicNames: ['x.example.com'] },
    reach: { site: 'tokyo', via: 'hop@bastion.tokyo', probe: 'vpn.example.com:443' },
  });
  t.is(byName.get('vpn08.osaka')?.address, 'ssh://admin@vpn08.osaka:22');
  t.like(byName.get('vpn09.osaka'), { address: 'ssh://admin@vpn09.osaka:2222', reach: { hostKeys: [HOST_KEY] } });
  t.deepEqual(byName.get('vpn10.osaka')?.inputs, { publicNames: ['vpn.example.com'], listenerPort: 4443 });
  t.like(byName.get('lone'), { address: 'ssh://admin@lone', tags: [], groups: [], reach: {} });
  t.deepEqual(sites, { tokyo: 4 });
  t.deepEqual(notes, []);
});

test('the schema for editors is a sound one of draft 2020-12', (t) => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  t.true(ajv.validateSchema(inventorySchema));
});

for (const [pattern, names] of [
  ['vpn01', ['vpn01']],
  ['vpn[8:10]', ['vpn8', 'vpn9', 'vpn10']],
  ['vpn[08:10].corp', ['vpn08.corp', 'vpn09.corp', 'vpn10.corp']],
  ['[a:c][1:2]', ['a1', 'a2', 'b1', 'b2', 'c1', 'c2']],
  ['vpn[0:10:5]', ['vpn0', 'vpn5', 'vpn10']],
  ['ssh://admin@vpn[1:2]:22', ['ssh://admin@vpn1:22', 'ssh://admin@vpn2:22']],
  ['ssh://[2001:db8::1]', ['ssh://[2001:db8::1]']],
  ['vpn[3:1]', '[3:1] is no range: it counts up'],
  ['vpn[1:3:0]', '[1:3:0] is no range: it counts up'],
  ['vpn[a:9]', '[a:9] is no range: write two numbers, or two letters'],
  ['vpn[a:Z]', '[a:Z] is no range: write two numbers, or two letters'],
  ['vpn[01:100]', '[01:100] is no range: write both ends as wide'],
  ['vpn[1:999999999]', '[1:999999999] stands for more than 100000 hosts'],
  ['[1:1000][1:1000]', 'stands for more than 100000 hosts'],
] as const)
  test(`${pattern} stands for ${Array.isArray(names) ? names.join(', ') : 'nothing'}`, (t) => {
    t.deepEqual(expand(pattern), names);
  });

test('a list holds names, ranges, addresses and comments', async (t) => {
  const text = '# ours\r\nvpn[01:02].corp  # two\r\n\r\nssh://admin@vpn03:2222\r\nevidence:./dir\r\n';
  const { servers } = await read('servers', text);
  t.deepEqual(
    servers.map(({ name, address }) => [name, address]),
    [
      ['vpn01.corp', 'ssh://vpn01.corp'],
      ['vpn02.corp', 'ssh://vpn02.corp'],
      [undefined, 'ssh://admin@vpn03:2222'],
      [undefined, 'evidence:./dir'],
    ],
  );
});

for (const mark of [',', ';', '\t'])
  test(`a table parted by ${JSON.stringify(mark)} is read by its header, as PowerShell and spreadsheets write it`, async (t) => {
    const rows = [
      ['Host', 'User', 'Tags', 'input.listenerPort', 'input.publicNames', 'CA file', 'Group'],
      ['vpn01', 'CORP\\admin', '"production jp"', '8443', '"a.example.com, b.example.com"', '../ca.pem', 'tokyo'],
      ['"vpn[02:03]"', '', '', '', '', '', ''],
    ];
    const text = `\ufeff#TYPE Selected.ADComputer\r\n${rows.map((row) => row.join(mark)).join('\r\n')}\r\n`;
    const { servers } = await read('servers.csv', text, INPUTS);
    t.deepEqual(
      servers.map(({ address }) => address),
      ['ssh://CORP%5Cadmin@vpn01', 'ssh://vpn02', 'ssh://vpn03'],
    );
    t.like(servers[0], {
      tags: ['tokyo', 'production', 'jp'],
      groups: ['tokyo'],
      inputs: { listenerPort: 8443, publicNames: ['a.example.com', 'b.example.com'] },
    });
    t.true(servers[0]?.reach.caFile?.endsWith('/ca.pem'));
  });

test('a table without a telling name is known by its header', async (t) => {
  const { servers } = await read('servers.txt', 'host,user\nvpn01,admin\n');
  t.is(servers[0]?.address, 'ssh://admin@vpn01');
});

const LISTING = {
  _meta: {
    hostvars: {
      vpn01: {
        ansible_host: '10.0.0.1',
        ansible_port: '5986',
        ansible_user: 'admin@CORP',
        ansible_connection: 'winrm',
        ansible_winrm_server_cert_validation: 'validate',
        ansible_winrm_ca_trust_path: '/dev/null',
        ansible_password: 'hunter2',
        sstp_audit: { inputs: { listenerPort: 4443 }, tags: ['old'], site: 'tokyo' },
      },
      vpn02: { ansible_connection: 'psrp', ansible_psrp_protocol: 'http', ansible_ssh_common_args: '-J bastion' },
      vpn03: {},
    },
  },
  all: { children: ['ungrouped', 'japan'] },
  ungrouped: { hosts: ['vpn03'] },
  japan: { children: ['tokyo'], vars: { ansible_user: 'svc' } },
  tokyo: { hosts: ['vpn01', 'vpn02'] },
};

test('what ansible-inventory --list prints is read, with its connection variables, and no secret is kept', async (t) => {
  const inventory = await read('ansible.json', JSON.stringify(LISTING), INPUTS);
  t.deepEqual(
    inventory.servers.map(({ name, address, groups }) => [name, address, groups]),
    [
      ['vpn01', 'winrm://admin%40CORP@10.0.0.1:5986', ['japan', 'tokyo']],
      ['vpn02', 'winrm+http://svc@vpn02', ['japan', 'tokyo']],
      ['vpn03', 'ssh://vpn03', []],
    ],
  );
  t.like(inventory.servers[0], {
    inputs: { listenerPort: 4443 },
    tags: ['japan', 'tokyo', 'old'],
    reach: { caFile: '/dev/null', site: 'tokyo' },
  });
  t.false(JSON.stringify(inventory.servers).includes('hunter2'));
  const notes = inventory.notes.join('\n');
  t.regex(notes, /ansible_password of 1 host or group is not used and not kept/);
  t.regex(notes, /ansible_ssh_common_args of 1 host or group is not used$/m);
});

test('the listing of a real ansible-inventory is read', async (t) => {
  const found = spawnSync('ansible-inventory', ['--version']).status === 0;
  if (!found) {
    t.log('SKIPPED: ansible-inventory is not installed');
    if (process.env['CI'] === 'true') t.fail('ansible-inventory is not installed');
    else t.pass();
    return;
  }
  const ini = await write(
    'hosts.ini',
    '[tokyo]\nvpn[01:02].corp ansible_user=admin\n[tokyo:vars]\nansible_port=2222\n',
  );
  const { stdout, stderr } = spawnSync('ansible-inventory', ['-i', ini, '--list'], { encoding: 'utf8' });
  const { servers } = await read('listing', stdout);
  t.deepEqual(
    servers.map(({ name, address, groups }) => [name, address, groups]),
    [
      ['vpn01.corp', 'ssh://admin@vpn01.corp:2222', ['tokyo']],
      ['vpn02.corp', 'ssh://admin@vpn02.corp:2222', ['tokyo']],
    ],
    stderr,
  );
});

test('ten thousand hosts of a listing are read within seconds', async (t) => {
  const names = Array.from({ length: 10_000 }, (_, at) => `vpn${at}.corp`);
  const hostvars = Object.fromEntries(
    names.map((name) => [name, { ansible_user: 'admin', sstp_audit: { site: 'a' } }]),
  );
  const file = await write('big.json', JSON.stringify({ _meta: { hostvars }, a: { hosts: names } }, undefined, 4));
  const started = Date.now();
  t.is((await readInventory(file)).servers.length, 10_000);
  t.true(Date.now() - started < 20_000);
});

test('an input that the profile does not have is noted, with what may have been meant', async (t) => {
  const { notes } = await read('x.yaml', 'hosts: { a: { inputs: { listenPort: 4 } } }', INPUTS);
  t.regex(notes.join('\n'), /x\.yaml: the profile has no input listenPort \(did you mean listenerPort\?\)$/);
});
