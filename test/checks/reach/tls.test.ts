import test from 'ava';
import tls from '../../../checks/reach/tls.ts';
import { FOUR, SIX } from '../../outside/healthy.ts';
import { breakAt, trouble } from '../../outside/outside.ts';
import { issuing, vpn } from '../../server/pki.ts';
import { judgingOutside } from '../judging-outside.ts';

test('TLS 1.3 at both addresses passes, and is no proof for clients that do not have it', judgingOutside, tls, {
  status: 'pass',
  says: /192\.0\.2\.7:443: TLS 1\.3 with ECDHE-RSA-AES256-GCM-SHA384; clients before Windows 11 and Server 2022 need TLS 1\.2 \(reach\/tls-versions\)/,
});

test('an older version passes with what was agreed on', judgingOutside, tls, {
  given: (outside) => {
    outside.protocol = 'TLS 1.2';
  },
  status: 'pass',
  says: /192\.0\.2\.7:443: TLS 1\.2 with ECDHE-RSA-AES256-GCM-SHA384$/m,
});

test('a version that newer clients give up passes with that', judgingOutside, tls, {
  given: (outside) => {
    outside.protocol = 'TLS 1.1';
  },
  status: 'pass',
  says: /: TLS 1\.1 with ECDHE-RSA-AES256-GCM-SHA384; newer Windows clients give it up \(reach\/tls-versions\)$/m,
});

test('certificates that Windows does not take at once fail with the code that users see', judgingOutside, tls, {
  given: (outside) => outside.served.set('*', [vpn, ...Array.from({ length: 40 }, () => issuing)]),
  status: 'fail',
  says: /but 41 certificates come along: .*32768 bytes at a time.*0x80090326 \(confidence: medium\)/,
});

for (const [name, what, says] of [
  ['more than is heard', trouble('too-large', 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE'), /32768 bytes at a time.*0x80090326/],
  [
    'a connection that is reset before TLS',
    trouble('reset'),
    /no certificate bound .*, or nothing of TLS in common .*0x80070040, or 0x80072746 \(confidence: medium\)/,
  ],
  ['a connection that ends before TLS', trouble('closed'), /would show 0x80070040/],
  ['a port that stays silent', trouble('timed-out'), /would show 809 \(confidence: low\)/],
  ['something other than TLS', trouble('garbage'), /0x80090326, or 0x80090308 \(confidence: low\)/],
  ['no common version', trouble('alert', 'alert 70', 70), /0x80090326, or 0x80090331 \(confidence: medium\)/],
  ['no common suite', trouble('alert', 'alert 40', 40), /0x80090326, or 0x80090331/],
  ['a name that is not known', trouble('alert', 'alert 112', 112), /does not know the dialled name.*0x80090326 /],
  ['another alert', trouble('alert', 'alert 80', 80), /0x80090326 \(confidence: low\)/],
] as const)
  test(`${name} fails with the code that users see`, judgingOutside, tls, {
    given: (outside) => breakAt(outside, 'tls', what),
    status: 'fail',
    says,
  });

for (const [kind, reason] of [
  ['refused', 'refused'],
  ['timed-out', 'timed-out'],
  ['unreachable', 'unreachable'],
] as const)
  test(`a port that is ${kind} is unknown, with the reason`, judgingOutside, tls, {
    given: (outside) => breakAt(outside, 'tcp', trouble(kind, 'said so')),
    status: 'unknown',
    reason,
    says: /TCP to 192\.0\.2\.7:443 failed: .*\(said so\)/,
  });

test('a name that does not exist is unknown', judgingOutside, tls, {
  given: (outside) => {
    outside.addresses = [];
    outside.missing = 'the name does not exist';
  },
  status: 'unknown',
  says: /does not exist/,
});

test('one address without an answer leaves no pass', judgingOutside, tls, {
  given: (outside) => breakAt(outside, 'tcp', trouble('refused'), SIX),
  status: 'unknown',
});

test('one address without an answer does not hide that TLS fails at the other', judgingOutside, tls, {
  given: (outside) => {
    breakAt(outside, 'tcp', trouble('refused'), SIX);
    breakAt(outside, 'tls', trouble('reset'), FOUR);
  },
  status: 'fail',
});
