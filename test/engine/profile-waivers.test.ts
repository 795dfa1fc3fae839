import test from 'ava';
import type { Finding, Result, Waiver } from '../../engine/model.ts';
import { matches } from '../../engine/profile/glob.ts';
import { registerOf, waive, waiverFor } from '../../engine/profile.ts';
import { HEAD, loadText } from './profile-checks.ts';

const waiver = (rest: Partial<Waiver> = {}): Waiver => ({
  check: 'tls/protocols',
  target: '*',
  subject: '*',
  until: '2026-12-31T23:59:59.999Z',
  because: 'CHG-4412',
  approvedBy: 'ann',
  ...rest,
});
const failing = (subject?: string): Finding => ({
  verdict: 'fail',
  message: 'tls/protocols-extra and tls/protocols are mentioned',
  ...(subject !== undefined && { subject }),
});
const result = (rest: Partial<Result> = {}): Result => ({
  check: 'tls/protocols',
  target: 'vpn-legacy-03',
  severity: 'high',
  status: 'fail',
  findings: [failing('TLS 1.0')],
  evidence: ['001'],
  ...rest,
});
const june = new Date('2026-06-01T12:00:00Z');
const statusOf = (one: Result, ...waivers: readonly Waiver[]) => waive(one, waivers, june).status;
const statesOf = (waivers: readonly Waiver[], results: readonly Result[], at = june) =>
  registerOf(
    waivers,
    results.map((one) => waive(one, waivers, at)),
    at,
  ).map(({ state }) => state);

test('a waived result is waived, keeps its findings and names its waiver', (t) => {
  const waived = waive(result(), [waiver()], june);
  t.deepEqual(waived, { ...result(), status: 'waived', waiver: waiver() });
});

test('only failures are waived: a pass stays a pass, and not knowing stays unknown', (t) => {
  for (const status of ['pass', 'unknown', 'inapplicable'] as const)
    t.is(statusOf(result({ status, findings: [] }), waiver()), status);
});

for (const [written, last] of [
  ['2026-12-31', '2026-12-31T23:59:59.999Z'],
  ['2028-02-29', '2028-02-29T23:59:59.999Z'],
  ['2026-12-31T18:00+09:00', '2026-12-31T09:00:00.000Z'],
  ['2026-12-31T18:00:30-03:30', '2026-12-31T21:30:30.000Z'],
  ['2026-12-31T18:00Z', '2026-12-31T18:00:00.000Z'],
] as const)
  test(`a waiver until ${written} holds until ${last} and not a millisecond longer`, async (t) => {
    const { waivers } = await loadText(
      `${HEAD}waivers: [{ check: door/port, target: "*", subject: "*", until: ${written}, because: c, approvedBy: d }]\n`,
    );
    t.is(waivers[0]?.until, last);
    const at = new Date(last);
    const one = result({ check: 'door/port' });
    t.is(waive(one, waivers, at).status, 'waived');
    t.is(waive(one, waivers, new Date(at.getTime() + 1)).status, 'fail');
  });

test('a waiver for one check leaves another alone whose name begins with it or that mentions it', (t) => {
  t.is(statusOf(result({ check: 'tls/protocols-extra' }), waiver()), 'fail');
  t.is(statusOf(result({ check: 'old/tls/protocols' }), waiver()), 'fail');
  t.is(statusOf(result({ check: 'TLS/protocols' }), waiver()), 'fail');
});

for (const [pattern, text, fits] of [
  ['vpn-1', 'vpn-1', true],
  ['vpn-1', 'vpn-10', false],
  ['vpn-1', 'a-vpn-1', false],
  ['VPN-1', 'vpn-1', true],
  ['vpn-*', 'vpn-10', true],
  ['vpn-*', 'vpn-', true],
  ['*-1', 'vpn-10', false],
  ['vpn*1', 'vpn1', true],
  ['vpn*n1', 'vpn1', false],
  ['a*b*c', 'a1b2b3c', true],
  ['a*b*c', 'a1c2b3', false],
  ['*', '', true],
  ['**', 'x', true],
  ['', 'x', false],
  ['1.1', '1x1', false],
  ['0.0.0.0:443', '0.0.0.0:4430', false],
  ['[::]:443', '[::]:443', true],
  ['*.example.com', 'vpn\nexample.com', false],
  ['v*com', 'vpn\nexample.com', true],
] as const)
  test(`the pattern ${pattern || '(nothing)'} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}, as target and as subject`, (t) => {
    t.is(matches(pattern, text), fits);
    const one = result({ target: text, findings: [failing(text)] });
    t.is(statusOf(one, waiver({ target: pattern })), fits ? 'waived' : 'fail');
    t.is(statusOf(one, waiver({ subject: pattern })), fits ? 'waived' : 'fail');
  });

test('a pattern of many stars takes no time on a long text', (t) => {
  const started = performance.now();
  t.false(matches(`${'*a'.repeat(200)}b`, 'a'.repeat(200_000)));
  t.true(performance.now() - started < 2_000);
});

test('a finding without a subject is waived by a star only', (t) => {
  const one = result({ findings: [failing()] });
  t.is(statusOf(one, waiver()), 'waived');
  t.is(statusOf(one, waiver({ subject: 'TLS 1.0' })), 'fail');
});

