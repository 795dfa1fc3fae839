/**
 * A program of 32 bits, such as an sshd, starts a reg.exe that is shown another HKLM\SOFTWARE, but for what both views share.
 * Source: learn.microsoft.com, "Registry Keys Affected by WOW64".
 */
import test from 'ava';
import { checks } from '../../../checks/index.ts';
import { factsOf } from '../../../engine/audit.ts';
import { loadProfile, plan } from '../../../engine/profile.ts';
import { questionsOf } from '../../../engine/questions.ts';
import { CURRENT_VERSION, healthy, observedAt, POLICY_FIREWALL, SYSTEM_CERTIFICATES } from '../../server/healthy.ts';
import { issuing, vpn } from '../../server/pki.ts';
import { deny, removeKey, removeValue, type Server, transportTo } from '../../server/state.ts';
import { install, uninstall } from '../../server/stores.ts';
import { resultOf } from '../judging.ts';

const SOFTWARE = 'HKEY_LOCAL_MACHINE\\SOFTWARE';
const SHARED = ['Microsoft\\EnterpriseCertificates', 'Microsoft\\SystemCertificates', 'Policies'].map(
  (name) => `${SOFTWARE}\\${name}`,
);
const isIn = (key: string, top: string): boolean => `${key}\\`.toLowerCase().startsWith(`${top}\\`.toLowerCase());
const isShared = (key: string): boolean => SHARED.some((top) => isIn(key, top));

/** What a program of 32 bits finds. The version of Windows is written into both views; beside it is what else nobody asks. */
const seenBy32Bits = (server: Server): Server => {
  const own = [...server.registry.keys()].filter((key) => isIn(key, SOFTWARE) && !isShared(key));
  for (const key of own.filter((key) => key !== CURRENT_VERSION)) removeKey(server, key);
  for (const name of ['InstallationType', 'EditionID', 'SystemRoot']) removeValue(server, CURRENT_VERSION, name);
  return server;
};

const builtIns = new URL('../../../profiles/', import.meta.url);
const target = { name: 'vpn01', address: 'evidence:.', tags: [], inputs: {} };
const planned = plan(await loadProfile('baseline', { checks, builtIns }), target, { publicNames: 'vpn.example.com' });
const statuses = (server: Server) =>
  Promise.all(
    planned.map(async ({ check, expected }) => {
      const { status } = await resultOf(check, transportTo(server, { recordedAt: observedAt }), expected);
      return `${check.id}: ${status}`;
    }),
  );

test('what is asked below HKLM\\SOFTWARE is shared by both views, is the version, or leads there', async (t) => {
  const keys = (await questionsOf(factsOf(checks))).flatMap(
    ({ command }) => /^reg\.exe query "?(HKLM\\SOFTWARE[^"/]*)/.exec(command)?.[1]?.trim() ?? [],
  );
  t.true(keys.length > 10);
  const odd = keys
    .map((key) => key.replace(/^HKLM/, 'HKEY_LOCAL_MACHINE'))
    .filter((key) => !isShared(key) && ![...SHARED, CURRENT_VERSION].some((top) => isIn(top, key)));
  t.deepEqual(odd, []);
});

const CASES: Readonly<Record<string, (server: Server) => void>> = {
  'nothing wrong': () => {},
  'no Group Policy for the firewall that can be read': (server) => deny(server, POLICY_FIREWALL),
  'policies that cannot be read': (server) => deny(server, `${SOFTWARE}\\Policies`),
  'stores that cannot be read': (server) => deny(server, SYSTEM_CERTIFICATES),
  'a distrusted issuer': (server) => install(server, issuing, 'Disallowed'),
  'no certificate': (server) => uninstall(server, vpn),
};
for (const [what, given] of Object.entries(CASES))
  for (const windows of ['2008r2', '2025'] as const)
    test(`Server ${windows} with ${what} is judged alike from both views`, async (t) => {
      const [whole, narrow] = [healthy({ windows }), seenBy32Bits(healthy({ windows }))];
      for (const server of [whole, narrow]) given(server);
      t.deepEqual(await statuses(narrow), await statuses(whole));
    });

test('where the version is in one view only, nothing that rests on it passes', async (t) => {
  const server = seenBy32Bits(healthy());
  removeKey(server, CURRENT_VERSION);
  const passed = (await statuses(server)).filter((status) => status.endsWith('pass'));
  t.false(
    passed.some((status) => status.startsWith('tls/protocols')),
    passed.join('\n'),
  );
});
