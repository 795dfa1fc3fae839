/** Passwords that stand where none belongs: the mistake is told, and they are not, whatever characters they are of. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { masked, shownAddress } from '../../engine/document/secrets.ts';
import { ask } from '../command.ts';

const PASSWORDS = [
  'hunter2',
  'p/hunter2',
  'p@hunter2',
  'p:hunter2',
  '1/hunter2',
  '1?hunter2',
  '1#hunter2',
  '%hunter2',
  '"hunter2',
];
const NAMES = ['--input', 'publicNames=vpn.example.com'];

let folder = '';
test.before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-secrets-'));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

let files = 0;
const written = async (text: string): Promise<string> => {
  const file = path.join(folder, `inventory${files++}`);
  await writeFile(file, text);
  return file;
};

for (const password of PASSWORDS)
  test(`the password ${password} in an address is refused, and not repeated`, async (t) => {
    const at = `admin:${password}@127.0.0.1`;
    const long = `admin:${password}${'y'.repeat(60)}@vpn01`;
    const list = await written(`ssh://${at}\n`);
    const yaml = await written(`hosts: { a: ${JSON.stringify({ via: long, address: `ssh://${at}` })} }\n`);
    for (const args of [
      ['run', `ssh://${at}`],
      ['run', `winrm://${at}`],
      ['run', `probe://${at}`],
      ['run', at],
      ['run', 'ssh://vpn01', '--probe', at],
      ['run', 'ssh://vpn01', '--probe', 'vpn01', '--proxy', `http://${at}`],
      ['run', '-i', list],
      ['run', '-i', yaml],
    ]) {
      const { code, stdout, stderr } = await ask(...args, ...NAMES);
      t.deepEqual([code, stdout], [2, ''], args.join(' '));
      t.notRegex(stderr, /hunter2/);
      t.regex(stderr, /^sstp-audit: [^\n]*\n(?: {4}[^\n]*\n|sstp-audit: [^\n]*\n)*sstp-audit: hint: [^\n]+\n$/);
    }
  });

test('what holds no password is shown as it is', (t) => {
  for (const line of [
    'ssh://admin@vpn01:22',
    'ssh://svc@corp@vpn01:22',
    'winrm://C%5Cx@[::1]:5986?auth=ntlm',
    'via: me@bastion:22',
    'bypass: yes',
  ])
    t.is(masked(line), line);
  t.is(shownAddress('ssh://svc@corp:x@vpn01:22'), 'ssh://svc@corp:…@vpn01:22');
  t.is(masked('{ ansible_pass: "a b", port: 1 }'), '{ ansible_pass: *****, port: 1 }');
  t.is(masked('{ a: { password: "a" }, port: 1 }'), '{ a: { password: *** }, port: 1 }');
});

test('quotes in a secret do not end it, however they are written', (t) => {
  for (const value of ["'it''s hunter2'", '"a\\"hunter2"', '"a"hunter2"', "'a'hunter2'", '"a" "hunter2"', 'a"hunter2'])
    t.is(masked(`password: ${value}`), `password: ${'*'.repeat(value.length)}`);
});

for (const address of ['ssh://%zz@vpn01', 'winrm://%ff@vpn01', 'ssh://a%00b@vpn01'])
  test(`${address}, whose user is no text, is a mistake`, async (t) => {
    const { code, stderr } = await ask('run', address, ...NAMES);
    t.is(code, 2);
    t.regex(stderr, /vpn01: its user cannot be read\n.*write % as %25/);
  });

test('a line that is made to be long is masked in no time', (t) => {
  t.timeout(30_000);
  const size = 400_000;
  for (const part of ['passw', ' passw', 'passw="', "passw:'", '"a', '//a:', 'a@'])
    t.is(masked(part.repeat(size / part.length)).length, Math.floor(size / part.length) * part.length);
});
