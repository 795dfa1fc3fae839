import test from 'ava';
import fc from 'fast-check';
import { clip, columns, pad, wrap } from '../../reporters/layout.ts';
import { capped, cut, plain, plainLines, short, xmlAttribute, xmlBody } from '../../reporters/text.ts';
import { anyCharacter } from '../characters.ts';
import { ATTACK, obeyed } from './sample.ts';

/** Any text, with what attacks are made of more often than by chance. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '#',
        '##',
        '::',
        '[',
        '\u001b[0m',
        '\u001b]',
        '\u0007',
        '\r',
        '\n',
        '\u2028',
        '\u202e',
        ' ',
        '\ud800',
      ),
      fc.string({ unit: anyCharacter }),
    ),
  )
  .map((parts) => parts.join(''));

const saying = test.macro((t, text: string, expected: string) => t.is(plain(text), expected));
test('a command of GitHub in older spelling is broken up', saying, 'x ##[add-mask]y', 'x # #[add-mask]y');
test('three number signs are broken up twice', saying, '###[debug]', '# # #[debug]');
test('an escape sequence between two number signs does not join them', saying, '#\u001b[0m#vso[a]', '# #vso[a]');
test(
  'colours and window titles disappear',
  saying,
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b(Bend',
  'red end',
);
test('a sequence that does not end hides no text', saying, '\u001b]0;hidden?', '\ufffd]0;hidden?');
test('a sequence that removal leaves behind is no sequence', saying, '\u001b\u001b[0m[31mx', '\ufffd[31mx');
test('C1 controls and bidirectional marks are shown as replaced', saying, 'a\u0090b\u202ec', 'a\ufffdb\ufffdc');
test('half a character is shown as replaced', saying, 'a\ud800b', 'a\ufffdb');
test('Japanese text and emoji stay', saying, '証明書 😀', '証明書 😀');

test('every kind of line end ends a line', (t) => {
  t.deepEqual(plainLines('a\rb\r\nc\nd\u0085e\u2028f\u2029g\u000bh'), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

/** A text that stands alone, with bars. */
const barred = (text: string): string => wrap({ indent: 0, text }, Number.POSITIVE_INFINITY).join('\n');

test('no barred text is obeyed by anything', (t) => {
  t.deepEqual(obeyed(barred(ATTACK)), []);
  t.true(obeyed(ATTACK).length > 10, 'and the attack is one');
  fc.assert(fc.property(nasty, (text) => obeyed(barred(text)).length === 0));
});

test('one harmless line stays one harmless line', (t) => {
  fc.assert(fc.property(nasty, (text) => obeyed(`x ${short(text)}`).length === 0 && !short(text).includes('\n')));
  t.pass();
});

test('a cut text is no longer than its limit and ends with a whole character', (t) => {
  t.is(cut('abc', 3), 'abc');
  t.is(cut('abcd', 3), 'ab…');
  t.is(cut('a😀bc', 3), 'a…');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (text, limit) => {
      const shorter = cut(text, limit);
      return shorter.length <= limit && shorter.isWellFormed();
    }),
  );
});

test('a capped text is no longer than its limit in bytes and says that it was cut', (t) => {
  const text = '証'.repeat(100);
  t.is(capped(text, 300, 'cut'), text);
  const shorter = capped(text, 299, 'cut');
  t.true(Buffer.byteLength(shorter) <= 299);
  t.regex(shorter, /^証{98}\ncut$/);
});

test('text in XML is escaped, and what XML forbids is replaced', (t) => {
  t.is(
    xmlBody('<a b="c">&]]>\u0000\u001b\ufffe\ud800'),
    '&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;\ufffd\ufffd\ufffd\ufffd',
  );
  t.is(xmlAttribute('a\tb\nc\rd'), 'a&#9;b&#10;c&#13;d');
});

test('wide characters take two columns and combining ones none', (t) => {
  t.is(columns('abc'), 3);
  t.is(columns('東京'), 4);
  t.is(columns('ｱｲｳ'), 3);
  t.is(columns('か\u3099'), 2);
  t.is(columns('😀'), 2);
  t.is(pad('東京', 6), '東京  ');
  t.is(clip('東京都千代田区', 8), '東京都…');
});

test("a server's text begins no line, wrapped or not", (t) => {
  const lines = wrap({ indent: 2, lead: '- ', text: `${'word '.repeat(8)}::error::x\n::warning::y` }, 40);
  t.deepEqual(lines, ['  - word word word word word word word', '    | word ::error::x', '    | ::warning::y']);
  t.deepEqual(wrap({ indent: 0, text: '::error::x' }, 40), ['| ::error::x']);
  fc.assert(
    fc.property(nasty, fc.integer({ min: 30, max: 90 }), (text, width) => {
      const wrapped = wrap({ indent: 2, lead: 'x ', text }, width);
      return obeyed(wrapped.join('\n')).length === 0 && wrapped.every((line) => columns(line) <= width);
    }),
  );
});

test('wrapping loses no character but blanks', (t) => {
  const bare = (text: string): string => text.replace(/[\s|]/g, '');
  fc.assert(fc.property(nasty, (text) => bare(wrap({ indent: 0, lead: '', text }, 30).join('')) === bare(plain(text))));
  t.pass();
});

test('a hash stays whole in 80 columns, and Japanese punctuation begins no line', (t) => {
  const hash = '0123456789abcdef'.repeat(4);
  t.is(wrap({ indent: 6, lead: 'expected  ', text: hash }, 80).length, 1);
  const lines = wrap({ indent: 0, text: `${'あ'.repeat(15)}。${'い'.repeat(15)}、「う」`, own: true }, 30);
  t.deepEqual(lines, ['あ'.repeat(14), `あ。${'い'.repeat(13)}`, 'いい、「う」']);
});
