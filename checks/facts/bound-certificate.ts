import { defineFact, Unknown } from '../../engine/define.ts';
import { bindings, WILDCARDS } from './bindings.ts';
import { personalStore, type Store, type StoredCertificate } from './certificate-stores.ts';
import type { Binding } from './read/binding.ts';
import { sstpParameters } from './sstp-parameters.ts';

/** A hash bound to the addresses that SSTP uses; `stored` is absent where no certificate in LocalMachine\My has it. */
export type BoundCertificate = Readonly<{ hash: string; endpoints: readonly string[]; stored?: StoredCertificate }>;

/** The certificate that SSTP clients meet. More than one where IPv4 and IPv6 differ. */
export type Bound = Readonly<
  | { kind: 'offloaded' }
  | { kind: 'unbound'; endpoints: readonly string[]; store: Store }
  | { kind: 'bound'; certificates: readonly BoundCertificate[] }
>;

/** Whatever a certificate that cannot be read is, it could be the one that is looked for. */
const needReadable = ({ unreadable }: Store): void => {
  if (unreadable.length > 0) throw new Unknown('unreadable', unreadable.join('; '));
};

const boundTo = (hash: string, among: readonly Binding[], store: Store): BoundCertificate => {
  const stored = store.certificates.find(({ certificate }) =>
    [certificate.thumbprint, certificate.sha256].includes(hash),
  );
  if (!stored) needReadable(store);
  const endpoints = among.filter((binding) => binding.hash === hash).map(({ endpoint }) => endpoint);
  return { hash, endpoints, ...(stored && { stored }) };
};

/**
 * The certificate bound to the wildcard addresses on SSTP's port, and its entry in LocalMachine\My. What the driver has
 * loaded goes before what is configured: clients meet the former. Source: KB947031 situation 8, steps 4 to 6.
 */
export const boundCertificate = defineFact<Bound>({
  id: 'certificate/bound',
  vantage: 'server',
  right: 'read HKLM (any user), administrator for HTTP.sys settings',
  async ask(_$, facts) {
    const [{ port }, bound, store] = await Promise.all([
      facts.need(sstpParameters),
      facts.need(bindings),
      facts.read(personalStore),
    ]);
    if (bound.offloaded) return { kind: 'offloaded' };
    if (!store.known) throw new Unknown(store.reason, store.detail);
    const endpoints = Object.values(WILDCARDS).map((address) => `${address}:${port}`);
    const among = (bound.netsh ?? bound.registry ?? []).filter(({ endpoint }) => endpoints.includes(endpoint));
    const hashes = [...new Set(among.flatMap(({ hash }) => hash ?? []))];
    if (hashes.length === 0) {
      needReadable(store.value);
      return { kind: 'unbound', endpoints, store: store.value };
    }
    return { kind: 'bound', certificates: hashes.map((hash) => boundTo(hash, among, store.value)) };
  },
});
