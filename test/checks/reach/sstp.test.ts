import test from 'ava';
import sstp from '../../../checks/reach/sstp.ts';
import { acknowledging, headOf, refusing } from '../../outside/healthy.ts';
import { breakAt, type Outside, trouble } from '../../outside/outside.ts';
import { judgingOutside } from '../judging-outside.ts';

const expected = { requiredHashes: ['SHA-256'], forbiddenHashes: [] };

test('an acknowledged call passes with the hashes that are offered', judgingOutside, sstp, {
  expected,
  status: 'pass',
  says: /192\.0\.2\.7:443: the call is acknowledged; hashes .*: SHA-1, SHA-256/,
});

test('an address at which no call was tried is told: it may be another server', judgingOutside, sstp, {
  expected,
  status: 'pass',
  says: /SHA-256; SSTP was not tried at \[2001:db8::7\]:443: probe each of them alone, if it is another server$/m,
});

test('where there is one address only, nothing is left to be tried', judgingOutside, sstp, {
  given: (outside) => {
    outside.addresses = ['192.0.2.7'];
  },
  expected,
  status: 'pass',
  says: /crypto binding: SHA-1, SHA-256$/m,
});

test('SHA-1 alone fails', judgingOutside, sstp, {
  given: (outside) => {
    outside.packet = acknowledging('SHA-1');
  },
  expected,
  status: 'fail',
  says: /SHA-256 is not offered/,
});

test('SHA-1 beside SHA-256 fails where it is forbidden', judgingOutside, sstp, {
  expected: { ...expected, forbiddenHashes: ['SHA-1'] },
  status: 'fail',
  says: /SHA-1 is offered/,
});

const answering = (head: string) => (outside: Outside) => {
  outside.head = head;
  breakAt(outside, 'http', trouble('declined', head.split('\r\n')[0]));
};

for (const [head, says] of [
  [
    headOf(503, 'Service Unavailable'),
    /HTTP\/1\.1 503 Service Unavailable\): .*overload.*itself answers 401.*0x800704C9 \(confidence: medium\)/,
  ],
  [headOf(404, 'Not Found'), /another program answers there.*0x800704C9/],
  [headOf(407, 'Proxy Authentication Required'), /sign-in.*0x800704C9.*event 23/],
  [headOf(403, 'Forbidden'), /something other than SSTP answers.*0x800704C9 \(confidence: medium\)/],
  [headOf(401, 'Unauthorized'), /SSTP itself takes no call: no port is free.*0x800704C9 \(confidence: high\).*event 4/],
  [headOf(200, 'OK', '1.0'), /not HTTP\/1\.1.*not known.*event 3/],
] as const)
  test(`${head.split('\r\n')[0]} fails with what users see`, judgingOutside, sstp, {
    given: answering(head),
    expected,
    status: 'fail',
    says,
  });

test('a 401 that asks for a sign-in is not of SSTP', judgingOutside, sstp, {
  given: answering(headOf(401, 'Unauthorized').replace('\r\n\r\n', '\r\nWWW-Authenticate: Negotiate\r\n\r\n')),
  expected,
  status: 'fail',
  says: /something other than SSTP answers.*0x800704C9 \(confidence: medium\)/,
});

test('HTTP that stays silent fails', judgingOutside, sstp, {
  given: (outside) => {
    outside.head = '';
    breakAt(outside, 'http', trouble('timed-out', 'no answer within 10 s'));
  },
  expected,
  status: 'fail',
  says: /\(no answer within 10 s\): .*not known \(confidence: low\), and RasSstp logs event 2/,
});

for (const [name, packet] of [
  ['a Nak', refusing(3, 4)],
  ['an Abort', refusing(5, 7)],
  ['something that is not SSTP', Uint8Array.of(0x20, 1, 0, 8, 0, 2, 0, 0)],
] as const)
  test(`${name} in place of an acknowledgement fails`, judgingOutside, sstp, {
    given: (outside) => {
      outside.packet = packet;
      breakAt(outside, 'sstp', trouble('declined', 'VALUE_NOT_SUPPORTED'));
    },
    expected,
    status: 'fail',
    says: /VALUE_NOT_SUPPORTED\): the server does not accept the SSTP call/,
  });

test('a way that ends at this machine says nothing of the server', judgingOutside, sstp, {
  given: (outside) => breakAt(outside, 'http', trouble('unreachable', 'no route')),
  expected,
  status: 'unknown',
  reason: 'unreachable',
  says: /no route/,
});

for (const stage of ['tcp', 'tls'] as const)
  test(`a connection that ends at ${stage} is unknown`, judgingOutside, sstp, {
    given: (outside) => breakAt(outside, stage, trouble('refused', 'said so')),
    expected,
    status: 'unknown',
    reason: 'refused',
    says: /said so/,
  });

test('a name that does not exist is unknown', judgingOutside, sstp, {
  given: (outside) => {
    outside.addresses = [];
    outside.missing = 'the name does not exist';
  },
  expected,
  status: 'unknown',
  says: /does not exist/,
});
