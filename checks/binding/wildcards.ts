import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type Bindings, bindings } from '../facts/bindings.ts';
import { type Binding, DEFAULT_STORE, effectOf, type Flag, WILDCARDS } from '../facts/read/binding.ts';

type Held = Extract<Bindings, { offloaded: false }>;

const at = (list: readonly Binding[] | undefined, endpoint: string): Binding | undefined =>
  list?.find((binding) => binding.endpoint === endpoint);

const said = (binding: Binding | undefined): string =>
  binding
    ? `certificate ${binding.hash ?? 'none'} from ${binding.store} for ${binding.applicationId ?? 'no application'}`
    : 'nothing';

const same = (one: Binding | undefined, other: Binding | undefined): boolean =>
  said(one).toUpperCase() === said(other).toUpperCase();

const problemsOf = (
  { hash, applicationId, store }: Binding,
  barring: readonly Flag[],
  accepted: readonly string[],
): readonly string[] => [
  ...(hash ? [] : ['no certificate is named']),
  ...(accepted.length === 0 || accepted.includes(applicationId ?? '')
    ? []
    : [`the application id is ${applicationId ?? 'not set'}`]),
  ...(store.toUpperCase() === DEFAULT_STORE ? [] : [`the certificate is taken from the store ${store}, not MY`]),
  ...barring.map((flag) => `${flag} is on`),
];

const judgeEndpoint = (subject: string, { registry, netsh }: Held, accepted: readonly string[]): Finding => {
  const [configured, loaded] = [at(registry, subject), at(netsh, subject)];
  if (registry && netsh && !same(configured, loaded))
    return fail(`the registry binds ${said(configured)}, HTTP.sys has loaded ${said(loaded)}`, { subject });
  const binding = loaded ?? configured;
  if (!binding) return fail(`nothing is bound to ${subject}`, { subject });
  // What is configured and not loaded waits for the next start; older builds of netsh.exe do not show every flag.
  const { barring, doubt } = effectOf([...new Set([...binding.flags, ...(configured?.flags ?? [])])]);
  const problems = problemsOf(binding, barring, accepted);
  if (problems.length > 0) return fail(`${problems.join('; ')} (${said(binding)})`, { subject });
  return doubt
    ? unknown('unreadable', `${doubt} (${said(binding)})`, { subject })
    : pass(`${said(binding)} is bound`, { subject });
};

/** Clients may come to either address, whatever families the profile asks for. Source: RasSstp event 24. */
const judgeHashes = ({ registry, netsh }: Held, port: number): readonly Finding[] => {
  const endpoints = Object.values(WILDCARDS).map((address) => `${address}:${port}`);
  const hashes = endpoints.map((endpoint) => at(netsh ?? registry, endpoint)?.hash);
  if (hashes.includes(undefined) || hashes[0] === hashes[1]) return [];
  const each = endpoints.map((endpoint, index) => `${hashes[index]} to ${endpoint}`);
  return [fail(`different certificates are bound: ${each.join(', ')}`, { subject: endpoints.join(' and ') })];
};

export default defineCheck({
  id: 'binding/wildcards',
  title: 'One certificate is bound to the addresses and the port that SSTP uses',
  severity: 'critical',
  situations: ['8.4', '8.5'],
  clientErrors: ['809', '0x80070040', '0x80072746'],
  why: 'SSTP lets HTTP.sys do TLS, and reads only the bindings of 0.0.0.0 and [::] on its port. Without them, with different certificates on them, or with settings that refuse clients, a connection ends before TLS has begun.',
  fix: [
    'In Routing and Remote Access, open the properties of the server, choose the certificate on the Security tab, and restart the service: RRAS then writes both bindings itself.',
    'Where another program made the binding, remove it with "netsh http delete sslcert ipport=0.0.0.0:443" and "netsh http delete sslcert ipport=[::]:443" (with your port), then restart RemoteAccess; or accept its application id in the profile.',
    'Where the registry and HTTP.sys disagree, restart the server, so that HTTP.sys loads what is configured.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-http',
  ],
  needs: { bindings },
  expects: {
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port on which the server accepts SSTP' },
    applicationIds: {
      type: 'array',
      items: { type: 'string', pattern: '^\\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\}$' },
      description: 'application ids, in braces, under which the binding may be made; without any, whoever made it',
    },
    addressFamilies: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['IPv4', 'IPv6'] },
      description: 'address families on which clients come',
    },
  },
  judge({ bindings: held }, { port, applicationIds, addressFamilies }) {
    if (held.offloaded) return [inapplicable('TLS ends at a load balancer, so HTTP.sys needs no certificate for SSTP')];
    const accepted = applicationIds.map((id) => id.toLowerCase());
    return [
      ...addressFamilies.map((family) => judgeEndpoint(`${WILDCARDS[family]}:${port}`, held, accepted)),
      ...judgeHashes(held, port),
    ];
  },
});