test('every failing finding must be waived, by one waiver or by several', (t) => {
  const passing: Finding = { verdict: 'pass', subject: 'TLS 1.3', message: 'on' };
  const two = result({ findings: [failing('TLS 1.0'), passing, failing('TLS 1.1')] });
  const first = waiver({ subject: 'TLS 1.0' });
  const second = waiver({ subject: 'TLS 1.1', until: '2026-07-01T00:00:00.000Z' });
  t.is(statusOf(two, first), 'fail');
  t.is(statusOf(two, first, second), 'waived');
  t.is(waiverFor(two, [first, second], june)?.until, second.until, 'the one that ends first');
  t.is(statusOf(two, first, { ...second, until: '2026-05-01T00:00:00.000Z' }), 'fail', 'the second is expired');
});

test('the waiver that is named excuses something in the result', (t) => {
  const other = waiver({ subject: 'SSL 3.0', until: '2026-07-01T00:00:00.000Z' });
  t.deepEqual(waiverFor(result(), [other, waiver()], june), waiver());
});

test('the register tells used, unused and expired waivers apart', (t) => {
  const expired = waiver({ until: '2026-05-31T23:59:59.999Z' });
  const elsewhere = waiver({ target: 'vpn-new-*' });
  const needless = waiver({ check: 'door/port' });
  t.deepEqual(
    statesOf(
      [waiver(), expired, elsewhere, needless],
      [result(), result({ check: 'door/port', status: 'pass', findings: [] })],
    ),
    ['used', 'expired', 'unused', 'unused'],
  );
});

test('a waiver that excuses one of two failing findings is used although the result fails', (t) => {
  const two = result({ findings: [failing('TLS 1.0'), failing('TLS 1.1')] });
  t.is(statusOf(two, waiver({ subject: 'TLS 1.0' })), 'fail');
  t.deepEqual(statesOf([waiver({ subject: 'TLS 1.0' })], [two]), ['used']);
});

test('a waiver that held when old evidence was gathered is used, whenever the run ends', (t) => {
  const ended = waiver({ until: '2026-07-01T00:00:00.000Z' });
  const never = waiver({ until: '2026-05-01T00:00:00.000Z' });
  const old = waive(result(), [ended, never], june);
  t.is(old.status, 'waived');
  const states = registerOf([ended, never, waiver()], [old], new Date('2026-09-01T00:00:00Z')).map(
    ({ state }) => state,
  );
  t.deepEqual(states, ['used', 'expired', 'used']);
});

test('a waiver for a tag holds only where the target has one of its tags', (t) => {
  const tagged = waiver({ tags: ['legacy', 'lab'] });
  const on = (...tags: readonly string[]) => waive(result(), [tagged], june, tags).status;
  t.is(on('lab', 'production'), 'waived');
  t.is(on('production'), 'fail');
  t.is(on(), 'fail');
  t.is(on('legacy-2'), 'fail', 'a tag is a whole word');
});

const port = (actual?: string): Result =>
  result({ findings: [{ ...failing('ListenerPort'), ...(actual !== undefined && { actual }) }] });

test('a waiver that is bound to a value excuses this value and no other', (t) => {
  const bound = waiver({ actual: '8443' });
  t.is(statusOf(port('8443'), bound), 'waived');
  for (const other of ['18443', '8443 ', '*', undefined]) t.is(statusOf(port(other), bound), 'fail', String(other));
  t.is(statusOf(port('8443'), waiver({ actual: '*' })), 'fail', 'a value is no pattern');
});

test('another value ends a waiver that is bound to one, and the register says which', (t) => {
  const bound = waiver({ actual: '8443' });
  const noteOf = (one: Result, ...waivers: readonly Waiver[]) => registerOf(waivers, [one], june);
  t.deepEqual(noteOf(port('9443'), bound), [{ ...bound, state: 'ended', found: '9443' }]);
  t.deepEqual(noteOf(port(), bound), [{ ...bound, state: 'ended' }], 'a finding without a value');
  t.like(noteOf(result({ status: 'pass', findings: [] }), bound)[0], { state: 'unused' });
  t.like(noteOf(port('9443'), { ...bound, until: '2026-05-01T00:00:00.000Z' })[0], { state: 'expired' });
  t.like(noteOf(waive(port('8443'), [bound], june), bound)[0], { state: 'used' });
});

test('what another waiver excuses ends a bound one all the same', (t) => {
  const waivers = [waiver({ actual: '8443' }), waiver({ until: '2027-06-01T00:00:00.000Z' })];
  t.deepEqual(statesOf(waivers, [port('9443')]), ['ended', 'used']);
});

test('the register looks at tags, too', (t) => {
  const tagged = waiver({ tags: ['lab'] });
  const stateOn = (...tags: readonly string[]) =>
    registerOf([tagged], [waive(result(), [tagged], june, tags)], june, () => tags)[0]?.state;
  t.is(stateOn('lab'), 'used');
  t.is(stateOn('production'), 'unused');
});

test('the register of a run without results has no used waiver', (t) => {
  t.deepEqual(statesOf([waiver(), waiver({ until: '2026-01-01T00:00:00.000Z' })], []), ['unused', 'expired']);
});
