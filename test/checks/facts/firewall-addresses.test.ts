import test from 'ava';
import { type Coverage, coverageOf } from '../../../checks/facts/read/firewall-addresses.ts';

const eighths = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}.0.0.0/8`);

for (const [items, coverage] of [
  [[], 'all'],
  [['*'], 'all'],
  [['0.0.0.0/0', '::/0'], 'all'],
  [['0.0.0.0-255.255.255.255', '::-FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF'], 'all'],
  [['0.0.0.0/1', '128.0.0.0/128.0.0.0', '::/1', '8000::/1'], 'all'],
  [['0.0.0.0/0'], 'most'],
  [['0.0.0.0/0.0.0.0'], 'most'],
  [['::/0'], 'most'],
  [['2000::/3'], 'most'],
  [['64.0.0.0/7'], 'most'],
  [['64.0.0.0-65.255.255.254'], 'some'],
  [['0.0.0.1-255.255.255.254'], 'most'],
  [eighths(0, 127), 'most'],
  [['IntErnet'], 'most'],
  [['Internet', 'Elsewhere'], 'most'],
  [eighths(0, 126), 'some'],
  // Twice the same network is one network.
  [Array.from({ length: 300 }, () => '10.0.0.0/8'), 'some'],
  [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/255.255.0.0', 'fc00::/7', 'fe80::/64'], 'some'],
  [['192.0.2.1'], 'some'],
  [['192.0.2.1-192.0.2.9', '2001:db8::1-2001:db8::ff'], 'some'],
  [['LocalSubnet', 'DNS', 'RmtIntrAnet'], 'some'],
  [['LocalSubnet', 'Elsewhere'], 'unclear'],
  [['192.0.2.9-192.0.2.1'], 'unclear'],
  [['192.0.2.0/33'], 'unclear'],
  [['192.0.2.0/255.0.255.0'], 'unclear'],
  [['192.0.2.256'], 'unclear'],
  [['192.0.2.1.1'], 'unclear'],
  [['192.0.2.1-::1'], 'unclear'],
  [['1::2::3'], 'unclear'],
  [['1:2:3:4:5:6:7:8:9'], 'unclear'],
  [['::/129'], 'unclear'],
  [[''], 'unclear'],
] as const satisfies readonly (readonly [readonly string[], Coverage])[])
  test(`${items.slice(0, 5).join(', ') || 'nothing'} (${items.length}) covers: ${coverage}`, (t) =>
    t.is(coverageOf(items), coverage));
