/** Faults in pairs: no fault hides another one, and none of them makes a check pass that the other one keeps from it. */
import test from 'ava';
import { checks } from '../../checks/index.ts';
import { factsOf } from '../../engine/audit.ts';
import { gather } from '../../engine/gather.ts';
import { judge } from '../../engine/judge.ts';
import type { Result } from '../../engine/model.ts';
import { loadProfile, plan } from '../../engine/profile.ts';
import { type Memory, newMemory } from '../../engine/recall.ts';
import { filterBlock } from '../server/filters.ts';
import { setRule } from '../server/firewall.ts';
import {
  ADAPTER_INTERFACE,
  FIREWALL_POLICY,
  healthy,
  observedAt,
  POLICY_CERTIFICATES,
  REMOTE_ACCESS,
  REMOTE_ACCESS_PARAMETERS,
  SCHANNEL_PROTOCOLS,
  SSL_BINDINGS,
  SSTP_MINIPORT,
  SSTP_PARAMETERS,
  SYSTEM_CERTIFICATES,
  setEvents,
} from '../server/healthy.ts';
import { bind, register, SHOW_SSLCERT } from '../server/http.ts';
import { issuing, leaf, vpn } from '../server/pki.ts';
import { NETSTAT_6 } from '../server/sockets.ts';
import { deny, removeValue, type Server, setValue, transportTo } from '../server/state.ts';
import { uninstall } from '../server/stores.ts';

const other = await leaf({ names: ['other.example.com'] });
const dword = (key: string, name: string, value: number) => (server: Server) =>
  setValue(server, key, name, ['REG_DWORD', value]);
const block = (id: string, fields: string) => (server: Server) =>
  setRule(server, id, `Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=443|${fields}Name=${id}|`);

/** None of them mends what another one breaks, or takes away the only way to see it. They are made in this order. */
const FAULTS: Readonly<Record<string, (server: Server) => void>> = {
  'IPv6 clients meet a certificate that is in no store': (server) => bind(server, '[::]:443', other.thumbprint),
  'the certificate is gone': (server) => uninstall(server, vpn),
  'the store may not be read': (server) => deny(server, `${SYSTEM_CERTIFICATES}\\MY`),
  "Group Policy's stores may not be read": (server) => deny(server, `${POLICY_CERTIFICATES}\\MY`),
  'a rival is bound': (server) => bind(server, 'bücher.example.com:443', other.thumbprint),
  'a flag waits for a start': dword(`${SSL_BINDINGS}\\0.0.0.0:443`, 'DefaultFlags', 8),
  'the hash is another one': (server) =>
    setValue(server, SSTP_PARAMETERS, 'SHA256CertificateHash', ['REG_BINARY', new Uint8Array(32)]),
  'the older hash is gone': (server) => removeValue(server, SSTP_PARAMETERS, 'SHA1CertificateHash'),
  'the URL is not served': (server) => register(server, []),
  'netstat.exe does not tell of IPv6': (server) => void server.programs.set(NETSTAT_6, { stdout: '', exitCode: 1 }),
  'an issuer is gone': (server) => uninstall(server, issuing, 'CA'),
  'an issuer may be distrusted': (server) => deny(server, `${SYSTEM_CERTIFICATES}\\Disallowed`),
  'a block may win': block('perhaps', 'IFType=Lan|'),
  'a block keeps some out': block('some', 'RA4=198.51.100.0/24|'),
  'a block wins': block('all', ''),
  'a profile lets nobody in': dword(`${FIREWALL_POLICY}\\PublicProfile`, 'DoNotAllowExceptions', 1),
  'a filter drops': (server) =>
    setValue(server, `${ADAPTER_INTERFACE}\\Ip`, 'InterfaceInfo', [
      'REG_BINARY',
      filterBlock({ action: 'drop', direction: 'in', filters: [{ protocol: 17 }] }),
    ]),
  'there are no ports': dword(SSTP_MINIPORT, 'WanEndpoints', 0),
  'the device of SSTP is disabled': (server) => void server.services.set('RasSstp', { state: 1, type: 1 }),
  'RRAS is not set up': dword(REMOTE_ACCESS, 'ConfigurationFlags', 0),
  'PAP is offered': dword(REMOTE_ACCESS_PARAMETERS, 'ServerFlags', 0x10000),
  'TLS 1.0 may be offered': dword(`${SCHANNEL_PROTOCOLS}\\TLS 1.0\\Server`, 'Enabled', 1),
  'TLS 1.2 is off': dword(`${SCHANNEL_PROTOCOLS}\\TLS 1.2\\Server`, 'Enabled', 0),
  'an error is logged': (server) =>
    setEvents(server, 'System', [{ provider: 'RasSstp', id: 18, level: 2, at: '2026-10-31T01:00:00Z' }]),
  'netsh.exe does not tell of bindings': (server) =>
    void server.programs.set(SHOW_SSLCERT, { stdout: '', exitCode: 1 }),
};

const target = { name: 'vpn01', address: 'evidence:.', tags: [], inputs: {} };
const builtIns = new URL('../../profiles/', import.meta.url);
const planned = plan(await loadProfile('baseline', { checks, builtIns }), target, { publicNames: 'vpn.example.com' });

const judged = (...faults: readonly string[]): Promise<readonly Result[]> => judgedWith(faults);
const judgedWith = async (faults: readonly string[], memory?: Memory): Promise<readonly Result[]> => {
  const server = healthy();
  for (const fault of faults) FAULTS[fault]?.(server);
  const transport = transportTo(server, { recordedAt: observedAt });
  const { readingOf } = await gather({ server: transport }, factsOf(planned.map(({ check }) => check)), {
    signal: new AbortController().signal,
    keep: async () => {},
    ...(memory && { memory }),
  });
  return planned.map((one) => judge(one, readingOf, 'vpn01'));
};

const alone = new Map(
  await Promise.all(Object.keys(FAULTS).map(async (fault) => [fault, await judged(fault)] as const)),
);

for (const [at, fault] of Object.keys(FAULTS).entries())
  test(`${fault}: whatever else is wrong, that stays so`, async (t) => {
    for (const next of Object.keys(FAULTS).slice(at + 1)) {
      const both = await judged(fault, next);
      for (const [number, { check, status, detail }] of both.entries()) {
        const single = [fault, next].map((one) => alone.get(one)?.[number]?.status);
        const told = `${check} with "${next}": ${single.join(' and ')} become ${status} ${detail ?? ''}`;
        t.not(status === 'unknown' && detail?.includes('TypeError'), true, told);
        if (single.includes('fail') || single.includes('unknown'))
          t.true(status === 'fail' || status === 'unknown', told);
      }
    }
    t.pass();
  });

test('what was read of all these servers before changes nothing: each is judged as if it were the first', async (t) => {
  const faults = Object.keys(FAULTS);
  for (const fault of faults) {
    const first = await judgedWith([fault], newMemory());
    t.deepEqual(await judged(fault), first, fault);
    const without = faults.filter((other) => other !== fault);
    t.deepEqual(await judged(...without), await judgedWith(without, newMemory()), `all but ${fault}`);
  }
});
