/** Whole runs of the command line over WinRM. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import type { Report } from '../../engine/model.ts';
import { ask, asking } from '../command.ts';
import { runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import { leaf } from '../server/pki.ts';
import { command } from './command.ts';
import { PASSWORD, USERS } from './ours.ts';
import { type ServerOptions, startServer, type WinrmServer } from './server.ts';
import { CA, CLIENT, OTHER_FINGERPRINT, OTHER_NAME, SERVER } from './tls.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-winrm-'));
const written = async (name: string, text: string, mode = 0o600): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, text, { mode });
  return file;
};

const inAYear = `${new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 19)}Z`;
const windows = healthy({
  language: 'ja',
  alias: 'イーサネット 2',
  at: new Date(),
  certificate: await leaf({ notBefore: '2020-01-01T00:00:00Z', notAfter: inAYear }),
});

test.after.always(() => rm(folder, { recursive: true }));

const withServer = async (options: Partial<ServerOptions>, work: (server: WinrmServer) => Promise<void>) => {
  const server = await startServer({
    play: (line) => runLine(windows, line),
    users: USERS,
    schemes: ['ntlm'],
    ...options,
  });
  try {
    await work(server);
  } finally {
    await server.close();
  }
};
const ENV = { SSTP_AUDIT_PASSWORD: PASSWORD };
const JUDGING = ['-p', 'baseline', '--input', 'publicNames=vpn.example.com'];

test.serial('a healthy Japanese server passes over sealed NTLM, and its evidence says how it was gathered', (t) =>
  withServer({}, async (server) => {
    const [evidence, report] = [path.join(folder, 'evidence'), path.join(folder, 'report.json')];
    const address = `winrm+http://VPN%5Caudit@127.0.0.1:${server.port}`;
    const output = ['--evidence', evidence, '-r', 'cli', `json:${report}`];
    const { exitCode, stdout, stderr } = await command(['run', address, ...JUDGING, ...output], ENV);
    t.is(exitCode, 0, `${stdout}${stderr}`);
    t.is(server.shells.open(), 0);
    t.is(server.connections(), 1);
    t.is(server.steps.filter((step) => step === 'Create').length, 1);
    const { targets, summary }: Report = JSON.parse(await readFile(report, 'utf8'));
    t.is(summary.fail + summary.unknown, 0);
    t.is(targets[0]?.address, address);
    const [found = ''] = await readdir(evidence);
    const manifest = JSON.parse(await readFile(path.join(evidence, found, 'manifest.json'), 'utf8'));
    t.is(manifest.transport, 'winrm');
    t.is(manifest.codePage, 932);
  }),
);

const signedIn = asking({ env: { ...process.env, ...ENV } });
const gather = (address: string, ...more: string[]) =>
  signedIn('gather', address, '--evidence', path.join(folder, `gathered-${folders++}`), ...more);
let folders = 0;

test.serial(
  'a file of authorities, a pinned certificate and a client certificate are taken from the command line',
  async (t) => {
    const ca = await written('ca.pem', CA);
    await withServer({ tls: SERVER, schemes: ['basic'] }, async ({ port }) => {
      const address = `winrm://audit@localhost:${port}?auth=basic`;
      t.is((await gather(address, '--ca', ca)).code, 0);
      const untrusted = await gather(address);
      t.is(untrusted.code, 3);
      t.regex(untrusted.stderr, /no certificate authority that is trusted here/);
    });
    await withServer({ tls: OTHER_NAME, schemes: ['basic'] }, async ({ port }) => {
      const address = `winrm://audit@localhost:${port}?auth=basic&fingerprint=${OTHER_FINGERPRINT}`;
      t.is((await gather(address)).code, 0);
    });
    const client = await written('client.pem', `${CLIENT.cert}${CLIENT.key}`);
    await withServer({ tls: { ...SERVER, ca: CA }, schemes: ['certificate'] }, async ({ port }) => {
      t.is((await gather(`winrm://localhost:${port}`, '--ca', ca, '--client-certificate', client)).code, 0);
    });
  },
);

test.serial('what is wrong with the sign-in is a mistake before anything is asked', async (t) => {
  const ca = await written('ca.pem', CA);
  const open = await written('open.pem', `${CLIENT.cert}${CLIENT.key}`, 0o644);
  const broken = await written('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  for (const [args, said] of [
    [['winrm://audit@vpn01'], /SSTP_AUDIT_PASSWORD is not set/],
    [['winrm://audit@vpn01', '--password-from', 'file:/nonexistent'], /\/nonexistent cannot be read/],
    [['winrm://audit@vpn01', '--password-from', 'vault'], /vault is no source of a password/],
    [['winrm://vpn01', '--ca', '/nonexistent'], /\/nonexistent cannot be read/],
    [['winrm://vpn01', '--ca', broken], /broken\.pem holds a certificate that cannot be read/],
    [['winrm://vpn01', '--client-certificate', ca], /client certificate cannot be used for TLS/],
    [['winrm://vpn01', '--ca', ca, '--client-certificate', open], /can be read or changed by others/],
    [['winrm://vpn01?auth=basic'], /basic needs a user/],
  ] as const) {
    const { code, stderr } = await ask('gather', ...args, '--evidence', path.join(folder, 'never'));
    t.is(code, 2, stderr);
    t.regex(stderr, said);
    t.regex(stderr, /sstp-audit: hint: /);
  }
});
