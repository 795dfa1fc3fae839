/** Whole runs of the command line over SSH, against wine behind a real OpenSSH server. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type { Report } from '../../engine/model.ts';
import { MAIN } from '../program.ts';
import { FIREWALL_RULES, healthy, REMOTE_ACCESS, SSTP_MINIPORT } from '../server/healthy.ts';
import { unbind } from '../server/http.ts';
import { authority, issuing, leaf, root, vpn } from '../server/pki.ts';
import { removeValue, type Server, setValue } from '../server/state.ts';
import { install, uninstall } from '../server/stores.ts';
import { live } from './live.ts';
import { type StandIns, startStandIns } from './stand-in.ts';

/** These servers are asked now, so their event logs reach up to now. */
const at = new Date();

const broken = (sabotage: (server: Server) => void, options: Parameters<typeof healthy>[0] = {}): Server => {
  const server = healthy({ at, ...options });
  sabotage(server);
  return server;
};

const expired = await leaf({ notBefore: '2025-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' });
const CRL_POINTS = '2.5.29.31';
const expiredIssuing = await authority({
  issuer: root,
  notAfter: '2026-01-01T00:00:00Z',
  extensions: issuing.certificate.extensions.filter(({ type }) => type === CRL_POINTS),
});
const elsewhere = await leaf({ names: ['vpn.example.net'] });
const internal = await leaf({ crl: ['http://crl.corp.local/ca.crl'], ocsp: [] });

/** One broken server per situation of KB947031, and the check that must say so. */
const SITUATIONS: Readonly<Record<string, readonly [check: string, server: Server]>> = {
  'situation-1': [
    'rras/sstp-ports',
    broken((server) => setValue(server, SSTP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 0])),
  ],
  'situation-2': [
    'service/running',
    broken((server) => void server.services.set('RemoteAccess', { state: 1, win32ExitCode: 1077 })),
  ],
  'situation-3': [
    'certificate/installed',
    broken((server) => {
      unbind(server, '0.0.0.0:443');
      unbind(server, '[::]:443');
      uninstall(server, vpn);
    }),
  ],
  'situation-4': ['certificate/validity', broken(() => {}, { certificate: expired })],
  'situation-5': [
    'certificate/chain',
    broken((server) => {
      uninstall(server, issuing, 'CA');
      install(server, expiredIssuing, 'CA');
    }),
  ],
  'situation-6': ['certificate/names', broken(() => {}, { certificate: elsewhere })],
  'situation-7': ['certificate/revocation-sources', broken(() => {}, { certificate: internal })],
  'situation-8': ['firewall/sstp-exception', broken((server) => removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP'))],
};

let standIns: StandIns;
test.before(
  live(async () => {
    standIns = await startStandIns({
      'healthy-en': healthy({ at }),
      'healthy-ja': healthy({ at, language: 'ja', alias: 'イーサネット 2' }),
      'broken-ja': broken((server) => setValue(server, REMOTE_ACCESS, 'ConfigurationFlags', ['REG_DWORD', 0]), {
        language: 'ja',
      }),
      ...Object.fromEntries(Object.entries(SITUATIONS).map(([name, [, server]]) => [name, server])),
    });
  }),
);
test.after.always(async () => standIns?.stop());

type Run = Readonly<{ exitCode: number; report: Report; stderr: string }>;

/** `sstp-audit run` in a process of its own. */
const run = async (servers: readonly string[], ...more: readonly string[]): Promise<Run> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-live-'));
  const file = path.join(folder, 'report.json');
  const targets = servers.map((server) => `ssh://${server}`);
  const names = 'publicNames=vpn.example.com';
  const args = [
    'run',
    ...targets,
    '-p',
    'baseline',
    '--input',
    names,
    '-r',
    `json:${file}`,
    '--ssh-config',
    standIns.sshConfig,
    ...more,
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], async (error, _stdout, stderr) => {
      const exitCode = error ? Number(error.code) : 0;
      resolve({ exitCode, stderr, report: JSON.parse(await readFile(file, 'utf8')) });
    });
  });
};
const told = ({ report }: Run): string =>
  report.results
    .filter(({ status }) => !['pass', 'inapplicable'].includes(status))
    .map(
      (result) =>
        `${result.target} ${result.check} ${result.status}: ${result.detail ?? result.findings.map(({ message }) => message).join('; ')}`,
    )
    .join('\n');

for (const [name, codePage] of [
  ['healthy-en', 437],
  ['healthy-ja', 932],
] as const)
  test.serial(
    `${name}: every check passes, over one SSH connection and one exchange`,
    live(async (t) => {
      const evidence = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-live-evidence-'));
      const before = await standIns.connections(name);
      const audited = await run([name], '--evidence', evidence);
      t.is(audited.exitCode, 0, told(audited));
      t.is((await standIns.connections(name)) - before, 1);
      const manifest = JSON.parse(await readFile(path.join(evidence, name, 'manifest.json'), 'utf8'));
      t.is(manifest.codePage, codePage);
      t.regex(manifest.os, /Windows Server 2022/);
    }),
  );

test.serial(
  'what was gathered live is judged again without the server, with the same results',
  live(async (t) => {
    const evidence = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-live-evidence-'));
    const once = await run(['broken-ja'], '--evidence', evidence);
    const file = path.join(evidence, 'again.json');
    const args = [
      'judge',
      path.join(evidence, 'broken-ja'),
      '--input',
      'publicNames=vpn.example.com',
      '-r',
      `json:${file}`,
    ];
    await new Promise((resolve) => execFile(process.execPath, [MAIN, ...args], resolve));
    const again: Report = JSON.parse(await readFile(file, 'utf8'));
    t.deepEqual(again.results, once.report.results);
    t.is(once.exitCode, 1);
    t.regex(told(once), /rras\/remote-access-enabled fail/);
  }),
);

test.serial(
  'one broken server per situation of KB947031: the check that takes its step fails, and nothing is unknown',
  live(async (t) => {
    const audited = await run(Object.keys(SITUATIONS));
    t.is(audited.exitCode, 1);
    for (const [name, [check]] of Object.entries(SITUATIONS)) {
      const result = audited.report.results.find((one) => one.target === name && one.check === check);
      t.is(result?.status, 'fail', `${name} ${check}\n${told(audited)}`);
    }
    t.is(audited.report.summary.unknown, 0, told(audited));
  }),
);
