import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { Unknown } from '../../engine/define.ts';
import { lockOutGuard } from '../../engine/transports/winrm/lock-out.ts';

const DOMAIN = { account: 'VPN\\audit', password: 'secret' };
const LOCAL = { account: 'audit', password: 'secret' };
const on = (server: string, who = DOMAIN) => ({ ...who, server });
const { signal } = new AbortController();

test('one server tries a new password, the others wait for its verdict', async (t) => {
  const guard = lockOutGuard();
  const first = await guard.enter(on('one'), signal);
  let entered = 0;
  const others = ['two', 'three'].map((server) => guard.enter(on(server), signal).then(() => entered++));
  await setTimeout(20);
  t.is(entered, 0);
  first.accepted();
  await Promise.all(others);
  t.is(entered, 2, 'a password that is right is tried by all at once');
});

test('a server without a verdict hands the trial on', async (t) => {
  const guard = lockOutGuard();
  const first = await guard.enter(on('one'), signal);
  const [second, third] = [guard.enter(on('two'), signal), guard.enter(on('three'), signal)];
  first.undecided();
  const trial = await second;
  trial.rejected();
  await t.throwsAsync(third, { instanceOf: Unknown, message: /^two rejected this password of VPN\\audit/ });
});

test('another password, or another account, is not affected', async (t) => {
  const guard = lockOutGuard();
  (await guard.enter(on('one'), signal)).rejected();
  await t.throwsAsync(guard.enter(on('one', { account: 'vpn\\AUDIT', password: 'secret' }), signal), {
    instanceOf: Unknown,
  });
  await t.notThrowsAsync(guard.enter(on('two', { ...DOMAIN, password: 'other' }), signal));
  await t.notThrowsAsync(guard.enter(on('two', { ...DOMAIN, account: 'VPN\\other' }), signal));
});

test('a password of a domain that was right and is rejected later is not tried any more', async (t) => {
  const guard = lockOutGuard();
  (await guard.enter(on('one'), signal)).accepted();
  (await guard.enter(on('two'), signal)).rejected();
  await t.throwsAsync(guard.enter(on('three'), signal), { instanceOf: Unknown });
});

test('local accounts of one name are several accounts once the password was right on one of them', async (t) => {
  const guard = lockOutGuard();
  (await guard.enter(on('one', LOCAL), signal)).accepted();
  (await guard.enter(on('two', LOCAL), signal)).rejected();
  await t.notThrowsAsync(guard.enter(on('three', LOCAL), signal));
  await t.throwsAsync(guard.enter(on('two', LOCAL), signal), { instanceOf: Unknown });
});

test('a run that is stopped does not wait', async (t) => {
  const guard = lockOutGuard();
  await guard.enter(on('one'), signal);
  const stop = new AbortController();
  const waiting = guard.enter(on('two'), stop.signal);
  await setTimeout(20);
  stop.abort();
  await t.throwsAsync(waiting, { name: 'AbortError' });
  await t.throwsAsync(guard.enter(on('two'), AbortSignal.abort()), { name: 'AbortError' });
});

test('the operator may have it tried everywhere', async (t) => {
  const guard = lockOutGuard({ tryAgain: true });
  (await guard.enter(on('one'), signal)).rejected();
  await t.notThrowsAsync(guard.enter(on('two'), signal));
});
