import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList } from '@peculiar/asn1-x509';
import { X509CrlReason } from '@peculiar/x509';
import test from 'ava';
import fc from 'fast-check';
import { readCertificate } from '../../../../checks/facts/read/certificate.ts';
import { parseCrl, readCrl } from '../../../../checks/facts/read/verdict/crl.ts';
import { askCrl } from '../../../../checks/facts/read/verdict/crl-answer.ts';
import { crlOf, pointNamed } from '../../../server/crl.ts';
import { observedAt as at } from '../../../server/healthy.ts';
import { issuing, leaf, signerOf } from '../../../server/pki.ts';
import { downloadFrom, ISSUING_CRL } from './web.ts';

const own = await leaf({ ocsp: [] });
const [certificate, issuer] = await Promise.all([own, issuing].map(({ der }) => readCertificate(der)));

const ask = (crl: Uint8Array) => {
  if (!certificate || !issuer) throw new Error('no certificates');
  return askCrl(
    { url: ISSUING_CRL, isPart: false },
    { certificate, issuer, at, download: downloadFrom({ [ISSUING_CRL]: crl }) },
  );
};

test('a CRL is read with its number, its scope and its dates', async (t) => {
  const scope = { onlyContainsUserCerts: true, distributionPoint: pointNamed(ISSUING_CRL) };
  const crl = readCrl(parseCrl(await crlOf(issuing, { number: 4711, base: 4700, scope, freshest: ['http://a/'] })));
  t.deepEqual([crl.number, crl.base], [4711n, 4700n]);
  t.is(crl.issuerId, issuer?.subjectId ?? '');
  t.deepEqual([crl.thisUpdate, crl.nextUpdate], [new Date('2026-10-30T00:00:00Z'), new Date('2026-11-06T00:00:00Z')]);
  t.deepEqual(crl.deltaPoints, [{ url: 'http://a/', isPart: false }]);
  t.deepEqual(crl.unknownCritical, []);
});

test('numbers of CRLs are compared whole, however long', async (t) => {
  const long = readCrl(parseCrl(await crlOf(issuing, { number: 2 ** 52 + 1 })));
  t.is(long.number, 2n ** 52n + 1n);
});

test('the reason of a revocation is told', async (t) => {
  for (const reason of ['keyCompromise', 'superseded', 'certificateHold'] as const) {
    const answer = await ask(await crlOf(issuing, { revoked: [{ made: own, reason: X509CrlReason[reason] }] }));
    t.deepEqual(answer, { kind: 'revoked', since: new Date('2026-10-29T00:00:00Z'), reason });
  }
});

/** The same with another serial number: bytes that no library writes, as they are not the shortest, or less than zero. */
const renumbered = (der: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array => {
  const at = Buffer.from(der).indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error('no such number');
  return Uint8Array.from(der, (byte, index) => to[index - at] ?? byte);
};

for (const [what, first] of [
  ['less than zero', [0xfa, 0x11]],
  ['not the shortest', [0, 0x11]],
] as const)
  test(`a serial number that is ${what} is found in a CRL`, async (t) => {
    const number = new Uint8Array(Buffer.from(own.certificate.serialNumber, 'hex'));
    const odd = Uint8Array.from(number, (byte, index) => first[index] ?? byte);
    const list = AsnConvert.parse(await crlOf(issuing, { revoked: [own] }), CertificateList);
    const tbs = renumbered(new Uint8Array(AsnConvert.serialize(list.tbsCertList)), number, odd);
    const { signingKey, signingAlgorithm } = await signerOf(issuing.key);
    const signature = await webcrypto.subtle.sign(signingAlgorithm, signingKey, tbs);
    const crl = Buffer.from(AsnConvert.serialize(list));
    crl.set(tbs, crl.indexOf(Buffer.from(AsnConvert.serialize(list.tbsCertList))));
    crl.set(new Uint8Array(signature), crl.length - signature.byteLength);
    const mine = await readCertificate(renumbered(own.der, number, odd));
    if (!issuer) throw new Error('no issuer');
    const download = downloadFrom({ [ISSUING_CRL]: new Uint8Array(crl) });
    const answer = await askCrl({ url: ISSUING_CRL, isPart: false }, { certificate: mine, issuer, at, download });
    t.is(answer.kind, 'revoked', JSON.stringify(answer));
  });

test('no byte of a CRL can be changed to hide a revocation', async (t) => {
  const crl = await crlOf(issuing, { revoked: [own] });
  const flip = fc.record({ place: fc.nat(crl.length - 1), mask: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(flip, async ({ place, mask }) => {
      const changed = crl.map((byte, index) => (index === place ? byte ^ mask : byte));
      t.not((await ask(changed)).kind, 'good', `byte ${place} ^ ${mask}`);
    }),
    { numRuns: 300 },
  );
  t.is((await ask(crl)).kind, 'revoked');
});

test('no cut CRL says that a certificate is good', async (t) => {
  const crl = await crlOf(issuing);
  for (let length = 0; length < crl.length; length += 9) t.is((await ask(crl.subarray(0, length))).kind, 'failed');
  t.is((await ask(crl)).kind, 'good');
});

test('arbitrary bytes are no CRL', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      t.is((await ask(new Uint8Array(bytes))).kind, 'failed');
    }),
    { numRuns: 200 },
  );
});
