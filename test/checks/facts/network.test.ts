import test from 'ava';
import { covers, networkOf, networkOfPrefix } from '../../../checks/facts/read/network.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text.split('.').map(Number));
const four = (address: string, mask: string) => networkOf(bytes(address), bytes(mask));
const six = (hex: string, length: number) =>
  networkOfPrefix(new Uint8Array(Buffer.from(hex.padEnd(32, '0'), 'hex')), length);

for (const [address, mask, text] of [
  ['192.0.2.0', '255.255.255.0', '192.0.2.0/24'],
  ['192.0.2.7', '255.255.255.255', '192.0.2.7/32'],
  ['128.0.0.0', '128.0.0.0', '128.0.0.0/1'],
  ['192.0.2.0', '255.255.254.0', '192.0.2.0/23'],
  ['192.0.2.0', '255.0.255.0', '192.0.2.0/255.0.255.0'],
] as const)
  test(`${address} with the mask ${mask} is written as ${text}`, (t) => {
    const network = four(address, mask);
    t.true(network !== 'contradictory' && network?.text === text);
  });

for (const [hex, length, text] of [
  ['20010db8', 32, '2001:db8::/32'],
  ['20010db800000000000000000000000a', 128, '2001:db8::a/128'],
  ['fe80', 10, 'fe80::/10'],
  ['00000000000000000000ffffc0000207', 128, '::ffff:c000:207/128'],
  ['20010db8000100020003000400050006', 64, '2001:db8:1:2:3:4:5:6/64'],
] as const)
  test(`an IPv6 network is written as ${text}`, (t) => {
    const network = six(hex, length);
    t.true(
      network !== 'contradictory' && network?.text === text,
      String(network && network !== 'contradictory' && network.text),
    );
  });

test('no address and no mask, or a prefix of no length, is any address', (t) => {
  t.is(four('0.0.0.0', '0.0.0.0'), undefined);
  t.is(six('20010db8', 0), undefined);
});

test('an address against its mask contradicts itself', (t) => {
  t.is(four('0.0.0.0', '255.255.255.0'), 'contradictory');
  t.is(four('192.0.2.0', '0.0.0.0'), 'contradictory');
  t.is(six('', 64), 'contradictory');
  t.is(six('20010db8', 129), 'contradictory');
});

for (const [address, mask, own, expected] of [
  ['192.0.2.0', '255.255.255.0', '192.0.2.255', true],
  ['192.0.2.0', '255.255.255.0', '192.0.3.0', false],
  ['192.0.2.9', '255.255.255.0', '192.0.2.7', true],
  ['192.0.2.7', '255.255.255.255', '192.0.2.7', true],
  ['192.0.2.7', '255.255.255.255', '192.0.2.6', false],
  ['128.0.0.0', '128.0.0.0', '203.0.113.10', true],
  ['128.0.0.0', '128.0.0.0', '10.0.0.1', false],
] as const)
  test(`${own} ${expected ? 'belongs' : 'does not belong'} to ${address} with ${mask}`, (t) => {
    const network = four(address, mask);
    t.is(network && network !== 'contradictory' ? covers(network, own) : undefined, expected);
  });
