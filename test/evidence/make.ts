/** Writes the recorded servers of the demo: `node test/evidence/make.ts`. README.md says what each one is made of. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { checks } from '../../checks/index.ts';
import { audit } from '../../engine/audit.ts';
import { healthy, observedAt, setEvents, SSTP_CONFIG_STORE, SSTP_PARAMETERS } from '../server/healthy.ts';
import { unbind } from '../server/http.ts';
import { RULES, setRule } from '../server/firewall.ts';
import { leaf } from '../server/pki.ts';
import * as paths from '../server/paths.ts';
import { deny, type Server, setValue, transportTo } from '../server/state.ts';

const inTokyo = await leaf({ names: ['vpn-old.example.co.jp'], notBefore: '2025-10-10T00:00:00Z', notAfter: '2026-11-09T00:00:00Z' });

/** Server 2019 in Japanese with the faults of five situations at once. */
const tokyo = (): Server => {
  const server = healthy({ language: 'ja', windows: '2019', certificate: inTokyo, alias: 'イーサネット' });
  server.services.set('SstpSvc', { state: 1, win32ExitCode: 1077 });
  unbind(server, '[::]:443');
  setValue(server, SSTP_PARAMETERS, 'ListenerPort', ['REG_DWORD', 4443]);
  setValue(server, SSTP_CONFIG_STORE, 'ListenerPort', ['REG_DWORD', 443]);
  setRule(server, 'SSTP-IN-TCP', (RULES['SSTP-IN-TCP'] ?? '').replace('Active=TRUE', 'Active=FALSE'));
  const at = '2026-10-31T18:04:11.0000000Z';
  setEvents(server, 'System', [
    { provider: 'Microsoft-Windows-RasSstp', id: 24, at, level: 2 },
    { provider: 'Microsoft-Windows-RasSstp', id: 18, at: '2026-10-31T18:04:10.0000000Z', level: 2 },
  ]);
  return server;
};

/** Server 2022 asked by an account that may not read what administrators may, and not the event log. */
const withoutRights = (): Server => {
  const server = healthy();
  const { SSL_BINDINGS, REMOTE_ACCESS_INTERFACES, SYSTEM_CERTIFICATES, FIREWALL_POLICY } = paths;
  for (const key of [SSL_BINDINGS, REMOTE_ACCESS_INTERFACES, SYSTEM_CERTIFICATES, FIREWALL_POLICY]) deny(server, key);
  for (const name of server.services.keys()) server.services.set(name, { state: 4, denied: true });
  for (const log of ['System', 'Application'])
    server.programs.set(`wevtutil.exe qe ${log}`, { stdout: '', stderr: 'Failed to read events. Access is denied.\r\n', exitCode: 5 });
  return server;
};

export const RECORDINGS: Readonly<Record<string, () => Server>> = {
  'vpn-london-01': () => healthy(),
  'vpn-tokyo-01': tokyo,
  'vpn-berlin-01': () => healthy({ language: 'de', windows: '2016', offload: true }),
  'vpn-paris-01': withoutRights,
  'vpn-legacy-01': () => healthy({ windows: '2008' }),
  'vpn-osaka-01': () => healthy({ language: 'ja', windows: '2025', alias: 'イーサネット' }),
};

/** Writes one sealed folder below `parent`. */
export const record = async (name: string, server: Server, parent: string): Promise<void> => {
  const everything = checks.map((check) => ({ check, expected: {}, severity: check.severity }));
  const target = { name, address: `evidence:test/evidence/${name}`, tags: [], inputs: {} };
  await rm(path.join(parent, name), { recursive: true, force: true });
  await audit(target, { server: transportTo(server, { recordedAt: observedAt }) }, everything, {
    signal: new AbortController().signal,
    targetMs: 60_000,
    evidence: parent,
    version: '0.1.0',
  });
};

if (import.meta.main)
  for (const [name, server] of Object.entries(RECORDINGS)) await record(name, server(), import.meta.dirname);
