import test from 'ava';
import { plansBy } from '../../engine/cli/plans.ts';
import { Mistake } from '../../engine/mistake.ts';
import type { InputValue } from '../../engine/model.ts';
import { plan } from '../../engine/profile.ts';
import { HEAD, loadText, target } from './profile-checks.ts';

const profile = await loadText(`${HEAD}inputs:
  number: { type: integer, minimum: 5, maximum: 70000, description: number of the door }
  share: { type: number, default: 0.5 }
  colour: { type: string, default: red }
  loud: { type: boolean, default: true }
  who: { type: array, items: { type: string }, default: [ann] }
  constructor: { type: string }
checks:
  door/port: { port: { input: number } }
  door/colour: { colour: { input: colour }, share: { input: share } }
  bell/names: { names: { input: who } }
  bell/rings: { loud: { input: loud }, hours: [22] }
settings:
  door/port: { when: { tags: [street] } }
`);
const street = target({ tags: ['street'] });
const NUMBER = { number: '443' };

const expectedOf = (given: Readonly<Record<string, string>>, inputs: Readonly<Record<string, InputValue>> = {}) =>
  Object.assign({}, ...plan(profile, { ...street, inputs }, given).map(({ expected }) => expected)) as unknown;

test('an input takes the value of the command line, else of the target, else its default', (t) => {
  const rest = { share: 0.5, colour: 'red', loud: true, names: ['ann'], hours: [22] };
  t.deepEqual(expectedOf({ number: '443' }, { number: 80 }), { ...rest, port: 443 });
  t.deepEqual(expectedOf({}, { number: 80, loud: false }), { ...rest, port: 80, loud: false });
});

test('texts of the command line become values of the declared type', (t) => {
  t.deepEqual(expectedOf({ number: '443', share: '1', colour: 'green', loud: 'false', who: ' ann , bob' }), {
    port: 443,
    share: 1,
    colour: 'green',
    loud: false,
    names: ['ann', 'bob'],
    hours: [22],
  });
});

const wrong = test.macro((t, given: Readonly<Record<string, string>>, says: string) => {
  const error = t.throws(() => expectedOf({ ...NUMBER, ...given }), { instanceOf: Mistake });
  t.is(error?.message, says);
  t.regex(error?.hint ?? '', /--input name=value/);
});

for (const [given, says] of [
  [{ number: '' }, 'the input number must not be or hold an empty text'],
  [{ number: 'many' }, 'the input number must be a whole number, not "many"'],
  [{ number: '0x1BB' }, 'the input number must be a whole number, not "0x1BB"'],
  [{ number: '1e3' }, 'the input number must be a whole number, not "1e3"'],
  [{ number: '443.5' }, 'the input number must be a whole number, not 443.5'],
  [{ number: '4' }, 'the input number must be at least 5, not 4'],
  [{ number: '70001' }, 'the input number must be at most 70000, not 70001'],
  [{ number: '65536' }, 'the input number must be at most 65535, not 65536 (port of door/port)'],
  [{ share: '2' }, 'the input share must be at most 1, not 2 (share of door/colour)'],
  [
    { colour: 'gren' },
    'the input colour must be one of red, green, not "gren" (did you mean green?) (colour of door/colour)',
  ],
  [{ loud: 'yes' }, 'the input loud must be true or false, not "yes"'],
  [{ who: '' }, 'the input who must not be or hold an empty text'],
  [{ who: 'ann,,bob' }, 'the input who must not be or hold an empty text'],
  [{ who: 'ann,bob,' }, 'the input who must not be or hold an empty text'],
  [{ who: 'ann,ann' }, 'the input who must name each item once, not ["ann","ann"] (names of bell/names)'],
  [{ nubmer: '1' }, '--input nubmer is not an input of the profile (did you mean number?)'],
  [{ toString: '1' }, '--input toString is not an input of the profile'],
  [
    { nubmer: '1', loud: 'yes', who: '' },
    '--input nubmer is not an input of the profile (did you mean number?)\nthe input loud must be true or false, not "yes"\nthe input who must not be or hold an empty text',
  ],
] as const)
  test(`--input ${JSON.stringify(given)} is a mistake`, wrong, given as Readonly<Record<string, string>>, says);

test('an input that a planned check needs must have a value; one that no planned check needs may go without', (t) => {
  const error = t.throws(() => plan(profile, street, {}), { instanceOf: Mistake });
  t.is(error?.message, 'the input number has no value (number of the door); needed by door/port');
  t.is(plan(profile, target(), {}).length, 3);
});

test('values of a target are judged like any other, and those for other profiles are left alone', (t) => {
  const planned = (inputs: Readonly<Record<string, InputValue>>) => plan(profile, target({ inputs }), {});
  t.throws(() => planned({ number: '443' }), { message: 'the input number must be a whole number, not "443"' });
  t.throws(() => planned({ who: ['ann', ''] }), { message: /who must not be or hold an empty text/ });
  t.throws(() => planned({ who: 'ann' }), { message: 'the input who must be a list, not "ann"' });
  t.is(planned({ window: 'open' }).length, 3);
});

test('targets of which the same is known have one plan, and every other one has its own', (t) => {
  const plansFor = plansBy(profile, { input: {} });
  const planned = (name: string, tags: readonly string[], inputs: Readonly<Record<string, InputValue>>) =>
    plansFor({ ...street, name, tags, inputs });
  const first = planned('vpn01', ['street'], { number: 80 });
  t.is(planned('vpn02', ['street'], { number: 80 }), first);
  for (const [tags, inputs] of [
    [['street'], { number: 81 }],
    [['street'], { number: 80, who: ['bob'] }],
    [['street', 'yard'], { number: 80 }],
    [['yard'], { number: 80 }],
  ] as const) {
    const own = planned('vpn03', tags, inputs);
    t.not(own, first);
    t.deepEqual(own, plan(profile, { ...street, tags, inputs }, {}));
  }
  t.throws(() => planned('vpn04', ['street'], { number: '80' }), { message: /^the input number/ });
});
