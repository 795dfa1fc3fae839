/** The built-in profiles as a whole: what keeps every client out fails in each of them, whichever check is to say so. */
import test from 'ava';
import { checks } from '../../checks/index.ts';
import { factsOf } from '../../engine/audit.ts';
import { gather } from '../../engine/gather.ts';
import { judge } from '../../engine/judge.ts';
import { loadProfile, plan } from '../../engine/profile.ts';
import { healthy, observedAt } from '../server/healthy.ts';
import { bind, IIS_APP_ID } from '../server/http.ts';
import { vpn } from '../server/pki.ts';
import { type Server, transportTo } from '../server/state.ts';

const builtIns = new URL('../../profiles/', import.meta.url);
const ANOTHER = '{00112233-4455-6677-8899-aabbccddeeff}';
const target = { name: 'vpn01', address: 'evidence:.', tags: [], inputs: {} };

/** The checks of a profile that fail on a server, as far as it is asked itself. */
const failing = async (profile: string, server: Server): Promise<readonly string[]> => {
  const planned = plan(await loadProfile(profile, { checks, builtIns }), target, { publicNames: 'vpn.example.com' });
  const asked = planned.filter(({ check }) => !/^(?:reach|client)\//.test(check.id));
  const ways = { server: transportTo(server, { recordedAt: observedAt }) };
  const { signal } = new AbortController();
  const { readingOf } = await gather(ways, factsOf(asked.map(({ check }) => check)), { signal, keep: async () => {} });
  return asked
    .map((one) => judge(one, readingOf, 'vpn01'))
    .filter(({ status }) => status === 'fail')
    .map(({ check }) => check);
};

for (const profile of ['kb947031', 'baseline', 'complete', 'diagnosis'])
  test(`${profile}: plain HTTP on port 443 fails, where clients come with TLS`, async (t) => {
    t.deepEqual(await failing(profile, healthy({ offload: true, port: 443 })), ['sstp/tls-offload']);
  });

for (const [profile, appId, failed] of [
  ['kb947031', ANOTHER, []],
  ['diagnosis', ANOTHER, []],
  ['baseline', ANOTHER, ['binding/wildcards']],
  ['baseline', IIS_APP_ID, []],
] as const)
  test(`${profile}: ${appId} may have bound the certificate of SSTP: ${failed.length === 0}`, async (t) => {
    const server = healthy();
    for (const endpoint of ['0.0.0.0:443', '[::]:443']) bind(server, endpoint, vpn.thumbprint, { appId });
    t.deepEqual(await failing(profile, server), failed);
  });

test('tls-offload: plain HTTP is what the balancer comes with', async (t) => {
  t.deepEqual(await failing('tls-offload', healthy({ offload: true })), []);
});
