import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { credentialsFrom, type Surroundings, withoutPasswords } from '../../engine/credentials.ts';
import { LIMITS } from '../../engine/limits.ts';
import { Mistake } from '../../engine/mistake.ts';

const SECRET = 'correct horse <&> "ü"';
const ACCOUNT = { user: 'VPN\\audit', host: 'vpn01' };
const surroundings = (more: Partial<Surroundings> = {}): Surroundings => ({
  env: { PATH: process.env['PATH'] },
  stdin: Readable.from([]),
  ...more,
});
const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-credentials-'));
test.after.always(() => rm(folder, { recursive: true }));

test('a variable gives the password; one that is not set is a mistake at once', async (t) => {
  const env = { SSTP_AUDIT_PASSWORD: SECRET };
  const credentials = credentialsFrom('env:SSTP_AUDIT_PASSWORD', surroundings({ env }));
  t.notThrows(() => credentials.ready());
  t.is(await credentials.passwordOf(ACCOUNT), SECRET);
  const unset = credentialsFrom('env:SSTP_AUDIT_PASSWORD_TOKYO', surroundings({ env }));
  t.throws(() => unset.ready(), { instanceOf: Mistake, message: /SSTP_AUDIT_PASSWORD_TOKYO is not set/ });
});

test('only variables that are kept from other programs hold a password', (t) => {
  t.throws(() => credentialsFrom('env:DB_PASSWORD', surroundings()), { instanceOf: Mistake });
  const env = { HOME: '/', SSTP_AUDIT_PASSWORD: 'a', SSTP_AUDIT_PASSWORD_2: 'b', SSTP_AUDIT_SSH_PASSWORD: 'c' };
  t.deepEqual(withoutPasswords(env), { HOME: '/' });
});

test('a file gives its first line when nobody else may read it', async (t) => {
  const file = path.join(folder, 'password');
  await writeFile(file, `${SECRET}\r\nsomething else\n`, { mode: 0o600 });
  const credentials = credentialsFrom(`file:${file}`, surroundings());
  t.notThrows(() => credentials.ready());
  t.is(await credentials.passwordOf(ACCOUNT), SECRET);
});

for (const mode of [0o640, 0o604, 0o620, 0o777])
  test(`a file with the rights ${mode.toString(8)} is refused`, async (t) => {
    const file = path.join(folder, `password-${mode}`);
    await writeFile(file, SECRET);
    await chmod(file, mode);
    const credentials = credentialsFrom(`file:${file}`, surroundings());
    const error = t.throws(() => credentials.ready(), { instanceOf: Mistake, message: /read or changed by others/ });
    t.false(`${error?.message}${error?.hint}`.includes(SECRET));
    await t.throwsAsync(credentials.passwordOf(ACCOUNT), { instanceOf: Mistake });
  });

test('a file that is not there is a mistake', (t) => {
  const credentials = credentialsFrom('file:/nonexistent', surroundings());
  t.throws(() => credentials.ready(), { instanceOf: Mistake, message: /cannot be read/ });
});

test('standard input is read once for all servers, and not from a terminal', async (t) => {
  const credentials = credentialsFrom('stdin', surroundings({ stdin: Readable.from([`${SECRET}\n`]) }));
  t.is(await credentials.passwordOf(ACCOUNT), SECRET);
  t.is(await credentials.passwordOf({ ...ACCOUNT, host: 'vpn02' }), SECRET);
  const terminal = Object.assign(Readable.from([]), { isTTY: true });
  t.throws(() => credentialsFrom('stdin', surroundings({ stdin: terminal })).ready(), { instanceOf: Mistake });
});

test('a file that Windows saved gives the password without its marks, or none', async (t) => {
  const saved = async (name: string, bytes: Uint8Array) => {
    const file = path.join(folder, name);
    await writeFile(file, bytes, { mode: 0o600 });
    return credentialsFrom(`file:${file}`, surroundings());
  };
  const marked = await saved('notepad', Buffer.from(`\ufeff${SECRET}\r\n`));
  t.is(await marked.passwordOf(ACCOUNT), SECRET);
  for (const [name, bytes] of [
    ['powershell', Buffer.from(`\ufeff${SECRET}\r\n`, 'utf16le')],
    ['code page', Buffer.from('pass\x95\x5c\r\n', 'latin1')],
  ] as const) {
    const credentials = await saved(name, bytes);
    t.throws(() => credentials.ready(), { instanceOf: Mistake, message: /cannot be read: it is not UTF-8 text/ });
  }
});

