import test from 'ava';
import methods from '../../../checks/rras/authentication-methods.ts';
import { REMOTE_ACCESS_PARAMETERS } from '../../server/healthy.ts';
import { removeValue, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const WEAK = { forbidden: ['unauthenticated', 'PAP', 'SPAP', 'CHAP', 'MS-CHAPv1'] };
const flags = (value: number) => (server: Server) =>
  setValue(server, REMOTE_ACCESS_PARAMETERS, 'ServerFlags', ['REG_DWORD', value]);

test('the healthy server offers no weak method', judging, methods, {
  expected: WEAK,
  status: 'pass',
  says: [/PAP: RRAS does not offer PAP/, /unauthenticated: RRAS does not offer/],
});

test('an unconfigured Windows offers none either', judging, methods, {
  given: flags(0x802602),
  expected: { forbidden: [...WEAK.forbidden, 'EAP'] },
  status: 'pass',
});

for (const [method, bit] of [
  ['unauthenticated', 0x4000],
  ['PAP', 0x10000],
  ['SPAP', 0x40],
  ['CHAP', 0x20000],
  ['MS-CHAPv1', 0x100],
] as const)
  test(`${method} fails by its name, alone`, judging, methods, {
    given: flags(0x802602 | bit),
    expected: WEAK,
    status: 'fail',
    says: [new RegExp(`^${method}: RRAS offers ${method} \\(ServerFlags 0x[0-9a-f]+: .*MS-CHAPv2`, 'm')],
  });

for (const method of ['MS-CHAPv2', 'EAP'])
  test(`${method} fails where the profile forbids it`, judging, methods, {
    expected: { forbidden: [method] },
    status: 'fail',
    says: new RegExp(`RRAS offers ${method} \\(ServerFlags 0x80a602: MS-CHAPv2, EAP\\)`),
  });

test('a weak method that nobody forbids passes', judging, methods, {
  given: flags(0x812602),
  expected: { forbidden: ['CHAP'] },
  status: 'pass',
});

for (const value of [0, 0x2602])
  test(`no method at all fails: nobody gets in with 0x${value.toString(16)}`, judging, methods, {
    given: flags(value),
    expected: WEAK,
    status: 'fail',
    says: new RegExp(`RRAS offers no method at all \\(ServerFlags 0x${value.toString(16)}\\)`),
  });

test('missing flags are unknown', judging, methods, {
  given: (server) => removeValue(server, REMOTE_ACCESS_PARAMETERS, 'ServerFlags'),
  expected: WEAK,
  status: 'unknown',
  reason: 'absent',
  says: /holds no ServerFlags/,
});
