import test from 'ava';
import { isLoopback, spelledAddress } from '../../../checks/facts/read/address.ts';

for (const [text, spelled] of [
  ['::', '::'],
  ['[::]', '::'],
  ['[0:0:0:0:0:0:0:0]', '::'],
  ['[0000:0000::0000]', '::'],
  ['[2001:DB8:0:0::7]', '2001:db8::7'],
  ['::FFFF:127.0.0.1', '::ffff:7f00:1'],
  ['[FE80::1%12]', 'fe80::1%12'],
  ['0.0.0.0', '0.0.0.0'],
  ['WWW.example.com', 'www.example.com'],
  ['[1::2::3]', '[1::2::3]'],
  ['', ''],
] as const)
  test(`"${text}" is spelled "${spelled}"`, (t) => t.is(spelledAddress(text), spelled));

test('addresses that never leave the machine are known in every family', (t) => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:7f00:1']) t.true(isLoopback(address), address);
  for (const address of ['0.0.0.0', '::', '::1:2', '12.7.0.1', '2001:db8::1', '::ffff:7:1', '::ffff:a00:1'])
    t.false(isLoopback(address), address);
});
