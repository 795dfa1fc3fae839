import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { Mistake } from '../../engine/mistake.ts';
import { loadProfile, plan, profileSchema } from '../../engine/profile.ts';
import { anyCharacter } from '../characters.ts';
import { checks, FIXTURES, HEAD, load, loadText, mistakesIn, target, write } from './profile-checks.ts';

const both = path.join(FIXTURES, 'both.yaml');

test('later wins: expectations as a whole, settings one by one, inputs by name, waivers add up', async (t) => {
  const profile = await load(both);
  t.like(profile, { id: 'both', version: '4.0.0', title: 'A red house with a bell' });
  t.deepEqual(
    profile.entries.map(({ check, expected, setting }) => [check.id, expected, setting]),
    [
      ['door/port', { port: { input: 'number' } }, { severity: 'critical', when: { tags: ['street', 'square'] } }],
      ['door/colour', { colour: 'red', share: 1 }, {}],
      ['bell/rings', { loud: false, hours: [] }, {}],
    ],
  );
  t.deepEqual(profile.inputs, { number: { type: 'integer', default: 2, minimum: 2 } });
  t.deepEqual(
    profile.waivers.map(({ because, until }) => [because, until]),
    [
      ['CHG-1', '2026-12-31T23:59:59.999Z'],
      ['CHG-2', '2026-12-31T23:59:59.999Z'],
    ],
  );
});

test('a file that is reached by two ways counts once, before both: what one way changed stays changed', async (t) => {
  const { entries } = await load(both);
  t.is(entries.find(({ check }) => check.id === 'door/colour')?.expected['colour'], 'red');
});

test('the hash is of the bytes of all files, in the order in which they count', async (t) => {
  const files = ['layers/grey.yaml', 'layers/red.yaml', 'layers/loud.yaml', 'both.yaml'];
  const bytes = await Promise.all(files.map((file) => readFile(path.join(FIXTURES, file))));
  const sha256 = createHash('sha256').update(Buffer.concat(bytes)).digest('hex');
  t.is((await load(both)).sha256, sha256);
  const text = `${HEAD}# one\n`;
  const one = await loadText(text);
  t.is(one.sha256, createHash('sha256').update(text).digest('hex'));
  t.not(one.sha256, (await loadText(`${HEAD}# two\n`)).sha256);
});

test('a name is a built-in profile first, and its folder may be a URL', async (t) => {
  t.is((await load('red')).id, 'red');
  t.is((await loadProfile('red', { checks, builtIns: pathToFileURL(`${FIXTURES}/layers/`) })).id, 'red');
});

test('profiles that extend each other are a mistake at the line that closes the circle', async (t) => {
  t.is(
    await mistakesIn('test/engine/profile/circle-a.yaml'),
    'test/engine/profile/circle-b.yaml:4:10 extends makes a circle: circle-a.yaml > circle-b.yaml > circle-a.yaml\n    extends: circle-a.yaml\n             ^',
  );
});

test('eight profiles may stand below one, nine are a mistake', async (t) => {
  let file = await write(HEAD);
  const add = async (): Promise<string> => write(`${HEAD}extends: ${path.basename(file)}\n`);
  for (let deep = 0; deep < 8; deep++) file = await add();
  t.is((await load(file)).id, 'house');
  file = await add();
  t.regex(await mistakesIn(file), /\.yaml:4:10 extends is more than 8 profiles deep\n/);
});

test('a profile that no longer declares what it extends from is told only what is certain', async (t) => {
  const printed = await mistakesIn(
    await write(`${HEAD}extends: gone.yaml\nchecks: { door/port: { port: { input: number } } }\n`),
  );
  t.is(printed.split('\n').length, 3, printed);
});

test('a check applies where a target has one of its tags, and keeps its severity unless it is set', async (t) => {
  const profile = await load('red');
  const planned = (...tags: string[]) =>
    plan(profile, target({ tags }), {}).map(({ check, severity }) => [check.id, severity]);
  t.deepEqual(planned('garden'), [['door/colour', 'high']]);
  t.deepEqual(planned('garden', 'street'), [
    ['door/port', 'critical'],
    ['door/colour', 'high'],
  ]);
  t.deepEqual(planned('Street'), [['door/colour', 'high']]);
});

