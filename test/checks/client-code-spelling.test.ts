import test from 'ava';
import fc from 'fast-check';
import { readClientCode, spellingsOf } from '../../checks/client-code-spelling.ts';
import { CLIENT_CODES } from '../../checks/client-codes.ts';

/** Each row of the table of spellings, and what administrators paste. Source: kb947031 section 1. */
const READ: readonly (readonly [string, string])[] = [
  ['809', '809'],
  ['0x800B0101', '0x800B0101'],
  ['0X800b0101', '0x800B0101'],
  ['0x329', '809'],
  ['0x00000329', '809'],
  ['800B0101', '0x800B0101'],
  ['800704c9', '0x800704C9'],
  ['80070040', '0x80070040'],
  ['80092013', '0x80092013'],
  ['80072746', '0x80072746'],
  ['-2146762495', '0x800B0101'],
  ['-2146762487', '0x800B0109'],
  ['\u22122146762487', '0x800B0109'],
  ['2148204801', '0x800B0101'],
  ['８０９', '809'],
  ['０ｘ８００Ｂ０１０９', '0x800B0109'],
  ['－２１４６７６２４８７', '0x800B0109'],
  ['CERT_E_EXPIRED', '0x800B0101'],
  ['cert_e_expired', '0x800B0101'],
  ['ERROR_VPN_TIMEOUT', '809'],
  ['WSAECONNRESET', '0x80072746'],
  ['  809\n', '809'],
  // A RAS code in an HRESULT; 0x80070320 is a code of its own, 0x800703E3 is Win32 995.
  ['0x80070329', '809'],
  ['0x80070320', '0x80070320'],
  ['0x800703E3', '0x800703E3'],
  // Codes that are not known.
  ['700', '700'],
  ['0x80004005', '0x80004005'],
  // Pasted texts.
  ['Error 809: The network connection between your computer and the VPN server could not be established', '809'],
  ['エラー 809: リモート サーバーが応答していません', '809'],
  ['エラー：８０９', '809'],
  ['エラー809が発生しました。', '809'],
  ['error code:809', '809'],
  ['A certificate chain terminated in a root which is not trusted (0x800B0109).', '0x800B0109'],
  [
    'CoId={8A1B2C3D-0000-4000-8000-00000000A809}: The user SYSTEM dialed a connection named VPN which has failed. The error code returned on failure is -2146762487.',
    '0x800B0109',
  ],
  ['2026-11-01 22:15:04.812 RasClient 20227 192.168.0.1 failed with 0x80070040', '0x80070040'],
  ['after 900 seconds: error 868', '868'],
  ['took 1,812 ms, then 691', '691'],
  ['it says CERT_E_CN_NO_MATCH, why?', '0x800B010F'],
  ['0x800b010f / 809', '0x800B010F'],
];

for (const [text, code] of READ) test(`"${text}" is ${code}`, (t) => t.is(readClientCode(text), code));

const NONSENSE = [
  '',
  ' ',
  '0',
  '42',
  '599',
  '1000',
  '0x1',
  '0x257',
  '0x3E8',
  '0x',
  '0x100000000',
  '0x800B01011',
  '-1',
  '-809',
  '-2146762487-1',
  '4294967296',
  '4294967295',
  '1500000000',
  '70040',
  '900B0101',
  '0xC0000005',
  '800B010G',
  'CERT_E_NONSENSE',
  'KB947031',
  'the server does not answer',
  '192.168.0.1:443',
  '12:809:13',
  '1.809',
  '{800B0109-0000-4000-8000-000000000000}',
  '35E83446EB0F44662176BA0572EF6FD3F589299A',
];

for (const text of NONSENSE) test(`"${text}" is no code`, (t) => t.is(readClientCode(text), undefined));

test('every code is read in every spelling, in any case, alone and in a sentence', (t) => {
  const wide = (text: string) =>
    text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
  const written = fc
    .constantFrom(...CLIENT_CODES)
    .chain(({ code, symbol }) =>
      fc.record({ code: fc.constant(code), spelling: fc.constantFrom(symbol, ...spellingsOf(code)) }),
    );
  const change = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toLowerCase(),
    (text) => text.toUpperCase(),
    wide,
    (text) => `  ${text} `,
  );
  fc.assert(
    fc.property(written, change, ({ code, spelling }, changed) => t.is(readClientCode(changed(spelling)), code)),
    { numRuns: 2_000 },
  );
  for (const { code } of CLIENT_CODES)
    for (const spelling of spellingsOf(code)) t.is(readClientCode(`VPN: it failed (${spelling}).`), code, spelling);
});

test('no text makes it fail, and what it reads it reads again', (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const code = readClientCode(text);
      if (code !== undefined) t.is(readClientCode(code), code);
    }),
    { numRuns: 2_000 },
  );
  t.pass();
});
