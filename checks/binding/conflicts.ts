import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { dialledNames } from '../dialled-names.ts';
import { bindings } from '../facts/bindings.ts';
import { isLoopback, spelledAddress } from '../facts/read/address.ts';
import { type Binding, effectOf, type OddBinding, WILDCARDS } from '../facts/read/binding.ts';
import { stands } from '../facts/read/names.ts';

const REACHED = {
  address: 'clients of this address meet',
  host: 'clients that dial this name meet',
  central: 'clients meet, by the name that they dial,',
} as const;

/** Why no client of SSTP comes to a binding, or `undefined`. */
const whyUnmet = ({ kind, endpoint }: Binding, names: readonly string[]): string | undefined => {
  const bound = endpoint.replace(/:\d+$/, '');
  if (kind === 'host' && !names.some((dialled) => stands(bound, dialled)))
    return 'clients of SSTP do not dial this name';
  return kind === 'address' && isLoopback(spelledAddress(bound))
    ? 'only the server itself comes to this address'
    : undefined;
};

const judgeRival = (rival: Binding, own: readonly string[], names: readonly string[]): Finding => {
  const { kind, endpoint, hash, flags } = rival;
  const subject = kind === 'central' ? `central certificate store:${endpoint}` : endpoint;
  const unmet = whyUnmet(rival, names);
  if (unmet) return pass(unmet, { subject });
  if (flags.includes('Reject Connections'))
    return fail('this binding refuses every connection that it wins', { subject });
  if (!hash) return fail(`${REACHED[kind]} a certificate that the binding does not name`, { subject });
  // Where the wildcards differ, whoever meets this one misses one of them.
  const others = own.filter((one) => one !== hash);
  if (others.length > 0)
    return fail(`${REACHED[kind]} certificate ${hash}, not ${others.join(' or ')}`, {
      subject,
      expected: own.join(' or '),
      actual: hash,
    });
  const { barring, doubt } = effectOf(flags);
  if (barring.length > 0)
    return fail(`${REACHED[kind]} the certificate of SSTP, but ${barring.join(' and ')} keeps them out`, { subject });
  return doubt
    ? unknown('unreadable', `${REACHED[kind]} the certificate of SSTP, but ${doubt}`, { subject })
    : pass(`${REACHED[kind]} the certificate of SSTP, too: ${hash}`, { subject });
};

const judgeUnread = ({ endpoint: subject, detail }: OddBinding): Finding =>
  unknown('unreadable', `what clients meet at this binding cannot be read: ${detail}`, { subject });

export default defineCheck({
  id: 'binding/conflicts',
  title: 'No other certificate binding wins over that of SSTP',
  severity: 'medium',
  situations: [],
  clientErrors: ['0x800B010F', '0x800B0109'],
  why: 'HTTP.sys prefers a binding for a host name or for one address to the wildcard that SSTP uses. A client that meets such a binding gets another certificate than the one SSTP vouches for: its name may not match, or the crypto binding fails after the sign-in. Settings of such a binding, such as one without TLS 1.2, count for these clients, too.',
  fix: [
    'Find out which program owns the binding: "netsh http show sslcert" shows its application id.',
    'Remove the binding, or move that program to another address that SSTP clients do not dial, or to another port.',
    'Or give it the certificate of SSTP, and waive an address that clients of SSTP never reach.',
  ],
  references: [
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-http',
    'https://learn.microsoft.com/en-us/windows/win32/api/http/ns-http-http_service_config_ssl_key',
  ],
  needs: { bindings },
  expects: {
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port on which the server accepts SSTP' },
    names: dialledNames,
  },
  judge({ bindings: held }, { port, names }) {
    if (held.offloaded) return [inapplicable('TLS ends at a load balancer, so HTTP.sys shows no certificate for SSTP')];
    const onPort = [...(held.netsh ?? []), ...(held.registry ?? [])].filter((binding) => binding.port === port);
    const wildcards = Object.values(WILDCARDS).map((address) => `${address}:${port}`);
    const isOwn = ({ endpoint }: Binding) => wildcards.includes(endpoint);
    // What clients of the wildcards meet is what the driver has loaded.
    const loaded = (held.netsh ?? held.registry ?? []).filter((binding) => binding.port === port && isOwn(binding));
    const own = [...new Set(loaded.flatMap(({ hash }) => hash ?? []))];
    if (own.length === 0) return [inapplicable(`no certificate is bound to ${wildcards.join(' or ')}`)];
    const rivals = onPort.filter((binding) => !isOwn(binding));
    // Both sources may name the same binding.
    const distinct = new Map(rivals.map((it) => [[it.kind, it.endpoint, it.hash, ...it.flags].join(' '), it]));
    const unread = held.odd.filter((odd) => odd.port === undefined || odd.port === port);
    return distinct.size + unread.length > 0
      ? [...Array.from(distinct.values(), (rival) => judgeRival(rival, own, names)), ...unread.map(judgeUnread)]
      : [pass(`nothing but ${wildcards.join(' and ')} is bound on port ${port}`)];
  },
});
