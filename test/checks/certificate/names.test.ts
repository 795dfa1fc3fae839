import test from 'ava';
import names from '../../../checks/certificate/names.ts';
import { healthy } from '../../server/healthy.ts';
import { leaf, vpn } from '../../server/pki.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

const rows: readonly (readonly [Parameters<typeof leaf>[0], string, 'pass' | 'fail'])[] = [
  [{}, 'vpn.example.com', 'pass'],
  [{}, 'VPN.Example.COM', 'pass'],
  [{}, 'vpn2.example.com', 'fail'],
  [{}, 'example.com', 'fail'],
  [{ names: ['*.example.com'] }, '.example.com', 'fail'],
  [{ names: ['*.example.com'] }, 'vpn.example.com', 'pass'],
  [{ names: ['*.example.com'] }, 'a.vpn.example.com', 'fail'],
  [{ names: ['*.example.com'] }, 'example.com', 'fail'],
  [{ names: ['*.0.2.7'] }, '192.0.2.7', 'fail'],
  [{ names: ['vpn.*.com'] }, 'vpn.example.com', 'fail'],
  [{ names: ['192.0.2.7'] }, '192.0.2.7', 'pass'],
  [{ names: ['192.0.2.7'] }, '192.0.2.8', 'fail'],
  [{ names: ['2001:db8::7'] }, '2001:DB8:0:0:0:0:0:7', 'pass'],
  [{ names: ['2001:db8::7'] }, '[2001:db8::7]', 'pass'],
  [{ names: ['2001:db8::7'] }, '2001:db8::8', 'fail'],
  [{ names: ['xn--bcher-kva.example.com'] }, 'bücher.example.com', 'pass'],
  // What a URL would leave out or decode is part of a name.
  [{ names: [], subject: 'CN=admin@vpn.example.com' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn.example.com/vpn' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn.example.com?vpn' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn.example.com\\#1' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn.example.com:80' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn%2eexample.com' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn.exam\tple.com' }, 'vpn.example.com', 'fail'],
  [{ names: [], subject: 'CN=vpn.exam\u00adple.com' }, 'vpn.example.com', 'fail'],
  [{}, 'admin@vpn.example.com', 'fail'],
  [{}, 'vpn.example.com/vpn', 'fail'],
  [{ names: ['2001:db8::7'] }, '2001:db8::7]/[', 'fail'],
  // The common name counts only where there is no alternative name for a host.
  [{ names: [], subject: 'CN=vpn.example.com' }, 'vpn.example.com', 'pass'],
  [{ names: [], subject: 'CN=*.example.com' }, 'vpn.example.com', 'pass'],
  [{ names: [], subject: 'CN=192.0.2.7' }, '192.0.2.7', 'pass'],
  [{ names: [], subject: 'CN=other.example.com, CN=vpn.example.com' }, 'vpn.example.com', 'pass'],
  [{ names: ['other.example.com'], subject: 'CN=vpn.example.com' }, 'vpn.example.com', 'fail'],
  [{ names: ['192.0.2.7'], subject: 'CN=vpn.example.com' }, 'vpn.example.com', 'fail'],
  // An empty subject is fine for SSTP.
  [{ names: ['vpn.example.com'], subject: '' }, 'vpn.example.com', 'pass'],
];

const endless = await leaf({ names: [`${'a'.repeat(20_000)}!`] });
const certificates = await Promise.all(rows.map(([options]) => leaf(options)));

asksForTheCertificate(names, { names: ['vpn.example.com'] });

for (const [at, [options, dialled, status]] of rows.entries())
  test(`${JSON.stringify(options)} for ${dialled}: ${status}`, judging, names, {
    server: () => healthy({ certificate: certificates[at] ?? vpn }),
    expected: { names: [dialled] },
    status,
    says: status === 'fail' ? /is made out to .*, not to / : /is made out to/,
  });

test('each name is a subject of its own', judging, names, {
  expected: { names: ['vpn.example.com', 'vpn2.example.com'] },
  status: 'fail',
  says: [
    /^vpn\.example\.com: CN=vpn\.example\.com is made out to vpn\.example\.com$/m,
    /^vpn2\.example\.com: CN=vpn\.example\.com is made out to vpn\.example\.com, not to vpn2\.example\.com$/m,
  ],
});

test('a name of any length can be compared', judging, names, {
  server: () => healthy({ certificate: endless }),
  expected: { names: ['vpn.example.com'] },
  status: 'fail',
  says: /not to vpn\.example\.com/,
});
