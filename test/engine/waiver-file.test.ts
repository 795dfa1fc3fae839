/** Waivers in files beside the profile. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { parse } from 'yaml';
import { Mistake } from '../../engine/mistake.ts';
import { loadProfile, waiverFileSchema } from '../../engine/profile.ts';
import { checks, FIXTURES, HEAD, write } from './profile-checks.ts';

const builtIns = path.join(FIXTURES, 'layers');
const load = async (waivers: readonly string[], profile = HEAD) =>
  loadProfile(await write(profile), { checks, builtIns, waivers });

const item = (rest = '', check = 'door/port') =>
  `  - { check: ${check}, target: "*", subject: "*", until: 2026-12-31, because: CHG-1, approvedBy: eve${rest} }\n`;
const FILE = `# approved by the security team\nwaivers:\n${item()}${item(', tags: [lab, attic], actual: "8443"', 'bell/rings')}`;

test('waivers of a file come after those of the profile, and each says where it is written', async (t) => {
  const file = await write(FILE);
  const { waivers, waiverFiles } = await load([file], `${HEAD}waivers:\n${item('', 'bell/there')}`);
  t.deepEqual(
    waivers.map(({ check, tags, actual, until }) => [check, tags, actual, until]),
    [
      ['bell/there', undefined, undefined, '2026-12-31T23:59:59.999Z'],
      ['door/port', undefined, undefined, '2026-12-31T23:59:59.999Z'],
      ['bell/rings', ['lab', 'attic'], '8443', '2026-12-31T23:59:59.999Z'],
    ],
  );
  t.deepEqual(
    waivers.map((waiver) => waiver.file === file),
    [false, true, true],
  );
  t.truthy(waivers[0]?.file);
  t.deepEqual(waiverFiles, [{ file, sha256: createHash('sha256').update(FILE).digest('hex') }]);
});

test('a file that is named twice counts once, and the hash of the profile is its own', async (t) => {
  const file = await write(FILE);
  const [alone, beside] = [await load([]), await load([file, file])];
  t.is(beside.waivers.length, 2);
  t.is(beside.sha256, alone.sha256);
  t.deepEqual(alone.waiverFiles, []);
});

test('an empty list is sound: its last waiver may have been taken out', async (t) => {
  t.deepEqual((await load([await write('waivers: []\n')])).waivers, []);
});

const mistakes = async (...texts: readonly string[]): Promise<string> => {
  const files = await Promise.all(texts.map(write));
  const error = await saidOf(files);
  return files.reduce((said, file, at) => said.replaceAll(file, `${at}.yaml`), error);
};
const saidOf = async (files: readonly string[]): Promise<string> => {
  try {
    await load(files);
  } catch (error) {
    if (error instanceof Mistake) return `${error.message}\n${error.hint}`;
    throw error;
  }
  return 'sound';
};

for (const [name, text, printed] of [
  [
    'an unknown check',
    `waivers:\n${item('', 'door/prt')}`,
    /^0\.yaml:2:14 waivers\.0\.check must be .*did you mean door\/port\?\)\n {4}.*\n {4} {13}\^\n/,
  ],
  [
    'no reason',
    'waivers:\n  - { check: door/port, target: a, subject: b, until: 2026-12-31, approvedBy: d }\n',
    /^0\.yaml:2:5 waivers\.0 lacks because\n/,
  ],
  [
    'a reason of blanks',
    `waivers:\n${item().replace('CHG-1', '" \\t"')}`,
    /^0\.yaml:2:\d+ waivers\.0\.because must be a text with something in it, not " \\t"\n {4}.*\n {4} +\^\n/,
  ],
  [
    'an approver of blanks',
    `waivers:\n${item().replace('eve', '"\u3000"')}`,
    /^0\.yaml:2:\d+ waivers\.0\.approvedBy must be a text with something in it, not /,
  ],
  [
    'an empty reason',
    `waivers:\n${item().replace('CHG-1', '""')}`,
    /^0\.yaml:2:\d+ waivers\.0\.because must be a text with something in it, not ""\n/,
  ],
  [
    'a day that does not exist',
    `waivers:\n${item().replace('12-31', '02-31')}`,
    /^0\.yaml:2:\d+ waivers\.0\.until is no day or time that exists: 2026-02-31\n/,
  ],
  [
    'a number for a value',
    `waivers:\n${item(', actual: 8443')}`,
    /^0\.yaml:2:\d+ waivers\.0\.actual must be a text, not 8443\n/,
  ],
  ['no tag at all', `waivers:\n${item(', tags: []')}`, /^0\.yaml:2:\d+ waivers\.0\.tags must have 1 or more items\n/],
  [
    'a profile in place of a waiver file',
    HEAD,
    /^0\.yaml:1:1 lacks waivers\n[\s\S]*^0\.yaml:1:1 profile is not known here\n/m,
  ],
  ['what is no YAML', 'waivers: [', /^0\.yaml:1:\d+ is not YAML/],
  ['nothing', '', /^0\.yaml:1:1 must be a map of keys and values/],
] as const)
  test(`${name} is a mistake with its place`, async (t) => {
    t.regex(await mistakes(text), printed);
  });

test('the mistakes of all files are told at once, with a hint', async (t) => {
  const said = await mistakes(`waivers:\n${item('', 'a')}`, FILE, `waivers:\n${item('', 'b')}`);
  t.regex(said, /^0\.yaml:2:14 [\s\S]*^2\.yaml:2:14 [\s\S]*profile schema --waivers/m);
  t.false(said.includes('1.yaml'));
});

test('a file that is not there is a mistake', async (t) => {
  const error = await t.throwsAsync(load(['/nonexistent/waivers.yaml']), { instanceOf: Mistake });
  t.regex(error?.message ?? '', /waivers\.yaml cannot be read: there is no such file/);
});

test('the schema takes what is sound, and refuses what is not', (t) => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(
    waiverFileSchema(checks),
  );
  t.true(validate(parse(FILE)), JSON.stringify(validate.errors));
  for (const wrong of ['{}', 'waivers: {}', `waivers:\n${item(', owner: x')}`, `waivers:\n${item('', 'x')}`])
    t.false(validate(parse(wrong)), wrong);
});
