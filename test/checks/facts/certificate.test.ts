import 'reflect-metadata';
import { AsnConvert, AsnUtf8StringConverter } from '@peculiar/asn1-schema';
import { GeneralName, id_ce_subjectAltName, OtherName, SubjectAlternativeName } from '@peculiar/asn1-x509';
import { Extension } from '@peculiar/x509';
import test from 'ava';
import { readCertificate, readPurposes } from '../../../checks/facts/read/certificate.ts';
import { authority, issuing, leaf, SERVER_AUTHENTICATION, vpn } from '../../server/pki.ts';

const strange = await authority({ extensions: [new Extension('1.2.3.4', true, new Uint8Array([5, 0]))] });
const malformed = await authority({ extensions: [new Extension('2.5.29.37', false, new Uint8Array([1, 2, 3]))] });
const curved = await leaf({
  key: 'p256',
  names: [],
  subject: 'CN=a, CN=b',
  crl: [],
  ocsp: [],
  caIssuers: [],
  eku: null,
});

test('a server certificate is read with all that the checks ask of it', async (t) => {
  const { der, sha256, subjectId, issuerId, ...rest } = await readCertificate(vpn.der);
  t.deepEqual(der, vpn.der);
  t.regex(sha256, /^[0-9A-F]{64}$/);
  t.is(issuerId, (await readCertificate(issuing.der)).subjectId);
  t.not(subjectId, issuerId);
  t.deepEqual(rest, {
    thumbprint: vpn.thumbprint,
    subject: 'CN=vpn.example.com',
    issuer: 'CN=Example Issuing CA, O=Example',
    serial: '4aa45c80a09ca9fe04a716e26593f915',
    notBefore: new Date('2026-05-01T00:00:00Z'),
    notAfter: new Date('2027-06-03T00:00:00Z'),
    purposes: [SERVER_AUTHENTICATION],
    mayEncrypt: true,
    maySignCertificates: false,
    maySignCrls: false,
    isAuthority: false,
    dnsNames: ['vpn.example.com'],
    addresses: [],
    commonNames: ['vpn.example.com'],
    key: { type: 'RSA', bits: 2048 },
    signatureHash: 'SHA-256',
    crlUrls: ['http://crl.example.com/issuing.crl'],
    ocspUrls: ['http://ocsp.example.com/'],
    issuerUrls: ['http://crl.example.com/issuing.crt'],
    unknownCritical: [],
    doubtfulCritical: [],
    limitsNames: false,
  });
});

test('names of a form that nobody dials do not hide the others', async (t) => {
  const SERVICE_NAME = '1.3.6.1.5.5.7.8.7';
  const value = AsnUtf8StringConverter.toASN('_https.vpn.example.com').toBER();
  const names = new SubjectAlternativeName([
    new GeneralName({ otherName: new OtherName({ typeId: SERVICE_NAME, value }) }),
    new GeneralName({ dNSName: 'vpn.example.com' }),
  ]);
  const extensions = [new Extension(id_ce_subjectAltName, false, AsnConvert.serialize(names))];
  const { dnsNames } = await readCertificate((await leaf({ names: [], extensions })).der);
  t.deepEqual(dnsNames, ['vpn.example.com']);
});

test('what a certificate does not have is absent or empty, never a default', async (t) => {
  const read = await readCertificate(curved.der);
  t.false('purposes' in read);
  t.false('pathLength' in read);
  t.deepEqual([read.crlUrls, read.ocspUrls, read.dnsNames], [[], [], []]);
  t.deepEqual(read.commonNames, ['a', 'b']);
  t.deepEqual(read.key, { type: 'EC', bits: 256 });
});

test('an authority is read with its limits', async (t) => {
  const read = await readCertificate(strange.der);
  t.deepEqual([read.isAuthority, read.maySignCertificates, read.mayEncrypt], [true, true, false]);
  t.deepEqual(read.unknownCritical, ['1.2.3.4']);
  t.is((await readCertificate(issuing.der)).pathLength, 0);
});

test('an extension that was read once stands for equal ones only', async (t) => {
  const criticalOf = async (oid: string, critical: boolean, value: number[]) => {
    const extensions = [new Extension(oid, critical, new Uint8Array(value))];
    return (await readCertificate((await authority({ extensions })).der)).unknownCritical;
  };
  t.deepEqual(await criticalOf('1.2.3.5', false, [5, 0]), []);
  t.deepEqual(await criticalOf('1.2.3.5', true, [5, 0]), ['1.2.3.5']);
  t.deepEqual(await criticalOf('1.2.3.6', true, [5, 0]), ['1.2.3.6']);
  t.deepEqual(await criticalOf('1.2.3.5', false, [5, 0]), []);
  const namesOf = async (names: string[]) => (await readCertificate((await leaf({ names })).der)).dnsNames;
  for (const name of ['a.example.com', 'b.example.com', 'a.example.com']) t.deepEqual(await namesOf([name]), [name]);
});

test('a malformed extension makes the certificate unreadable, not unrestricted', async (t) => {
  await t.throwsAsync(readCertificate(malformed.der));
  const again = await authority({
    name: 'Again',
    extensions: [new Extension('2.5.29.37', false, new Uint8Array([1, 2, 3]))],
  });
  await t.throwsAsync(readCertificate(again.der), undefined, 'an equal one, met again');
  t.throws(() => readPurposes(new Uint8Array([1, 2, 3])));
});

test('dates that make no sense make the certificate unreadable', async (t) => {
  const hex = (text: string) => Buffer.from(text).toString('hex');
  for (const date of ['260501000000Z', '270603000000Z']) {
    const der = Buffer.from(vpn.der).toString('hex').replace(hex(date), hex('27xx03000000Z'));
    await t.throwsAsync(readCertificate(new Uint8Array(Buffer.from(der, 'hex'))), { message: /dates/ });
  }
});

test('no cut certificate is read', async (t) => {
  for (let length = 0; length < vpn.der.length; length += 7)
    await t.throwsAsync(readCertificate(vpn.der.subarray(0, length)), undefined, String(length));
});