test('a program is told whose password is wanted, gets no secret, and is asked once per account', async (t) => {
  const program = path.join(folder, 'vault');
  const script = `#!/bin/bash\necho "$SSTP_AUDIT_USER at $SSTP_AUDIT_HOST, $1 \${SSTP_AUDIT_PASSWORD-none}"\necho x >> '${folder}/calls'\n`;
  await writeFile(program, script, { mode: 0o700 });
  const env = { ...process.env, SSTP_AUDIT_PASSWORD: 'never' };
  const credentials = credentialsFrom(`command:${JSON.stringify([program, 'two words'])}`, surroundings({ env }));
  for (let times = 0; times < 3; times++)
    t.is(await credentials.passwordOf(ACCOUNT), 'VPN\\audit at vpn01, two words none');
  t.is(await readFile(path.join(folder, 'calls'), 'utf8'), 'x\n');
  t.is(await credentials.passwordOf({ ...ACCOUNT, host: 'vpn02' }), 'VPN\\audit at vpn02, two words none');
});

for (const [source, message] of [
  ['command:/nonexistent/vault get', /\/nonexistent\/vault gave no password: .*ENOENT/],
  ['command:false', /false gave no password: it ended with exit code 1/],
  ['command:true', /command:true gives an empty password/],
] as const)
  test(`${source} is a mistake when the password is needed`, async (t) => {
    const credentials = credentialsFrom(source, surroundings());
    await t.throwsAsync(credentials.passwordOf(ACCOUNT), { instanceOf: Mistake, message });
  });

const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
for (const source of ['command:/nonexistent/vault', 'command:false'])
  test.serial(`after ${source} nothing is waited for any more`, async (t) => {
    const before = timers();
    await t.throwsAsync(credentialsFrom(source, surroundings()).passwordOf(ACCOUNT), { instanceOf: Mistake });
    t.is(timers(), before);
  });

test.serial('a program is given up in time, although what it started holds its output', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const source = 'command:["sh", "-c", "exec 2>&-; sleep 5 & wait"]';
  const password = credentialsFrom(source, surroundings()).passwordOf(ACCOUNT);
  await setImmediate();
  mock.timers.tick(LIMITS.passwordMs);
  await t.throwsAsync(password, { instanceOf: Mistake, message: 'sh gave no password: it took longer than 60 s' });
});

for (const source of ['', 'env:', 'file:', 'command:', 'prompt', 'password', 'command:["x", 1]', 'command:[]', 'ENV:X'])
  test(`"${source}" is no source`, (t) => {
    t.throws(() => credentialsFrom(source, surroundings()), { instanceOf: Mistake });
  });

test('a message holds a password in none of the forms in which a peer may repeat it', async (t) => {
  const env = { SSTP_AUDIT_PASSWORD: SECRET };
  const credentials = credentialsFrom('env:SSTP_AUDIT_PASSWORD', surroundings({ env }));
  const basic = Buffer.from(`${ACCOUNT.user}:${SECRET}`).toString('base64');
  const forms = [
    SECRET,
    JSON.stringify(SECRET),
    encodeURIComponent(SECRET),
    basic,
    'correct horse &#60;&#38;&#62; &#34;ü&#34;',
    Buffer.from(SECRET).toString('latin1'),
  ];
  t.is(credentials.redact(forms.join('|')).includes('horse'), true, 'it is not known before it was given out');
  await credentials.passwordOf(ACCOUNT);
  const redacted = credentials.redact(`before ${forms.join(' | ')} after`);
  t.false(/horse|Y29ycmVjdCBob3Jz/.test(redacted));
  t.false(redacted.includes(basic));
  t.regex(redacted, /^before •••.*after$/);
});
