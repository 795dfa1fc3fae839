import test from 'ava';
import fc from 'fast-check';
import { parseCertificateBlob } from '../../../checks/facts/read/certificate-blob.ts';
import { Unknown } from '../../../engine/define.ts';
import { blobOf } from '../../server/blob.ts';
import { CLIENT_AUTHENTICATION, vpn } from '../../server/pki.ts';

const parse = (blob: Uint8Array) => parseCertificateBlob('MY\\AB', blob);
const element = (id: number, data: readonly number[], reserved = 1): readonly number[] => [
  ...[id, reserved, data.length].flatMap((value) => [value & 255, value >> 8, 0, 0]),
  ...data,
];
const certificate = element(32, [0x30, 0]);

test('a certificate is read with what the store notes beside it', (t) => {
  t.deepEqual(parse(blobOf(vpn.der)), { der: vpn.der, hasKeyLink: false, isArchived: false });
  t.deepEqual(
    parse(
      blobOf(vpn.der, { keyLink: true, archived: true, friendlyName: 'SSTP', restrictedEku: [CLIENT_AUTHENTICATION] }),
    ),
    { der: vpn.der, hasKeyLink: true, isArchived: true, allowedPurposes: [CLIENT_AUTHENTICATION] },
  );
  t.deepEqual(parse(blobOf(vpn.der, { restrictedEku: [] })).allowedPurposes, []);
});

test('distrust is read with its moment and its purposes, and what of them cannot be read limits nothing', (t) => {
  const since = new Date('2026-10-01T00:00:00Z');
  const purposes = [CLIENT_AUTHENTICATION];
  const distrusted = (distrust: NonNullable<Parameters<typeof blobOf>[1]>['distrust']) =>
    parse(blobOf(vpn.der, distrust && { distrust })).distrust;
  t.is(distrusted(undefined), undefined);
  t.deepEqual(distrusted({ since }), [{ ofNew: false, since }]);
  t.deepEqual(distrusted({ since, ofNew: true, purposes }), [{ ofNew: true, since, purposes }]);
  t.deepEqual(distrusted({ purposes }), [{ ofNew: false, purposes }]);
  t.deepEqual(parse(Uint8Array.from([...element(104, [1]), ...element(122, [1]), ...certificate])).distrust, [
    { ofNew: false },
  ]);
  const asAuthority = element(128, [0, 128, 62, 213, 222, 177, 157, 1]);
  t.deepEqual(parse(Uint8Array.from([...asAuthority, ...certificate])).distrust, [
    { ofNew: false, since: new Date('1970-01-01T00:00:00Z') },
  ]);
});

test('a link to a private key that names nothing is none', (t) => {
  t.false(parse(Uint8Array.from([...element(2, []), ...certificate])).hasKeyLink);
  t.is(
    parse(Uint8Array.from([...element(2, [28]), ...certificate])).keyDoubt,
    'its link to a private key cannot be read',
  );
});

for (const [what, bytes, message] of [
  ['no byte at all', [], /holds no certificate/],
  ['properties without a certificate', element(3, [1, 2]), /holds no certificate/],
  ['half a header', [...certificate.slice(0, 7)], /ends inside a property/],
  ['a property that is cut', [...element(3, [1, 2, 3]).slice(0, -1)], /ends inside property 3/],
  ['a certificate that is cut', certificate.slice(0, -1), /ends inside property 32/],
  ['a length beyond every end', [...element(3, []).slice(0, 8), 255, 255, 255, 255], /ends inside property 3/],
  ['another number than 1', element(3, [], 2), /property 3 with 2 in place of 1/],
  ['the same property twice', [...element(19, []), ...element(19, []), ...certificate], /property 19 twice/],
  ['more after the certificate', [...certificate, ...element(19, [])], /goes on after the certificate/],
  ['purposes that are not DER', [...element(9, [1, 2, 3]), ...certificate], /restricts the purposes/],
] as const)
  test(`${what} is unreadable`, (t) => {
    t.throws(() => parse(Uint8Array.from(bytes)), { instanceOf: Unknown, message });
  });

test('no bytes but a whole blob are read, and none breaks the reader', (t) => {
  const whole = blobOf(vpn.der, { keyLink: true });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      t.throws(() => parse(whole.subarray(0, length)), { instanceOf: Unknown });
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        parse(bytes);
      } catch (error) {
        t.true(error instanceof Unknown);
      }
    }),
    { numRuns: 500 },
  );
  t.pass();
});
