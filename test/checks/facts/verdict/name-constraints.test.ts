import 'reflect-metadata';
import { AsnConvert, AsnUtf8StringConverter } from '@peculiar/asn1-schema';
import { GeneralName, Name, OtherName, SubjectAlternativeName } from '@peculiar/asn1-x509';
import { Name as DistinguishedName, Extension } from '@peculiar/x509';
import test from 'ava';
import { readCertificate } from '../../../../checks/facts/read/certificate.ts';
import { limitsOf } from '../../../../checks/facts/read/verdict/name-constraints.ts';
import { nameConstraints } from '../../../server/constraints.ts';
import { authority, leaf, type Made, root } from '../../../server/pki.ts';

type Constraints = Parameters<typeof nameConstraints>[0];

const read = ({ der }: Made) => readCertificate(der);
const limiting = async (extension: Extension) => read(await authority({ issuer: root, extensions: [extension] }));
const directory = (text: string) => ({
  directoryName: AsnConvert.parse(new DistinguishedName(text).toArrayBuffer(), Name),
});

type Row = readonly [Constraints, Parameters<typeof leaf>[0], 'kept' | 'broken' | 'undecided'];
const host = (...names: readonly string[]) => ({ names, subject: 'CN=vpn' });
const of = (subject: string) => ({ names: ['vpn.example.com'], subject });

const otherName = (typeId: string, text: string) =>
  new OtherName({ typeId, value: AsnUtf8StringConverter.toASN(text).toBER(false) });
/** A user principal name, which AD CS can constrain (CAPolicy.inf). */
const userOf = (text: string) => ({ otherName: otherName('1.3.6.1.4.1.311.20.2.3', text) });
const alternatively = (name: ConstructorParameters<typeof GeneralName>[0]) =>
  new Extension('2.5.29.17', false, AsnConvert.serialize(new SubjectAlternativeName([new GeneralName(name)])));

