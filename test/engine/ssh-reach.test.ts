/** Host keys and jump hosts of an inventory, over a real OpenSSH server. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startServers } from '../../ci/bench/servers.ts';
import { type SshOptions, ssh } from '../../engine/transports/ssh.ts';
import { prepareReach } from '../../engine/transports/ssh-reach.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit reach %-'));
const SSHD = existsSync('/usr/sbin/sshd');
const plain = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-sshd-'));
const servers = SSHD ? await startServers(plain, 2, 'cat') : undefined;
const inServers = (file: string): string => path.join(plain, file);
if (servers) {
  const keys = await readFile(inServers('authorized_keys'), 'utf8');
  await writeFile(inServers('authorized_keys'), keys.replace('restrict ', 'restrict,port-forwarding '));
  // A user's file that would let anybody pose as the jump host, or as the server.
  const lax = ['lax-jump', 'lax'].flatMap((name) => [
    `Host ${name}`,
    '  HostName 127.0.0.1',
    `  IdentityFile ${inServers(name === 'lax' ? 'key' : 'jump-key')}`,
    '  UserKnownHostsFile /dev/null',
    '  StrictHostKeyChecking no',
  ]);
  const config = await readFile(servers.config, 'utf8');
  await writeFile(servers.config, `${lax.join('\n')}\n${config}`);
}
test.after.always(() => servers?.stop());

const withSshd =
  (body: (t: ExecutionContext) => Promise<unknown>) =>
  async (t: ExecutionContext): Promise<void> => {
    if (servers) {
      await body(t);
      return;
    }
    if (process.env['CI'] === 'true') t.fail('/usr/sbin/sshd is not installed');
    t.log('SKIPPED: /usr/sbin/sshd is not installed');
    t.pass();
  };

/** What became of a question; the servers run `cat` in place of cmd.exe, so that a connection ends as unreadable. */
const asked = async (name: string, options: SshOptions) => {
  const config = servers?.config ?? '';
  const transport = ssh(new URL(`ssh://${name}`), { config, commandMs: 10_000, ...options });
  const [answer] = await transport.exchange(['sc.exe query A'], { signal: AbortSignal.timeout(20_000) });
  await transport.close();
  return `${answer?.missing?.reason}: ${answer?.missing?.detail}`;
};
const CONNECTED = /^unreadable: the login shell did not run/;
const STRANGER = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${'I'.repeat(36)}`;
const publicKey = async (name: string): Promise<string> => (await readFile(inServers(`${name}.pub`), 'utf8')).trim();
const hostKey = (): Promise<string> => publicKey('host-key');

test(
  'a server with the given key is asked, although no known_hosts has it',
  withSshd(async (t) => t.regex(await asked('lax', { hostKeys: [STRANGER, await hostKey()] }), CONNECTED)),
);

test(
  'a server with another key than the given one is untrusted, although known_hosts has it',
  withSshd(async (t) => {
    t.regex(await asked('vpn001', {}), CONNECTED);
    t.regex(await asked('vpn001', { hostKeys: [STRANGER] }), /^untrusted: .*host key verification failed/i);
  }),
);

test(
  "a user's file that switches the check off does not weaken it",
  withSshd(async (t) => t.regex(await asked('lax', {}), /^untrusted: /)),
);

test(
  "what the user's known_hosts says stays as it is, also where the user's file lets ssh bring it up to date",
  withSshd(async (t) => {
    const knownHosts = inServers('known hosts of a user');
    // One that the server has no more: ssh would take it out.
    const keys = [await hostKey(), await publicKey('open-key')];
    const known = keys.map((key) => `[127.0.0.1]:${servers?.port} ${key}\n`).join('');
    await writeFile(knownHosts, known);
    const config = inServers('updating');
    const own = `UpdateHostKeys yes\nUserKnownHostsFile "${knownHosts}"\nLogLevel ERROR\n`;
    await writeFile(config, `${own}${await readFile(servers?.config ?? '', 'utf8')}`);
    t.regex(await asked('vpn001', { config }), CONNECTED);
    t.is(await readFile(knownHosts, 'utf8'), known);
  }),
);

test.serial('a server whose keys cannot be written is unreachable, and its transport can be closed', async (t) => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = '/dev/null/nowhere';
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  const said = await asked('vpn001', { hostKeys: [STRANGER] });
  t.regex(said, /^unreachable: the host keys cannot be written for ssh into .*nowhere: .* set TMPDIR to a folder/);
});

test(
  'a server behind a jump host is asked through it, and its key is checked all the same',
  withSshd(async (t) => {
    t.regex(await asked('vpn001', { via: 'open002' }), CONNECTED);
    t.regex(await asked('vpn001', { via: 'open002', hostKeys: [STRANGER] }), /^untrusted: /);
    t.regex(await asked('vpn001', { via: 'nobody@127.0.0.9:1' }), /^refused: .*Connection (refused|closed)/i);
  }),
);

test(
  "a jump host whose key is not known is untrusted, whatever the user's file says",
  withSshd(async (t) => t.regex(await asked('vpn001', { via: 'lax-jump' }), /^untrusted: /)),
);

test.serial('given keys are in a file of their own while they are needed, and gone afterwards', async (t) => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  const { options, dispose } = await prepareReach({ hostKeys: ['ssh-ed25519 AAAA', 'ssh-rsa BBBB'] }, []);
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  const [own = ''] = await readdir(folder);
  const file = path.join(folder, own, 'known_hosts');
  t.is(await readFile(file, 'utf8'), '* ssh-ed25519 AAAA\n* ssh-rsa BBBB\n');
  if (process.platform !== 'win32') t.is((await stat(file)).mode & 0o77, 0);
  t.true(options.includes(`UserKnownHostsFile="${file.replaceAll('%', '%%')}"`), 'blanks and percent signs are kept');
  t.true(options.includes('KnownHostsCommand=none'), 'nobody else is asked');
  await dispose();
  t.deepEqual(await readdir(folder), []);
});

test('a jump host is reached with our own options, quoted for the shell and for ssh', async (t) => {
  const jump = ['-F', '/a b/50%"$x', '-o', 'BatchMode=yes'];
  const { options } = await prepareReach({ via: 'CORP\\hop@[2001:db8::1]:2222' }, jump);
  if (process.platform === 'win32') return t.pass();
  t.deepEqual(options, [
    'ProxyCommand=ssh -F "/a b/50%%\\"\\$x" -o BatchMode=yes -W [%h]:%p -p 2222 -l "CORP\\\\hop" -- 2001:db8::1',
  ]);
});
