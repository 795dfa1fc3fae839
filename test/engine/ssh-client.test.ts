/** The OpenSSH client of this machine, whose user has settings of his own, and clients of other ages. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startServers } from '../../ci/bench/servers.ts';
import { type RunSsh, runSsh } from '../../engine/transports/run-ssh.ts';
import { type SshOptions, ssh } from '../../engine/transports/ssh.ts';
import { flagsFor, STRICT, versionOf } from '../../engine/transports/ssh-client.ts';
import { questionIn, signIn } from '../../engine/transports/ssh-password.ts';

const SSHD = existsSync('/usr/sbin/sshd');
const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-client-'));
const servers = SSHD ? await startServers(folder, 2, 'cat') : undefined;
if (servers) {
  const keys = path.join(folder, 'authorized_keys');
  await writeFile(keys, (await readFile(keys, 'utf8')).replace('restrict ', 'restrict,port-forwarding '));
}
test.after.always(() => servers?.stop());

const withSshd =
  (body: (t: ExecutionContext, settings: string) => Promise<unknown>) =>
  async (t: ExecutionContext): Promise<void> => {
    if (servers) {
      await body(t, await readFile(servers.config, 'utf8'));
      return;
    }
    if (process.env['CI'] === 'true') t.fail('/usr/sbin/sshd is not installed');
    t.log('SKIPPED: /usr/sbin/sshd is not installed');
    t.pass();
  };

/** What became of a question; the servers run `cat` in place of cmd.exe, so that a connection ends as unreadable. */
const asked = async (settings: string, options: SshOptions = {}) => {
  const config = path.join(await mkdtemp(path.join(folder, 'user-')), 'config');
  await writeFile(config, settings);
  const transport = ssh(new URL('ssh://vpn001'), { config, commandMs: 10_000, ...options });
  const [answer] = await transport.exchange(['sc.exe query A'], { signal: AbortSignal.timeout(20_000) });
  await transport.close();
  return `${answer?.missing?.reason}: ${answer?.missing?.detail}`;
};
const CONNECTED = /^unreadable: the login shell did not run/;

/** Settings of a user who works on other servers by hand. */
for (const own of ['RemoteCommand tmux attach', 'SessionType none'])
  test(
    `a user's own ${own} keeps no question from the server, nor from one behind a jump host`,
    withSshd(async (t, settings) => {
      for (const options of [{}, { via: 'open002' }]) t.regex(await asked(`${own}\n${settings}`, options), CONNECTED);
    }),
  );

test(
  'a client that its user keeps quiet says all the same that the sign-in was refused, so that nobody tries again',
  withSshd(async (t, settings) => {
    const stranger = settings.replaceAll(/IdentityFile .*/g, 'IdentityFile /dev/null');
    t.regex(await asked(`LogLevel QUIET\n${stranger}`), /^refused: .*Permission denied/);
  }),
);

test(
  'a server gets no way to the display of whoever asks, though the user gives one to others',
  withSshd(async (t, settings) => {
    let said = '';
    const display: RunSsh = async (args, how) => {
      const loud = args[0] === '-V' ? args : ['-v', ...args];
      const outcome = await runSsh(loud, { ...how, env: { ...how.env, DISPLAY: ':1' } });
      said += outcome.stderr.toString();
      return outcome;
    };
    t.regex(await asked(`ForwardX11 yes\nForwardX11Trusted yes\n${settings}`, { run: display }), CONNECTED);
    t.regex(said, /Sending command/);
    t.notRegex(said, /X11/);
  }),
);

/** A client of an older version: it ends at an option that it does not know, as this one does. */
const aged =
  (version: string, unknown: RegExp): RunSsh =>
  async (args, how) => {
    const said = (stderr: string, exitCode: number) => ({
      stdout: Buffer.alloc(0),
      stderr: Buffer.from(stderr),
      exitCode,
    });
    if (args[0] === '-V') return said(`${version}, OpenSSL 1.1.1k  FIPS 25 Mar 2021\r\n`, 0);
    const wrong = args.find((argument) => unknown.test(argument));
    if (wrong) return said(`command-line: line 0: Bad configuration option: ${wrong.toLowerCase()}\r\n`, 255);
    return runSsh(args, how);
  };

for (const [version, unknown] of [
  ['OpenSSH_7.4p1', /^(RemoteCommand|KnownHostsCommand|SessionType)=/],
  ['OpenSSH_for_Windows_7.7p1', /^(KnownHostsCommand|SessionType)=/],
  ['OpenSSH_8.0p1', /^(KnownHostsCommand|SessionType)=/],
  ['OpenSSH_for_Windows_8.6p1', /^SessionType=/],
  ['OpenSSH_10.0p2', /^Nothing=/],
] as const)
  test(
    `${version} is given no option that it does not know, also where the inventory names host keys`,
    withSshd(async (t, settings) => {
      const hostKeys = [(await readFile(path.join(folder, 'host-key.pub'), 'utf8')).trim()];
      t.regex(await asked(settings, { hostKeys, run: aged(version, unknown) }), CONNECTED);
    }),
  );

test('a client that does not say its version is taken for the newest, and is asked once', async (t) => {
  let asks = 0;
  const silent: RunSsh = async () => {
    asks++;
    return { stdout: Buffer.alloc(0), stderr: Buffer.from('Sun_SSH'), exitCode: 1 };
  };
  t.is(flagsFor(await versionOf(silent), STRICT).length, 2 * STRICT.length);
  await versionOf(silent);
  t.is(asks, 1);
});

test('the question for a password is the one that ssh asks', (t) => {
  const settings = 'host vpn\r\nuser CORP\\a b\r\nhostname VPN01.corp\r\nport 22\r\n';
  t.is(questionIn(Buffer.from(settings)), "CORP\\a b@vpn01.corp's password: ");
  t.is(questionIn(Buffer.from(`${settings}hostkeyalias Alias\r\n`)), "CORP\\a b@Alias's password: ");
});

for (const [line, isGiven] of [
  ['', true],
  ['proxyjump none', true],
  ['proxycommand cloudflared access ssh --hostname vpn01', true],
  ['proxyjump admin@bastion', false],
  ['proxycommand ssh -W [vpn01]:22 bastion', false],
  ['proxycommand "C:\\Program Files\\OpenSSH\\ssh.exe" -W [vpn01]:22 bastion', false],
  ['proxycommand C:/Windows/System32/OpenSSH/ssh.exe -W [vpn01]:22 bastion', false],
] as const)
  test(`on Windows a password is ${isGiven ? 'given' : 'not given'} where ssh says "${line}"`, async (t) => {
    const settings = async () => ({ stdout: Buffer.from(`user a\r\nhostname vpn01\r\n${line}\r\n`) });
    const asked = await signIn('secret', settings, { ours: false, platform: 'win32' });
    t.is('env' in asked, isGiven);
    if ('reason' in asked) t.regex(asked.detail, /name the jump host in an inventory \(via\), or sign in with a key/);
    t.true(
      'env' in (await signIn('secret', settings, { ours: true, platform: 'win32' })),
      'a jump host of ours asks nothing',
    );
    t.true('env' in (await signIn('secret', settings, { ours: false, platform: 'linux' })));
    t.true('env' in (await signIn(undefined, settings, { ours: false, platform: 'win32' })), 'nobody may ask');
  });