const rows: readonly Row[] = [
  [{ permitted: [{ dNSName: 'example.com' }] }, host('example.com', 'VPN.Example.COM', '*.example.com'), 'kept'],
  [{ permitted: [{ dNSName: 'EXAMPLE.com' }] }, host('vpn.example.com'), 'kept'],
  [{ permitted: [{ dNSName: 'example.com' }] }, host('vpn.example.com', 'badexample.com'), 'broken'],
  [{ permitted: [{ dNSName: 'vpn.example.com' }] }, host('example.com'), 'broken'],
  [{ permitted: [{ dNSName: '.example.com' }] }, host('vpn.example.com'), 'kept'],
  // Whether the dot leaves the domain itself out is not told of Windows.
  [{ permitted: [{ dNSName: '.example.com' }] }, host('vpn.example.com', 'example.com'), 'undecided'],
  [{ permitted: [{ dNSName: '.example.com' }] }, host('example.com', 'vpn.example.org'), 'broken'],
  [{ permitted: [{ dNSName: '.example.com' }, { dNSName: 'example.com' }] }, host('example.com'), 'kept'],
  [{ excluded: [{ dNSName: '.example.com' }] }, host('example.com'), 'undecided'],
  [{ excluded: [{ dNSName: '.example.com' }] }, host('vpn.example.com'), 'broken'],
  [{ permitted: [{ dNSName: 'example.org' }, { dNSName: 'example.com' }] }, host('vpn.example.com'), 'kept'],
  [{ permitted: [{ dNSName: '' }] }, host('vpn.example.com'), 'kept'],
  [{ excluded: [{ dNSName: '' }] }, host('vpn.example.com'), 'broken'],
  [
    { permitted: [{ dNSName: 'example.com' }], excluded: [{ dNSName: 'vpn.example.com' }] },
    host('vpn.example.com'),
    'broken',
  ],
  // A form that is not constrained is free; one that has no name is kept.
  [{ permitted: [{ dNSName: 'example.com' }] }, host('192.0.2.7'), 'kept'],
  [{ permitted: [{ iPAddress: '192.0.2.0/24' }] }, host('vpn.example.com'), 'kept'],
  [{ permitted: [{ iPAddress: '192.0.2.0/24' }] }, host('192.0.2.7'), 'kept'],
  [{ permitted: [{ iPAddress: '192.0.2.0/24' }] }, host('192.0.3.7'), 'broken'],
  [{ permitted: [{ iPAddress: '192.0.2.128/25' }] }, host('192.0.2.127'), 'broken'],
  [{ permitted: [{ iPAddress: '2001:db8::/32' }] }, host('2001:db8::7'), 'kept'],
  [{ permitted: [{ iPAddress: '2001:db8::/32' }] }, host('2001:db9::7'), 'broken'],
  [{ permitted: [{ iPAddress: '192.0.2.0/24' }] }, host('2001:db8::7'), 'broken'],
  [{ excluded: [{ iPAddress: '::/0' }] }, host('192.0.2.7'), 'kept'],
  [{ excluded: [{ iPAddress: '0.0.0.0/0' }] }, host('192.0.2.7'), 'broken'],
  [{ permitted: [directory('C=JP, O=Example')] }, of('C=JP, O=Example, CN=vpn'), 'kept'],
  [{ permitted: [directory('C=JP, O=Example')] }, of('C=JP, O=example , CN=vpn'), 'kept'],
  [{ permitted: [directory('C=JP, O=Example')] }, of('C=JP, CN=vpn'), 'broken'],
  [{ permitted: [directory('C=JP, O=Example')] }, of('O=Example, C=JP, CN=vpn'), 'broken'],
  [{ permitted: [directory('C=JP, O=Example')] }, of(''), 'kept'],
  [{ excluded: [directory('C=JP')] }, of('C=JP, O=Example'), 'broken'],
  // What is not compared is not guessed at, where it could matter.
  [{ permitted: [{ rfc822Name: 'example.com' }] }, of('CN=vpn'), 'kept'],
  [{ permitted: [{ rfc822Name: 'example.com' }] }, of('CN=vpn, E=a@example.com'), 'undecided'],
  [{ permitted: [{ uniformResourceIdentifier: 'example.com' }] }, host('vpn.example.com'), 'kept'],
  [{ permitted: [{ dNSName: 'example.com' }, userOf('@example.com')] }, host('vpn.example.com'), 'kept'],
  [
    { permitted: [userOf('@example.com')] },
    { names: [], extensions: [alternatively(userOf('vpn@example.com'))] },
    'undecided',
  ],
  [{ permitted: [{ otherName: otherName('1.2.3', 'x') }] }, host('vpn.example.com'), 'undecided'],
  [{ permitted: [{ registeredID: '1.2.3' }] }, host('vpn.example.com'), 'undecided'],
  [{ permitted: [{ registeredID: '1.2.3' }, { dNSName: 'example.org' }] }, host('vpn.example.com'), 'broken'],
  // Only the common name tells the host.
  [{ permitted: [{ dNSName: 'example.com' }] }, { names: [], subject: 'CN=vpn.example.com' }, 'kept'],
  [{ permitted: [{ dNSName: 'example.org' }] }, { names: [], subject: 'CN=vpn.example.com' }, 'undecided'],
  [{ excluded: [{ dNSName: 'example.com' }] }, { names: [], subject: 'CN=vpn.example.com' }, 'undecided'],
];

for (const [constraints, options, kind] of rows)
  test(`${JSON.stringify(constraints)} and ${JSON.stringify(options)}: ${kind}`, async (t) => {
    const limits = limitsOf(await limiting(nameConstraints(constraints)), [await read(await leaf(options))]);
    t.is(limits.kind, kind, JSON.stringify(limits));
  });

test('an authority below is constrained, too, unless it issued itself', async (t) => {
  const limiter = await limiting(nameConstraints({ permitted: [directory('CN=vpn')] }));
  const below = await read(await leaf({ names: [], subject: 'CN=vpn' }));
  const other = await read(await authority({ name: 'Other', issuer: root }));
  t.is(limitsOf(limiter, [below, other]).kind, 'broken');
  t.is(limitsOf(limiter, [below, { ...other, issuerId: other.subjectId }]).kind, 'kept');
  t.is(limitsOf(limiter, [{ ...other, issuerId: other.subjectId }]).kind, 'broken');
});

const raw = (hex: string): Extension => new Extension('2.5.29.30', true, new Uint8Array(Buffer.from(hex, 'hex')));

const COM = `820b${Buffer.from('example.com').toString('hex')}`;

for (const [what, hex] of [
  ['a mask with holes', '300ea00c300a8708c0000200ff00ff00'],
  ['an address of a length that none has', '300ba00930078705c000020000'],
  ['a minimum', `3014a0123010${COM}800101`],
  ['a maximum', `3014a0123010${COM}810101`],
  ['bytes that make no sense', '300304ff'],
] as const)
  test(`constraints with ${what} are not guessed at`, async (t) => {
    const below = await read(await leaf({ names: ['vpn.example.com', '192.0.2.7'] }));
    t.is(limitsOf(await limiting(raw(hex)), [below]).kind, 'undecided');
  });
