/** Targets that are looked at from outside, and servers that are looked at from both sides. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { checks } from '../checks/index.ts';
import { audit } from '../engine/audit.ts';
import { serversOf } from '../engine/cli/inventory.ts';
import type { Transport } from '../engine/transports/transport.ts';
import { ask, run } from './command.ts';
import { startSite } from './network/site.ts';
import { healthyOutside } from './outside/healthy.ts';
import { networkTo } from './outside/outside.ts';
import { healthy, observedAt } from './server/healthy.ts';
import { transportTo } from './server/state.ts';

const NAMES = ['--input', 'publicNames=vpn.example.com'];
const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-views-'));

test('a run from outside judges by the profile reach, and its evidence gives the same results without a network', async (t) => {
  const site = await startSite();
  const folder = await scratch();
  const ran = await run('run', `probe://${site.at}`, ...site.options, '--evidence', folder, '-r', 'json');
  await site.close();
  t.is(ran.code, 0, ran.stdout + ran.stderr);
  const report = JSON.parse(ran.stdout);
  t.is(report.profile.id, 'reach');
  t.is(report.summary.pass, 7);
  t.true(report.targets[0].reached);
  const [name] = [`127.0.0.1_${site.server.port}`];
  t.is(report.targets[0].name, site.at);
  const again = await ask('judge', folder, '-p', 'reach', '-r', 'json');
  t.deepEqual(JSON.parse(again.stdout).results, report.results);
  const folders = JSON.parse(again.stdout).targets.map(({ address }: { address: string }) => address.slice(9));
  const manifest = JSON.parse(await readFile(path.join(folders[0], 'manifest.json'), 'utf8'));
  t.like(manifest, {
    vantage: 'network',
    transport: 'network',
    endpoint: { port: site.server.port, serverName: 'vpn.example.com', rootsGiven: true },
  });
  t.true(folders[0].includes(name));
  for (const named of [folder, folders[0]]) {
    const fitting = await ask('judge', named, '-r', 'json');
    t.is(JSON.parse(fitting.stdout).profile.id, 'reach', 'evidence from outside needs no -p');
  }
  await cp(path.join(import.meta.dirname, 'evidence/vpn-london-01'), path.join(folder, 'a-server'), {
    recursive: true,
  });
  const mixed = await ask('judge', folder, ...NAMES, '-r', 'json');
  t.is(JSON.parse(mixed.stdout).profile.id, 'baseline', 'both kinds in one folder fit neither');
  await rm(folder, { recursive: true, force: true });
});

test('gathered from outside, it is judged later', async (t) => {
  const site = await startSite({ mode: 'http-503' });
  const folder = await scratch();
  const gathered = await run('gather', `probe://${site.at}`, ...site.options, '--evidence', folder);
  await site.close();
  t.is(gathered.code, 0, gathered.stderr);
  const judged = await ask('judge', folder, '-p', 'reach', '-r', 'json');
  t.is(judged.code, 1);
  const failed = JSON.parse(judged.stdout).results.filter(({ status }: { status: string }) => status === 'fail');
  t.deepEqual(
    failed.map(({ check }: { check: string }) => check),
    ['reach/sstp'],
  );
  await rm(folder, { recursive: true, force: true });
});

test('evidence of both views is judged by the profile complete, and the two are compared', async (t) => {
  const folder = await scratch();
  await audit(
    { name: 'vpn01', address: 'ssh://vpn01', tags: [], inputs: {} },
    {
      server: transportTo(healthy(), { recordedAt: observedAt }),
      network: networkTo(healthyOutside(), observedAt),
    },
    checks.map((check) => ({ check, expected: {}, severity: check.severity })),
    { signal: new AbortController().signal, targetMs: 600_000, evidence: folder, version: '0.1.0' },
  );
  const { code, stdout, stderr } = await ask('judge', folder, ...NAMES, '-r', 'json');
  t.is(code, 0, stdout + stderr);
  const report = JSON.parse(stdout);
  t.is(report.profile.id, 'complete');
  t.like(
    report.results.find(({ check }: { check: string }) => check === 'reach/same-certificate'),
    { status: 'pass' },
  );
  await rm(folder, { recursive: true, force: true });
});

const refusing: Transport = {
  kind: 'ssh',
  exchange: async (commands) =>
    commands.map((command) => ({
      command,
      stdout: new Uint8Array(),
      stderr: new Uint8Array(),
      exitCode: null,
      startedAt: '2026-11-01T00:00:00Z',
      tookMs: 0,
      missing: { reason: 'unreachable', detail: 'connection refused' },
    })),
  close: async () => {},
};

test('a server that lets nobody in was not reached, whatever is seen of it from outside', async (t) => {
  const outside = healthyOutside();
  const planned = checks.map((check) => ({ check, expected: {}, severity: check.severity }));
  const { note, results } = await audit(
    { name: 'vpn01', address: 'ssh://vpn01', tags: [], inputs: {} },
    { server: refusing, network: networkTo(outside, observedAt) },
    planned.filter(({ check: { id } }) => id === 'reach/tcp' || id === 'service/running'),
    { signal: new AbortController().signal, targetMs: 600_000, version: '0.1.0' },
  );
  t.like(note, { reached: false, reason: 'unreachable', detail: 'connection refused' });
  t.deepEqual(
    results.map(({ check, status, reason }) => [check, status, reason]),
    [
      ['service/running', 'unknown', 'unreachable'],
      ['reach/tcp', 'pass', undefined],
    ],
  );
});

test('a server and where its clients dial are two ways to one target', async (t) => {
  const { targets } = await serversOf(['ssh://admin@vpn01'], { tags: [], probe: 'vpn.example.com:4443' });
  t.is(targets.length, 1);
  const ways = await targets[0]?.open();
  t.is(ways?.server?.kind, 'ssh');
  t.deepEqual(ways?.network?.endpoint, { host: 'vpn.example.com', port: 4443, serverName: 'vpn.example.com' });
});

test('an inventory says of each host where its clients dial', async (t) => {
  const folder = await scratch();
  const file = path.join(folder, 'inventory.yaml');
  await writeFile(file, 'hosts:\n  vpn01: { probe: vpn.example.com }\n  vpn02: {}\n');
  const { targets } = await serversOf([], { tags: [], inventory: [file] });
  const endpoints = await Promise.all(targets.map(async ({ open }) => (await open()).network?.endpoint.host));
  t.deepEqual(endpoints, ['vpn.example.com', undefined]);
  await rm(folder, { recursive: true, force: true });
});

for (const [name, args, says] of [
  [
    'a profile from outside without an endpoint',
    ['ssh://vpn01', '-p', 'reach'],
    /vpn01: the profile looks from outside \(reach\/tcp, .*\), and where clients dial is not said\n.*hint: add --probe/,
  ],
  [
    'a profile for servers on an endpoint',
    ['probe://vpn.example.com', '-p', 'baseline', ...NAMES],
    /vpn\.example\.com: the profile asks the server itself \(service\/running, .*\n.*hint: choose -p reach/,
  ],
  [
    'an endpoint that the profile has no use for',
    ['ssh://vpn01', '--probe', 'vpn.example.com', '-p', 'baseline', ...NAMES],
    /the profile asks nothing from outside/,
  ],
  [
    'one endpoint for two servers',
    ['ssh://vpn01', 'ssh://vpn02', '--probe', 'vpn.example.com', ...NAMES],
    /belongs to one live server/,
  ],
  [
    'an endpoint beside evidence',
    ['evidence:test/evidence/vpn-london-01', '--probe', 'vpn.example.com', ...NAMES],
    /belongs to one live server/,
  ],
  [
    'an endpoint that is none',
    ['ssh://vpn01', '--probe', 'vpn example', ...NAMES],
    /vpn example is no name or address to dial/,
  ],
  [
    'the same endpoint twice',
    ['probe://vpn.example.com', 'probe://VPN.example.com:443'],
    /two targets are named vpn\.example\.com/,
  ],
] as const)
  test(`${name} is a mistake, said before anything is asked`, async (t) => {
    const { code, stdout, stderr } = await ask('run', ...args);
    t.is(code, 2, stdout);
    t.regex(stderr, says);
    t.is(stdout, '');
  });
