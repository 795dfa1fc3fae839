import { defineFact, type Facts, Unknown } from '../../engine/define.ts';
import type { Ignorance, Reading } from '../../engine/model.ts';
import { bindings } from './bindings.ts';
import {
  ASSIGNED_QUESTIONS,
  assignedPersonalStore,
  personalStore,
  type Store,
  type StoredCertificate,
} from './certificate-stores.ts';
import { type Binding, WILDCARDS } from './read/binding.ts';
import type { Certificate } from './read/certificate.ts';
import { sstpParameters } from './sstp-parameters.ts';

/**
 * A hash bound to the addresses that SSTP uses, and the certificate that has it, or why there is none to look at: `absent`
 * only where every store was read. `isElsewhere`: it is not in LocalMachine\My itself, but in a store assigned to the machine.
 */
export type BoundCertificate = Readonly<
  { hash: string; endpoints: readonly string[] } & (
    | { stored: StoredCertificate; isElsewhere: boolean; missing?: never }
    | { stored?: never; missing: Ignorance }
  )
>;

/** The certificate that SSTP clients meet. More than one where IPv4 and IPv6 differ. */
export type Bound = Readonly<
  | { kind: 'offloaded' }
  | { kind: 'unbound'; endpoints: readonly string[]; store: Store }
  | { kind: 'bound'; certificates: readonly BoundCertificate[] }
>;

/** Those of the certificates that SSTP clients meet which are in a store of the server. */
export const metCertificates = (bound: Bound): readonly Certificate[] =>
  bound.kind === 'bound' ? bound.certificates.flatMap(({ stored }) => stored?.certificate ?? []) : [];

type Use = Readonly<{ hash: string; endpoints: readonly string[] }>;

const inStore = ({ certificates }: Store, hash: string): StoredCertificate | undefined =>
  certificates.find(({ certificate }) => [certificate.thumbprint, certificate.sha256].includes(hash));

/** Whatever a certificate that cannot be read is, it could be the one that is looked for. */
const whyMissing = (where: string, unreadable: readonly string[], assigned: Reading<Store>): Ignorance => {
  if (unreadable.length > 0)
    return { reason: 'unreadable', detail: `${where}, as far as it can be read: ${unreadable.join('; ')}` };
  return assigned.known
    ? { reason: 'absent', detail: where }
    : {
        reason: assigned.reason,
        detail: `${where}, and whether Group Policy or Active Directory brings it is not known: ${assigned.detail}`,
      };
};

/** Two stores more are asked where a certificate is missing, and only there: few servers have anything in them. */
const lookFor = async ({ hash, endpoints }: Use, store: Store, facts: Facts): Promise<BoundCertificate> => {
  const own = inStore(store, hash);
  if (own) return { hash, endpoints, stored: own, isElsewhere: false };
  const assigned = await facts.read(assignedPersonalStore);
  const other = assigned.known ? inStore(assigned.value, hash) : undefined;
  if (other) return { hash, endpoints, stored: other, isElsewhere: true };
  const where = `certificate ${hash}, bound to ${endpoints.join(' and ')}, is not in LocalMachine\\My`;
  const unreadable = [...store.unreadable, ...(assigned.known ? assigned.value.unreadable : [])];
  return { hash, endpoints, missing: whyMissing(where, unreadable, assigned) };
};

const usesIn = (among: readonly Binding[]): readonly Use[] =>
  [...new Set(among.flatMap(({ hash }) => hash ?? []))].map((hash) => ({
    hash,
    endpoints: among.filter((binding) => binding.hash === hash).map(({ endpoint }) => endpoint),
  }));

/**
 * The certificate bound to the wildcard addresses on SSTP's port, and its entry in LocalMachine\My. What the driver has
 * loaded goes before what is configured: clients meet the former. Source: KB947031 situation 8, steps 4 to 6.
 */
export const boundCertificate = defineFact<Bound>({
  id: 'certificate/bound',
  vantage: 'server',
  right: 'read HKLM (any user), administrator for HTTP.sys settings',
  mayAsk: ASSIGNED_QUESTIONS,
  async ask(_$, facts) {
    const [{ port }, bound, store] = await Promise.all([
      facts.need(sstpParameters),
      facts.need(bindings),
      facts.read(personalStore),
    ]);
    if (bound.offloaded) return { kind: 'offloaded' };
    if (!store.known) throw new Unknown(store.reason, store.detail);
    const endpoints = Object.values(WILDCARDS).map((address) => `${address}:${port}`);
    const uses = usesIn((bound.netsh ?? bound.registry ?? []).filter(({ endpoint }) => endpoints.includes(endpoint)));
    if (uses.length > 0)
      return { kind: 'bound', certificates: await Promise.all(uses.map((use) => lookFor(use, store.value, facts))) };
    const { unreadable } = store.value;
    if (unreadable.length > 0) throw new Unknown('unreadable', unreadable.join('; '));
    return { kind: 'unbound', endpoints, store: store.value };
  },
});
