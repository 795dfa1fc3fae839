/** Every kind of mistake, as the operator reads it. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import { Mistake } from '../../engine/mistake.ts';
import { FIXTURES, HEAD, load, mistakesIn, write } from './profile-checks.ts';

const mistakesOf = async (text: string | Uint8Array): Promise<string> => mistakesIn(await write(text));

/** Mistakes that follow a sound head of three lines; the lines printed begin at line 4. */
const AFTER_HEAD: Readonly<Record<string, readonly [yaml: string, ...printed: string[]]>> = {
  'an unknown key': [
    'cheks: {}',
    'x.yaml:4:1 cheks is not known here (did you mean checks?)',
    '    cheks: {}',
    '    ^',
  ],
  'a key like none that is known': ['owner: ann', 'x.yaml:4:1 owner is not known here', '    owner: ann', '    ^'],
  'a key that every object has': [
    '__proto__: {}',
    'x.yaml:4:1 __proto__ is not known here',
    '    __proto__: {}',
    '    ^',
  ],
  'an unknown check': [
    'checks: { Door/Prot: {} }',
    'x.yaml:4:11 checks.Door/Prot is not known here (did you mean door/port?)',
    '    checks: { Door/Prot: {} }',
    '              ^',
  ],
  'an unknown expectation': [
    'checks: { door/port: { port: 1, colour: red } }',
    'x.yaml:4:33 checks.door/port.colour is not known here',
    '    checks: { door/port: { port: 1, colour: red } }',
    '                                    ^',
  ],
  'an expectation that is not stated': [
    'checks: { door/port: {} }',
    'x.yaml:4:11 checks.door/port lacks port',
    '    checks: { door/port: {} }',
    '              ^',
  ],
  'nothing where a map belongs': [
    'checks: { bell/there: }',
    'x.yaml:4:23 checks.bell/there must be a map of keys and values, or {}, not nothing',
    '    checks: { bell/there: }',
    '                          ^',
  ],
  'a text for a number': [
    'checks: { door/port: { port: "443" } }',
    'x.yaml:4:30 checks.door/port.port must be a whole number, not "443"',
    '    checks: { door/port: { port: "443" } }',
    '                                 ^',
  ],
  'a broken number for a whole one': [
    'checks: { door/port: { port: 4.5 } }',
    'x.yaml:4:30 checks.door/port.port must be a whole number, not 4.5',
    '    checks: { door/port: { port: 4.5 } }',
    '                                 ^',
  ],
  'no number at all': [
    'inputs: { number: { type: number, default: .nan } }',
    'x.yaml:4:44 inputs.number.default must be a number, not NaN',
    '    inputs: { number: { type: number, default: .nan } }',
    '                                               ^',
  ],
  'a number that is too large': [
    'checks: { door/port: { port: 65536 } }',
    'x.yaml:4:30 checks.door/port.port must be at most 65535, not 65536',
    '    checks: { door/port: { port: 65536 } }',
    '                                 ^',
  ],
  'a word that is not among the known ones': [
    'checks: { door/colour: { colour: gren, share: 1 } }',
    'x.yaml:4:34 checks.door/colour.colour must be one of red, green, not "gren" (did you mean green?)',
    '    checks: { door/colour: { colour: gren, share: 1 } }',
    '                                     ^',
  ],
  'a word of YAML 1.1 for true': [
    'checks: { bell/rings: { loud: yes, hours: [] } }',
    'x.yaml:4:31 checks.bell/rings.loud must be true or false, not "yes"',
    '    checks: { bell/rings: { loud: yes, hours: [] } }',
    '                                  ^',
  ],
  'one item of a list': [
    'checks: { bell/names: { names: [ann, Bob] } }',
    'x.yaml:4:38 checks.bell/names.names.1 must match ^[a-z.]+$, not "Bob"',
    '    checks: { bell/names: { names: [ann, Bob] } }',
    '                                         ^',
  ],
  'a list with nothing in it': [
    'checks: { bell/names: { names: [] } }',
    'x.yaml:4:32 checks.bell/names.names must have 1 or more items',
    '    checks: { bell/names: { names: [] } }',
    '                                   ^',
  ],
  'an input that is not declared': [
    'inputs: { number: { type: integer } }\nchecks: { door/port: { port: { input: nubmer } } }',
    'x.yaml:5:30 checks.door/port.port names the input nubmer, which is not declared (did you mean number?)',
    '    checks: { door/port: { port: { input: nubmer } } }',
    '                                 ^',
  ],
  'an input that every object has': [
    'checks: { door/port: { port: { input: constructor } } }',
    'x.yaml:4:30 checks.door/port.port names the input constructor, which is not declared',
    '    checks: { door/port: { port: { input: constructor } } }',
    '                                 ^',
  ],
  'an input of another type': [
    'inputs: { who: { type: array } }\nchecks: { bell/rings: { loud: true, hours: { input: who } } }',
    'x.yaml:5:44 checks.bell/rings.hours takes list of integer, and the input who is list of string',
    '    checks: { bell/rings: { loud: true, hours: { input: who } } }',
    '                                               ^',
  ],
  'an input whose default is not expected': [
    'inputs: { number: { type: integer, default: 0 } }\nchecks: { door/port: { port: { input: number } } }',
    'x.yaml:5:30 checks.door/port.port names the input number, whose default must be at least 1, not 0',
    '    checks: { door/port: { port: { input: number } } }',
    '                                 ^',
  ],
  'a reference with more in it': [
    'inputs: { number: { type: integer } }\nchecks: { door/port: { port: { input: number, plus: 1 } } }',
    'x.yaml:5:47 checks.door/port.port.plus is not known here',
    '    checks: { door/port: { port: { input: number, plus: 1 } } }',
    '                                                  ^',
  ],
  'a reference to no name': [
    'checks: { door/port: { port: { input: { toString: 5 } } } }',
    'x.yaml:4:39 checks.door/port.port.input must be a text, not {"toString":5}',
    '    checks: { door/port: { port: { input: { toString: 5 } } } }',
    '                                          ^',
  ],
  'a name that no input may have': [
    'inputs: { door-number: { type: integer } }',
    'x.yaml:4:11 inputs.door-number is no name for an input: letters and digits, a letter first',
    '    inputs: { door-number: { type: integer } }',
    '              ^',
  ],
  'an unknown type of input': [
    'inputs: { number: { type: int } }',
    'x.yaml:4:27 inputs.number.type must be one of integer, number, string, boolean, array, not "int"',
    '    inputs: { number: { type: int } }',
    '                              ^',
  ],
  'bounds of a text': [
    'inputs: { name: { type: string, minimum: 1 } }',
    'x.yaml:4:33 inputs.name.minimum does not go with this type',
    '    inputs: { name: { type: string, minimum: 1 } }',
    '                                    ^',
  ],
  'bounds that leave nothing': [
    'inputs: { number: { type: integer, minimum: 5, maximum: 3 } }',
    'x.yaml:4:45 inputs.number.minimum is above the maximum, 3',
    '    inputs: { number: { type: integer, minimum: 5, maximum: 3 } }',
    '                                                ^',
  ],
  'a default beyond its bounds': [
    'inputs: { number: { type: integer, minimum: 5, default: 3 } }',
    'x.yaml:4:57 inputs.number.default must be at least 5, not 3',
    '    inputs: { number: { type: integer, minimum: 5, default: 3 } }',
    '                                                            ^',
  ],
  'a default with an empty item': [
    'inputs: { who: { type: array, default: [ann, " "] } }',
    'x.yaml:4:40 inputs.who.default must not be or hold an empty text',
    '    inputs: { who: { type: array, default: [ann, " "] } }',
    '                                           ^',
  ],
  'an unknown severity': [
    'checks: { bell/there: {} }\nsettings: { bell/there: { severity: hihg } }',
    'x.yaml:5:37 settings.bell/there.severity must be one of low, medium, high, critical, not "hihg" (did you mean high?)',
    '    settings: { bell/there: { severity: hihg } }',
    '                                        ^',
  ],
  'a setting of a check of which nothing is expected': [
    'settings: { bell/there: { severity: high } }',
    'x.yaml:4:13 settings.bell/there sets a check of which nothing is expected',
    '    settings: { bell/there: { severity: high } }',
    '                ^',
  ],
  'a waiver for an unknown check': [
    'waivers:\n  - { check: door/prt, target: a, subject: b, until: 2026-12-31, because: c, approvedBy: d }',
    'x.yaml:5:14 waivers.0.check must be one of door/port, door/colour, bell/names, bell/rings, bell/there, not "door/prt" (did you mean door/port?)',
    '      - { check: door/prt, target: a, subject: b, until: 2026-12-31, because: c, approvedBy: d }',
    '                 ^',
  ],
  'a waiver without a reason': [
    'waivers:\n  - { check: door/port, target: a, subject: b, until: 2026-12-31, approvedBy: d }',
    'x.yaml:5:5 waivers.0 lacks because',
    '      - { check: door/port, target: a, subject: b, until: 2026-12-31, approvedBy: d }',
    '        ^',
  ],
  'an alias': [
    'inputs: { a: &a { type: integer }, b: *a }',
    'x.yaml:4:39 inputs.b is an alias, which profiles do not use: write the value out, and a text that begins with * in quotes',
    '    inputs: { a: &a { type: integer }, b: *a }',
    '                                          ^',
  ],
  'a lone star': [
    'waivers: [{ target: * }]',
    'x.yaml:4:21 a text that is or begins with * must be written in quotes: "*"',
    '    waivers: [{ target: * }]',
    '                        ^',
  ],
  'a key that is written twice': [
    'checks: { bell/there: {} }\nchecks: { bell/there: {} }',
    'x.yaml:5:1 checks is written twice',
    '    checks: { bell/there: {} }',
    '    ^',
  ],
  'a tab': [
    'checks:\n\tbell/there: {}',
    'x.yaml:5:1 a tab indents this line: YAML takes blanks only',
    '     bell/there: {}',
    '    ^',
  ],
  'a tag': [
    'checks: !map2 {}',
    'x.yaml:4:9 a tag that profiles do not use: write the plain value',
    '    checks: !map2 {}',
    '            ^',
  ],
  'a key that is a list': ['? [a]\n: 1', 'x.yaml:4:3 has a key that is no text', '    ? [a]', '      ^'],
  'a second document': ['---\na: 1', 'x.yaml:4:1 a second document begins here: a profile is one', '    ---', '    ^'],
  'a bracket that is not closed': [
    'extends: [grey',
    'x.yaml:4:15 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    '    extends: [grey',
    '                  ^',
  ],
  'a quote that is not closed': [
    'title: "Our servers\nchecks: {}\n# the end',
    'x.yaml:4:8 a quote opens here and is not closed',
    '    title: "Our servers',
    '           ^',
  ],
  'a quote that is not closed before another one': [
    "title: 'Our servers\nextends: 'grey'",
    'x.yaml:4:8 a quote opens here and is not closed',
    "    title: 'Our servers",
    '           ^',
  ],
  'a quote inside of a text in quotes': [
    "title: 'Tom's servers'",
    'x.yaml:4:13 text goes on after a closing quote: one before it is missing, or it belongs to the text: then write \' twice in \'…\', or \\" in "…"',
    "    title: 'Tom's servers'",
    '                ^',
  ],
  'an extended profile that is not there': [
    'extends: [gray]',
    'x.yaml:4:11 extends.0 FOLDER/gray cannot be read: there is no such file (did you mean grey?)',
    '    extends: [gray]',
    '              ^',
  ],
  'a built-in profile called by its file': [
    'extends: grey.yaml',
    'x.yaml:4:10 extends FOLDER/grey.yaml cannot be read: there is no such file (did you mean grey, without .yaml?)',
    '    extends: grey.yaml',
    '             ^',
  ],
  'wide characters before the place': [
    'checks: { 日本: {} }',
    'x.yaml:4:11 checks."日本" is not known here',
    '    checks: { 日本: {} }',
    '              ^',
  ],
  'what moves the cursor of a terminal': [
    '"a\\e[2J\u202eb": 1 # \u202e',
    'x.yaml:4:1 "a\\u001b[2J b" is not known here',
    '    "a\\e[2J b": 1 #  ',
    '    ^',
  ],
};

for (const [name, [yaml, ...printed]] of Object.entries(AFTER_HEAD))
  test(`${name} is a mistake with its place, its line and a caret`, async (t) => {
    const file = await write(`${HEAD}${yaml}\n`);
    t.is((await mistakesIn(file)).replaceAll(path.dirname(file), 'FOLDER'), printed.join('\n'));
  });

for (const until of [
  '2026',
  '2026/10/21',
  '21.10.2026',
  '2026-1-1',
  '2026-12-31T12:00',
  '2026-12-31 12:00Z',
  '"tomorrow"',
  '~',
])
  test(`a waiver until ${until} is a mistake`, async (t) => {
    const printed = await mistakesOf(
      `${HEAD}waivers:\n  - { check: door/port, target: a, subject: b, because: c, approvedBy: d, until: ${until} }\n`,
    );
    t.regex(
      printed,
      /^x\.yaml:5:82 waivers\.0\.until must look like 2026-12-31 or 2026-12-31T18:00\+09:00, not .+\n.+\n {85}\^$/,
    );
  });

for (const until of ['2026-02-29', '2026-13-01', '2026-12-31T25:00Z', '2026-12-31T12:00+99:00'])
  test(`a waiver until ${until} is a mistake: no such day or time exists`, async (t) => {
    const printed = await mistakesOf(
      `${HEAD}waivers:\n  - { check: door/port, target: a, subject: b, because: c, approvedBy: d, until: ${until} }\n`,
    );
    t.true(printed.startsWith(`x.yaml:5:82 waivers.0.until is no day or time that exists: ${until}\n`), printed);
  });

for (const [name, bytes, says] of [
  ['an empty file', '', 'x.yaml:1:1 must be a map of keys and values, or {}, not nothing\n    \n    ^'],
  ['a list', '- a\n', 'x.yaml:1:1 must be a map of keys and values, or {}, not ["a"]\n    - a\n    ^'],
  [
    'UTF-16 text',
    Uint8Array.of(0xff, 0xfe, 0x61, 0),
    'x.yaml cannot be read: it is not UTF-8 text: save it as UTF-8; Excel calls that CSV UTF-8, and Notepad asks for the encoding when it saves',
  ],
  ['a file of more than a mebibyte', `#${' '.repeat(1_048_576)}`, 'x.yaml is larger than 1048576 bytes'],
] as const)
  test(`${name} is a mistake`, async (t) => {
    t.is(await mistakesOf(bytes), says);
  });

test('a file that is not there, a folder and a device are mistakes', async (t) => {
  const gone = await write('');
  await rm(gone);
  t.regex(await mistakesIn(gone), /^x\.yaml cannot be read: there is no such file \(built in are grey, loud, red\)$/);
  t.is(await mistakesIn(FIXTURES), 'test/engine/profile is not a file');
  t.is(await mistakesIn('/dev/zero'), 'x.yaml is not a file');
});

test('a place far to the right is shown with what surrounds it', async (t) => {
  const printed = await mistakesOf(`${HEAD}checks: { ${' '.repeat(5_000)}door/prot: {}${' '.repeat(5_000)} }\n`);
  const [what = '', line = '', caret = ''] = printed.split('\n');
  t.true(what.startsWith('x.yaml:4:5011 checks.door/prot '));
  t.is(line.indexOf('door/prot'), caret.indexOf('^'));
  t.true(line.length < 200);
});

test('line ends of Windows and a byte order mark do not move the place', async (t) => {
  const printed = await mistakesOf(`\ufeff${HEAD}cheks: {}\n`.replaceAll('\n', '\r\n'));
  t.is(printed, 'x.yaml:4:1 cheks is not known here (did you mean checks?)\n    cheks: {}\n    ^');
});

test('every mistake of a file is found in one go', async (t) => {
  const error = await t.throwsAsync(load('test/engine/profile/mistakes.yaml'), { instanceOf: Mistake });
  t.is(`${error?.message}\n`, await readFile(path.join(FIXTURES, 'mistakes.txt'), 'utf8'));
});

test('the mistakes of every file are found in one go, the named one first', async (t) => {
  const parent = await write(`${HEAD}owner: ann\n`);
  const child = await write(`${HEAD}extends: ${path.basename(parent)}\nowner: bob\n`);
  const printed = (await mistakesIn(child)).replaceAll(parent, 'y.yaml');
  t.is(
    printed,
    'x.yaml:5:1 owner is not known here\n    owner: bob\n    ^\ny.yaml:4:1 owner is not known here\n    owner: ann\n    ^',
  );
});

test('a hundred mistakes are printed, the others are counted', async (t) => {
  const keys = Array.from({ length: 250 }, (_, at) => `owner${at}: 1`);
  const printed = (await mistakesOf(`${HEAD}${keys.join('\n')}\n`)).split('\n');
  t.is(printed.length, 301);
  t.is(printed.at(-1), 'x.yaml: and 150 more mistakes');
});
