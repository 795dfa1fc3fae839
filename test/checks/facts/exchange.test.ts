/** What the facts of a healthy server cost, and what they may send. */
import test from 'ava';
import authenticationMethods from '../../../checks/rras/authentication-methods.ts';
import legacyProtocols from '../../../checks/rras/legacy-protocols.ts';
import packetFilters from '../../../checks/rras/packet-filters.ts';
import remoteAccessEnabled from '../../../checks/rras/remote-access-enabled.ts';
import sstpPorts from '../../../checks/rras/sstp-ports.ts';
import running from '../../../checks/service/running.ts';
import certificateHash from '../../../checks/sstp/certificate-hash.ts';
import listenerPort from '../../../checks/sstp/listener-port.ts';
import listening from '../../../checks/sstp/listening.ts';
import tlsOffload from '../../../checks/sstp/tls-offload.ts';
import url from '../../../checks/sstp/url.ts';
import { refusalOf } from '../../../engine/allowed.ts';
import type { Check } from '../../../engine/define.ts';
import { type HealthyOptions, healthy, observedAt } from '../../server/healthy.ts';
import { type Tongue, transportTo } from '../../server/state.ts';
import { VERSIONS, type Windows } from '../../server/windows.ts';
import { resultOf } from '../judging.ts';

type Expectations = readonly (readonly [Check, Readonly<Record<string, unknown>>])[];
const FAMILIES = ['IPv4', 'IPv6'];
const expectations = (port: number, role: string): Expectations => [
  [running, { services: ['RemoteAccess', 'SstpSvc', 'RasMan', 'HTTP', 'MpsSvc'] }],
  [remoteAccessEnabled, { addressFamilies: ['IPv4'] }],
  [sstpPorts, { minimumPorts: 1 }],
  [packetFilters, {}],
  [authenticationMethods, { forbidden: ['unauthenticated', 'PAP', 'SPAP', 'CHAP', 'MS-CHAPv1'] }],
  [legacyProtocols, { forbidden: ['PPTP', 'L2TP'] }],
  [listenerPort, { port }],
  [listening, { addressFamilies: FAMILIES }],
  [url, {}],
  [certificateHash, {}],
  [tlsOffload, { role }],
];

const LANGUAGES: readonly Tongue[] = ['en', 'ja', 'de', 'fr'];
const SERVERS: readonly HealthyOptions[] = (Object.keys(VERSIONS) as Windows[]).flatMap((windows, at) =>
  [false, true].map((offload) => ({ windows, offload, language: LANGUAGES[at % LANGUAGES.length] ?? 'en' })),
);
for (const options of SERVERS) {
  const { windows, offload, language } = options;
  test(`Server ${windows} in ${language}${offload ? ' behind a balancer' : ''} is healthy, in one exchange`, async (t) => {
    for (const [check, expected] of expectations(offload ? 80 : 443, offload ? 'tls-offload' : 'tls-here')) {
      const transport = transportTo(healthy(options), { recordedAt: observedAt });
      const result = await resultOf(check, transport, expected);
      const inapplicable = offload && check === certificateHash;
      t.is(result.status, inapplicable ? 'inapplicable' : 'pass', `${check.id}: ${JSON.stringify(result)}`);
      t.is(transport.exchanges().length, 1, check.id);
    }
  });
}

for (const [check] of expectations(443, 'tls-here'))
  test(`${check.id} sends only what reads`, async (t) => {
    const transport = transportTo(healthy(), { recordedAt: observedAt });
    await resultOf(check, transport);
    for (const command of transport.exchanges().flat()) t.is(refusalOf(command), undefined, command);
    for (const fact of Object.values(check.needs))
      for (const command of (fact.vantage === 'server' && fact.mayAsk) || [])
        t.is(refusalOf(command), undefined, command);
  });
