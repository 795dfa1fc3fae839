import test from 'ava';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { codePageIn, decodeText } from '../../engine/code-page.ts';

/** A byte sequence that tells each code page of Windows from the others. Source: the Unicode consortium's mapping tables. */
const SIGNS: readonly (readonly [codePage: number, bytes: readonly number[], text: string])[] = [
  [437, [0x81, 0xe2], 'üΓ'],
  [720, [0xa0], 'ب'],
  [737, [0x80], 'Α'],
  [775, [0x80], 'Ć'],
  [850, [0x81, 0xb5], 'üÁ'],
  [852, [0x86], 'ć'],
  [855, [0x80], 'ђ'],
  [857, [0x8d], 'ı'],
  [858, [0xd5], '€'],
  [860, [0x84], 'ã'],
  [861, [0x8b], 'Ð'],
  [862, [0x80], 'א'],
  [863, [0x84], 'Â'],
  [864, [0xc1], 'ﺀ'],
  [865, [0x9b], 'ø'],
  [866, [0x80, 0xf0], 'АЁ'],
  [869, [0x86], 'Ά'],
  [874, [0xa1], 'ก'],
  [932, [0x83, 0x5c, 0x87, 0x40, 0xfb, 0xfc], 'ソ①髙'],
  [936, [0xc4, 0xe3], '你'],
  [949, [0xc7, 0xd1], '한'],
  [950, [0xa7, 0x41], '你'],
  [1250, [0x9c], 'ś'],
  [1251, [0xc0], 'А'],
  [1252, [0x80], '€'],
  [1253, [0xc1], 'Α'],
  [1254, [0xfd], 'ı'],
  [1255, [0xe0], 'א'],
  [1256, [0xc7], 'ا'],
  [1257, [0xe0], 'ą'],
  [1258, [0xd0], 'Đ'],
  [65001, [0xe3, 0x82, 0xbd], 'ソ'],
];

for (const [codePage, bytes, text] of SIGNS)
  test(`code page ${codePage} is decoded`, (t) => t.is(decodeText(Uint8Array.from(bytes), codePage), text));

test('a text of ASCII reads the same alone and beside other letters', (t) => {
  const ascii = Uint8Array.from({ length: 128 }, (_, byte) => byte);
  for (const [codePage, sign, text] of SIGNS)
    t.is(decodeText(ascii, codePage), decodeText(Uint8Array.of(...ascii, ...sign), codePage).slice(0, -text.length));
});

test('ASCII is the same in every code page, and nothing throws for any byte', (t) => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (const codePage of [...SIGNS.map(([number]) => number), 99_999, undefined]) {
    t.is(decodeText(Buffer.from('LISTENING 443'), codePage), 'LISTENING 443');
    t.true(decodeText(all, codePage).length > 0);
  }
});

for (const [codePage, name] of [
  [932, '日本語'],
  [936, '接入规则'],
  [949, '한국어 규칙'],
  [950, '規則'],
] as const)
  test(`a console of UTF-8 on a server of code page ${codePage} loses no sign of ASCII beside its letters`, (t) => {
    const rule = `v2.10|Action=Allow|Dir=In|Protocol=6|LPort=443|Name=${name}|Security=Authenticate|\r\n`;
    t.is(decodeText(Buffer.from(rule), codePage), rule);
    t.is(decodeText(iconv.encode(rule, `cp${codePage}`), codePage), rule);
  });

test('letters of a page of two bytes that are sound UTF-8 by chance are not taken for it', (t) => {
  // The last letter would become an O, and one of the same kind the bar between the fields of a rule.
  const text = 'ﾅんあ外';
  t.is(decodeText(iconv.encode(text, 'cp932'), 932), text);
});

test('what is Japanese in code page 932 is not taken for UTF-8', (t) => {
  const words = fc.constantFrom(
    ...'あいうんアイウン外部接続規則公開用遠隔漢字髙﨑①㈱ｶﾅﾃｱ',
    'ローカル エリア接続',
    '百花繚乱',
    '麒麟',
    '霞が関',
    ' ',
    '|Name=',
    '\r\n',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      return decodeText(iconv.encode(text, 'cp932'), 932) === text;
    }),
    { numRuns: 5_000 },
  );
  t.pass();
});

test('the code page is read from digits alone', (t) => {
  const said = (text: string) => codePageIn(Buffer.from(text, 'latin1'));
  t.is(said('\r\nHKEY_LOCAL_MACHINE\\...\r\n    OEMCP    REG_SZ    932\r\n\r\n'), 932);
  t.is(said('    OEMCP    REG_SZ    \r\n'), undefined);
  t.is(said(''), undefined);
});
