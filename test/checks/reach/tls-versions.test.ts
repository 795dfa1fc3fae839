import test from 'ava';
import names from '../../../checks/facts/read/cipher-suites.json' with { type: 'json' };
import versions from '../../../checks/reach/tls-versions.ts';
import { SUITES } from '../../../engine/probe/hello.ts';
import { offering } from '../../outside/healthy.ts';
import { breakAt, trouble } from '../../outside/outside.ts';
import { judgingOutside } from '../judging-outside.ts';

const expected = {
  required: ['TLS 1.2'],
  forbidden: ['SSL 3.0', 'TLS 1.0', 'TLS 1.1'],
  forbiddenSuites: ['RC4', '3DES', 'NULL', 'EXPORT', 'anon'],
};

test('current versions and suites pass at every address', judgingOutside, versions, {
  expected,
  status: 'pass',
  says: [/192\.0\.2\.7:443: TLS 1\.2 \(2 suites\), TLS 1\.3 \(2 suites\) is offered/, /\[2001:db8::7\]:443/],
});

test('a forbidden version fails', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering({ 'TLS 1.0': [0xc014] });
  },
  expected,
  status: 'fail',
  says: /TLS 1\.0 is offered/,
});

test('a required version that is not offered fails', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering({ 'TLS 1.2': [] });
  },
  expected,
  status: 'fail',
  says: /TLS 1\.2 is not offered/,
});

for (const [version, suites, status] of [
  // ChaCha20, Camellia and CCM of TLS 1.2, and what Windows 7 and Windows 11 have.
  ['TLS 1.2', [0xcca8, 0xc077, 0xc09d], 'fail'],
  ['TLS 1.2', [0xcca8, 0xc013], 'pass'],
  ['TLS 1.2', [0x009d], 'pass'],
  ['TLS 1.3', [0x1304], 'fail'],
  ['TLS 1.3', [0x1303], 'pass'],
] as const)
  test(`${version} with the suites ${suites.map((it) => it.toString(16))}: ${status}`, judgingOutside, versions, {
    given: (outside) => {
      outside.versions = offering({ [version]: suites });
    },
    expected: { required: [version], forbidden: [], forbiddenSuites: [] },
    status,
    says: status === 'fail' ? new RegExp(`${version} is offered without a suite that Windows has`) : /is offered/,
  });

test('a version that nobody requires may be offered without a suite that Windows has', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering({ 'TLS 1.3': [0x1304] });
  },
  expected,
  status: 'pass',
});

for (const [word, suite, says] of [
  ['RC4', 0x0005, /TLS 1\.2 is offered with TLS_RSA_WITH_RC4_128_SHA/],
  ['3DES', 0x000a, /TLS_RSA_WITH_3DES_EDE_CBC_SHA/],
  ['NULL', 0x003b, /TLS_RSA_WITH_NULL_SHA256/],
  ['EXPORT', 0x0003, /TLS_RSA_EXPORT_WITH_RC4_40_MD5/],
  ['DES', 0x0008, /TLS_RSA_EXPORT_WITH_DES40_CBC_SHA/],
  ['anon', 0xc018, /TLS_ECDH_anon_WITH_AES_128_CBC_SHA/],
] as const)
  test(`a suite with ${word} fails where it is forbidden`, judgingOutside, versions, {
    given: (outside) => {
      outside.versions = offering({ 'TLS 1.2': [0xc030, suite] });
    },
    expected: { ...expected, forbiddenSuites: [word] },
    status: 'fail',
    says,
  });

test('3DES is not DES', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering({ 'TLS 1.2': [0x000a] });
  },
  expected: { ...expected, forbiddenSuites: ['DES'] },
  status: 'pass',
});

test('the export form of DES is not forbidden with something else', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering({ 'TLS 1.2': [0xc030, 0x0008] });
  },
  expected: { ...expected, forbiddenSuites: ['RC4'] },
  status: 'pass',
});

test('a version that could not be asked to the end is unknown', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering().map((offer) =>
      offer.version === 'TLS 1.1' ? { ...offer, trouble: trouble('timed-out', 'no answer') } : offer,
    );
  },
  expected,
  status: 'unknown',
  reason: 'timed-out',
  says: /TLS 1\.1/,
});

test('a suite that has no name is unknown', judgingOutside, versions, {
  given: (outside) => {
    outside.versions = offering({ 'TLS 1.2': [0xfefe] });
  },
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /0xFEFE/,
});

test('a server that ends TLS with an alert is asked all the same', judgingOutside, versions, {
  given: (outside) => {
    breakAt(outside, 'tls', trouble('alert', 'alert 70', 70));
    outside.versions = offering({ 'SSL 3.0': [0x0005], 'TLS 1.2': [], 'TLS 1.3': [] });
  },
  expected,
  status: 'fail',
  says: /SSL 3\.0 is offered; .*TLS 1\.2 is not offered/,
});

test('a server that drops the connection before TLS is unknown, and is not asked again', judgingOutside, versions, {
  given: (outside) => breakAt(outside, 'tls', trouble('reset')),
  expected,
  status: 'unknown',
  reason: 'refused',
  asked: (questions) => !questions.some((question) => question.startsWith('probe versions')),
});

test('a port that is refused is unknown', judgingOutside, versions, {
  given: (outside) => breakAt(outside, 'tcp', trouble('refused')),
  expected,
  status: 'unknown',
  reason: 'refused',
});

test('every suite that the probe offers has a name', (t) => {
  const named = new Set(Object.keys(names));
  const offered = Object.values(SUITES).flat();
  t.true(offered.length > 200);
  t.deepEqual(
    offered.map((suite) => suite.toString(16).toUpperCase().padStart(4, '0')).filter((number) => !named.has(number)),
    [],
  );
});
