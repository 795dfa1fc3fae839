/** The certificate stores of a pretended machine. */
import { blobOf } from './blob.ts';
import { ENTERPRISE_CERTIFICATES, POLICY_CERTIFICATES, SYSTEM_CERTIFICATES } from './paths.ts';
import type { Made } from './pki.ts';
import { addKey, type Registry, removeKey, setValue } from './registry.ts';

type Store = 'MY' | 'CA' | 'ROOT' | 'AuthRoot' | 'Disallowed';
const keyOf = (store: Store): string => `${SYSTEM_CERTIFICATES}\\${store}\\Certificates`;

/** The key of a certificate in LocalMachine\MY, or in another store. */
export const certificateKey = ({ thumbprint }: Made, store: Store = 'MY'): string => `${keyOf(store)}\\${thumbprint}`;

/** Puts a certificate into a store; into MY with the link to its private key, unless told otherwise. */
export const install = (
  server: Registry,
  certificate: Made,
  store: Store = 'MY',
  options: Parameters<typeof blobOf>[1] = { keyLink: store === 'MY' },
): void =>
  setValue(server, certificateKey(certificate, store), 'Blob', ['REG_BINARY', blobOf(certificate.der, options)]);

/** Takes a certificate out of a store. */
export const uninstall = (server: Registry, certificate: Made, store: Store = 'MY'): void => {
  removeKey(server, certificateKey(certificate, store));
  addKey(server, keyOf(store));
};

/** Empty stores, each with the keys that Windows makes, those of Group Policy and of Active Directory, too. */
export const emptyStores = (server: Registry): void => {
  const stores = {
    [SYSTEM_CERTIFICATES]: ['MY', 'CA', 'ROOT', 'AuthRoot', 'Disallowed', 'trust', 'TrustedPeople'],
    [ENTERPRISE_CERTIFICATES]: ['Root', 'CA', 'NTAuth', 'Disallowed', 'trust'],
    [POLICY_CERTIFICATES]: ['Root', 'CA', 'Disallowed', 'trust', 'TrustedPeople'],
  };
  for (const [place, names] of Object.entries(stores))
    for (const name of names)
      for (const kind of ['Certificates', 'CRLs', 'CTLs']) addKey(server, `${place}\\${name}\\${kind}`);
};

/** The list of public roots that Windows adds by itself, with some thumbprints or identifiers of keys in it. */
export const listRoots = (server: Registry, ...ids: readonly string[]): void =>
  setValue(server, `${SYSTEM_CERTIFICATES}\\AuthRoot\\AutoUpdate`, 'EncodedCtl', [
    'REG_BINARY',
    new Uint8Array(Buffer.from(`3082ffff${ids.map((it) => `0414${it}`).join('3100')}`, 'hex')),
  ]);