test('the schema for editors is a sound one of draft 2020-12, and takes what the loader takes', async (t) => {
  const schema = profileSchema(checks);
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  t.true(await ajv.validateSchema(schema));
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema)));
  const head = { profile: 'house', version: '1.0.0', title: 'Our house' };
  t.true(
    validate({ ...head, checks: { 'door/port': { port: 443 }, 'bell/there': {} } }),
    ajv.errorsText(validate.errors),
  );
  t.true(validate({ ...head, extends: ['grey'], checks: { 'door/port': { port: { input: 'number' } } } }));
  t.false(validate({ ...head, checks: { 'door/port': { port: '443' } } }));
  t.false(validate({ ...head, checks: { 'door/port': { prot: 443 } } }));
});

/** Loads a text and says what came of it; anything but a profile or a Mistake is thrown. */
const outcome = async (text: string): Promise<string> =>
  (await mistakesIn(await write(text))) === '' ? 'sound' : 'wrong';

const SOUND = `${HEAD}extends: grey
inputs: { who: { type: array, items: { type: string }, default: [ann] } }
checks:
  bell/names: { names: { input: who } }
  bell/rings: { loud: true, hours: [22, 23] }
settings: { bell/rings: { severity: low, when: { tags: [street] } } }
waivers:
  - { check: bell/rings, target: "vpn*", subject: "*", until: 2026-12-31T18:00+09:00, because: CHG-3, approvedBy: eve }
`;

test('no text makes the loader throw anything but a Mistake', async (t) => {
  const texts = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 200 }),
    fc
      .array(fc.constantFrom(...`[]{}:,-?*&!|>'"%@\`# \n\t\r~<=`, 'a', '1', 'checks', '---', '...', '<<'), {
        maxLength: 60,
      })
      .map((one) => one.join('')),
    fc.json({ maxDepth: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      t.truthy(await outcome(text));
    }),
    { numRuns: 150 },
  );
});

test('no change to a sound profile makes the loader throw anything but a Mistake', async (t) => {
  t.is(await outcome(SOUND), 'sound');
  const piece = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom('\n', '  ', ': ', '- ', '*', '&a ', '!!str ', '{', ']', '"', '2026'),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(SOUND.length), fc.nat(12), piece, async (at, cut, put) => {
      t.truthy(await outcome(SOUND.slice(0, at) + put + SOUND.slice(at + cut)));
    }),
    { numRuns: 150 },
  );
});

test('no value in any place of a profile makes the loader throw anything but a Mistake', async (t) => {
  const keys = ['profile', 'version', 'title', 'extends', 'inputs', 'checks', 'settings', 'waivers', '__proto__'];
  const inner = [
    'door/port',
    'bell/names',
    'number',
    'type',
    'items',
    'default',
    'minimum',
    'description',
    'input',
    'port',
    'names',
    'until',
    'when',
    'constructor',
    'toString',
    'valueOf',
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, -1, 443, Number.NaN, '', '2026', 'array', 'integer', 'grey', '2026-02-30'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...inner), tie('value'), { maxKeys: 3 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value), async (content) => {
      t.truthy(await outcome(stringify(content, { aliasDuplicateObjects: false })));
    }),
    { numRuns: 150 },
  );
});

test('a file of a mebibyte is judged within seconds of the processor, whatever it holds', async (t) => {
  for (const [text, says] of [
    [Array.from({ length: 90_000 }, (_, at) => `k${at}: 1`).join('\n'), /and \d+ more mistakes$/],
    ['a: 1\n'.repeat(200_000), /a is written twice/],
    [`checks: ${'['.repeat(1_000_000)}`, /lists and maps stand too deep in each other/],
    [`checks: ${'['.repeat(200)}${']'.repeat(200)}`, /stands in more than 16 lists and maps/],
    [
      `a0: &a0 [x]\n${Array.from({ length: 99 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join('\n')}`,
      /is an alias/,
    ],
  ] as const) {
    const before = process.cpuUsage();
    t.regex(await mistakesIn(await write(text)), says);
    const { user, system } = process.cpuUsage(before);
    t.true(user + system < 20_000_000, `${(user + system) / 1e6} s`);
  }
});

test('a mistake is told with a remedy', async (t) => {
  const error = await t.throwsAsync(loadText('a: 1'), { instanceOf: Mistake });
  t.is(error?.hint, 'sstp-audit profile schema prints what a profile may hold, sstp-audit explain lists the checks');
});
