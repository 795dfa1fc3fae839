/** A waiver goes into a text that people wrote, and nothing else of it changes. */
import test from 'ava';
import fc from 'fast-check';
import { parse } from 'yaml';
import { withWaiver } from '../../engine/profile/add-waiver.ts';

const WAIVER = {
  check: 'door/port',
  target: '*',
  subject: 'TLS 1.0',
  until: '2026-12-31',
  because: 'CHG-1: "why" # not',
  approvedBy: 'j.doe',
};
const FLOW =
  '{ check: door/port, target: "*", subject: TLS 1.0, until: 2026-12-31, because: \'CHG-1: "why" # not\', approvedBy: j.doe }';
const block = (indent: string): string =>
  [
    `${indent}- check: door/port`,
    `${indent}  target: "*"`,
    `${indent}  subject: TLS 1.0`,
    `${indent}  until: 2026-12-31`,
    `${indent}  because: 'CHG-1: "why" # not'`,
    `${indent}  approvedBy: j.doe\n`,
  ].join('\n');
const NEW = `waivers:\n${block('  ')}`;

/** Texts, cut where the waiver goes: between the two parts. */
const TEXTS: Readonly<Record<string, readonly [before: string, added: string, after: string]>> = {
  'nothing at all': ['', NEW, ''],
  'comments only': ['# ours\n', NEW, ''],
  'a profile without waivers': ['profile: x\nchecks: { a:   {} } # y\n', NEW, ''],
  'no line end at the end': ['profile: x', `\n${NEW}`, ''],
  'a list without a value': ['waivers: # none yet\n', block('  '), '# end\nsettings: {}\n'],
  'a list of blocks, not indented': [
    'waivers:\n- check: a\n  because: |\n    long\n    text\n',
    block(''),
    '\n# after\nz: 1\n',
  ],
  'a list of blocks, indented far': ['waivers:\n      - check: a   # one\n', block('      '), 'z: 1\n'],
  'a list of maps in braces': [
    'waivers:\n  - { check: a,   target: b } # why\n',
    `  - ${FLOW}\n`,
    '  # end\n\nsettings: {}\n',
  ],
  'a dash on a line of its own': ['waivers:\n  -\n    check: a\n', block('  '), ''],
  'a list in brackets': ['waivers: [{ check: a }', `, ${FLOW}`, ']\nz: 1\n'],
  'a list in brackets on lines': ['waivers: [\n  { check: a }', `,\n  ${FLOW}`, ', # one\n]\n'],
  'a list that ends the text without a line end': ['waivers:\n  - check: a', `\n${block('  ')}`, ''],
};

for (const [name, [before, added, after]] of Object.entries(TEXTS)) {
  test(`${name}: the waiver stands behind the last one, in its manner`, (t) => {
    t.is(withWaiver(before + after, WAIVER), before + added + after);
  });
  test(`${name}: with the line ends of Windows, too`, (t) => {
    const windows = (text: string) => text.replaceAll('\n', '\r\n');
    const text = before + after;
    // A text without any line end has those of everybody else.
    const expected = before + added + after;
    t.is(withWaiver(windows(text), WAIVER), text.includes('\n') ? windows(expected) : expected);
  });
}

test('the brackets of an empty list go', (t) => {
  t.is(withWaiver('a: 1\nwaivers: [] # none\nz: 1\n', WAIVER), `a: 1\nwaivers: # none\n${block('  ')}z: 1\n`);
  t.is(withWaiver('waivers: []\n', WAIVER), NEW);
  t.is(withWaiver('waivers: ~\n', WAIVER), NEW);
});

test('tags and a value are written, and what looks like a number stays a text', (t) => {
  const text = withWaiver('waivers: []\n', { ...WAIVER, tags: ['lab', '7'], actual: '8443' }) ?? '';
  t.deepEqual(parse(text), { waivers: [{ ...WAIVER, tags: ['lab', '7'], actual: '8443' }] });
  t.regex(text, /target: "\*"\n {4}tags:\n {6}- lab\n {6}- "7"\n {4}subject: TLS 1\.0\n {4}actual: "8443"\n/);
});

for (const [name, text] of [
  ['a map in braces', '{ waivers: [], x: 1 }\n'],
  ['the end of a document', 'x: 1\n...\n'],
  ['a text', 'just words\n'],
  ['a list', '- a\n'],
  ['no YAML', 'waivers: [\n'],
] as const)
  test(`${name} takes no waiver`, (t) => {
    t.is(withWaiver(text, WAIVER), undefined);
  });

test('whatever a waiver says, it comes back as it was', (t) => {
  const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
  const starts = Object.values(TEXTS).map(([before, , after]) => before + after);
  fc.assert(
    fc.property(fc.constantFrom(...starts), text, text, text, (start, subject, because, actual) => {
      const waiver = { ...WAIVER, subject, because, actual };
      const added = withWaiver(start, waiver) ?? '';
      const { waivers } = parse(added);
      t.deepEqual(waivers.at(-1), waiver);
      t.is(waivers.length, (parse(start)?.waivers ?? []).length + 1);
    }),
    { numRuns: 300 },
  );
});
