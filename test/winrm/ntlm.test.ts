/** NTLMv2 against the values that Microsoft publishes in [MS-NLMP] 4.2.4, and MD4 and RC4 against their own. */
import test from 'ava';
import fc from 'fast-check';
import { hmacMd5, passwordKey } from '../../engine/transports/winrm/ntlm/hashes.ts';
import { md4 } from '../../engine/transports/winrm/ntlm/md4.ts';
import { answerTo, channelBinding, FLAGS, readChallenge } from '../../engine/transports/winrm/ntlm/messages.ts';
import { readPairs, writePairs } from '../../engine/transports/winrm/ntlm/pairs.ts';
import { rc4 } from '../../engine/transports/winrm/ntlm/rc4.ts';
import { sealFor } from '../../engine/transports/winrm/ntlm/seal.ts';
import { challengeOf } from './ntlm-server.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');
const hex = (buffer: Uint8Array): string => Buffer.from(buffer).toString('hex');

for (const [text, digest] of [
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
] as const)
  test(`MD4 of "${text}" is what RFC 1320 says`, (t) => t.is(hex(md4(Buffer.from(text))), digest));

for (const [key, plain, cipher] of [
  ['Key', 'Plaintext', 'bbf316e8d940af0ad3'],
  ['Wiki', 'pedia', '1021bf0420'],
] as const)
  test(`RC4 of "${plain}" under "${key}" is what everyone publishes`, (t) =>
    t.is(hex(rc4(Buffer.from(key))(Buffer.from(plain))), cipher));

const account = { user: 'User', domain: 'Domain' };
const key = passwordKey(account, 'Password');
const serverNonce = bytes('0123456789abcdef');
const clientNonce = bytes('aaaaaaaaaaaaaaaa');
const pairs = new Map([
  [2, Buffer.from('Domain', 'utf16le')],
  [1, Buffer.from('Server', 'utf16le')],
]);
const randomSessionKey = bytes('55555555555555555555555555555555');

test('the key of a password is NTOWFv2 of MS-NLMP 4.2.4.1.1', (t) =>
  t.is(hex(key), '0c868a403bfd7a93a3001ef22ef02e3f'));

test('the proof, the session base key and the encrypted session key are those of MS-NLMP 4.2.4', (t) => {
  const { proof } = answerTo(key, serverNonce, clientNonce, Buffer.alloc(8), pairs);
  t.is(hex(proof), '68cd0ab851e51c96aabc927bebef6a1c');
  const base = hmacMd5(key, proof);
  t.is(hex(base), '8de40ccadbc14a82f15cb0ad0de95ca3');
  t.is(hex(rc4(base)(randomSessionKey)), 'c5dad2544fc9799094ce1ce90bc9d03e');
});

test('LMv2 is that of MS-NLMP 4.2.4.2.1', (t) =>
  t.is(
    hex(Buffer.concat([hmacMd5(key, serverNonce, clientNonce), clientNonce])),
    '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa',
  ));

test('sealing gives the bytes and the signature of MS-NLMP 4.2.4.4', (t) => {
  const { sealed, signature } = sealFor('client', randomSessionKey).wrap(Buffer.from('Plaintext', 'utf16le'));
  t.is(hex(sealed), '54e50165bf1936dc996020c1811b0f06fb5f');
  t.is(hex(signature), '010000007fb38ec5c55d497600000000');
});

test('what one side seals the other opens, in order, and nothing else', (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), fc.nat(), (messages, place) => {
      const [client, server] = [sealFor('client', randomSessionKey), sealFor('server', randomSessionKey)];
      for (const message of messages) {
        t.deepEqual(server.unwrap(client.wrap(message)), Buffer.from(message));
        t.deepEqual(client.unwrap(server.wrap(message)), Buffer.from(message));
      }
      const { sealed, signature } = client.wrap(Buffer.from('once more'));
      const broken = Buffer.concat([signature, sealed]);
      const at = place % broken.length;
      broken[at] = (broken[at] ?? 0) ^ 1;
      t.is(server.unwrap({ signature: broken.subarray(0, 16), sealed: broken.subarray(16) }), undefined);
    }),
    { numRuns: 200 },
  );
});

test('a message that is sent again is not accepted again', (t) => {
  const [client, server] = [sealFor('client', randomSessionKey), sealFor('server', randomSessionKey)];
  const message = client.wrap(Buffer.from('once'));
  t.deepEqual(server.unwrap(message), Buffer.from('once'));
  t.is(server.unwrap(message), undefined);
});

test('a challenge without signing, sealing, 128 bits or key exchange is refused', (t) => {
  t.notThrows(() => readChallenge(challengeOf()));
  for (const flag of ['sign', 'seal', 'extendedSessionSecurity', 'bits128', 'keyExchange'] as const) {
    const challenge = challengeOf();
    challenge.writeUInt32LE((challenge.readUInt32LE(20) & ~FLAGS[flag]) >>> 0, 20);
    t.throws(() => readChallenge(challenge), { message: /does not offer/ }, flag);
  }
});

test('a challenge that is cut anywhere is refused, never read beyond its end', (t) => {
  const whole = challengeOf();
  for (let cut = 0; cut < whole.length; cut++)
    t.throws(() => readChallenge(whole.subarray(0, cut)), { instanceOf: SyntaxError }, `cut at ${cut}`);
});

test('a list of pairs is read as it was written, and refused when it is cut', (t) => {
  const list = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 6,
    selector: ([id]) => id,
  });
  fc.assert(
    fc.property(list, fc.nat(), (entries, place) => {
      const written = writePairs(new Map(entries));
      t.deepEqual(
        [...readPairs(written)],
        entries.map(([id, value]) => [id, Buffer.from(value)]),
      );
      t.throws(() => readPairs(written.subarray(0, place % written.length)), { instanceOf: SyntaxError });
    }),
  );
});

test('the channel binding of a certificate is the one that Windows accepts from other clients', (t) => {
  const hash = bytes('e3ca49271e5089cc48ce82109f1324f41dbeddc29a777410c738f7868c4ff405');
  const name = Buffer.concat([Buffer.from('tls-server-end-point:'), hash]);
  t.is(hex(channelBinding(name)), '6ea19df066da4622051f9c4f92c6df74');
});

test('sharp s stays one letter in a user name, as on Windows', (t) =>
  t.deepEqual(passwordKey({ user: 'groß', domain: '' }, 'x'), passwordKey({ user: 'GROß', domain: '' }, 'x')));
