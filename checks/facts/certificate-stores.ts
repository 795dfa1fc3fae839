import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { readKey } from './read/ask.ts';
import { type Certificate, readCertificate } from './read/certificate.ts';
import { type CertificateBlob, parseCertificateBlob } from './read/certificate-blob.ts';
import type { Key } from './read/registry.ts';

/** A certificate in a store, with what the store notes beside it. */
export type StoredCertificate = Readonly<{ certificate: Certificate } & Omit<CertificateBlob, 'der'>>;

/** A store of the machine; `unreadable` says which of its certificates make no sense, and why. */
export type Store = Readonly<{ certificates: readonly StoredCertificate[]; unreadable: readonly string[] }>;

export const certificatesIn = ({ certificates }: Store): readonly Certificate[] =>
  certificates.map((it) => it.certificate);

/**
 * What the machine itself has to complete a chain. `enterprise`: those of its roots that Active Directory and Group Policy
 * bring; `onlyEnterprise`: a policy has no others trusted.
 */
export type IssuerStores = Readonly<{
  roots: Store;
  others: Store;
  distrusted: Store;
  enterprise: Store;
  onlyEnterprise: boolean;
}>;

export const SYSTEM_STORES = String.raw`HKLM\SOFTWARE\Microsoft\SystemCertificates`;
const DIRECTORY_STORES = String.raw`HKLM\SOFTWARE\Microsoft\EnterpriseCertificates`;
export const POLICY_STORES = String.raw`HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates`;

const storedIn = async (key: Key): Promise<StoredCertificate | string> => {
  const bytes = key.binary('Blob');
  if (!bytes) throw new Unknown('unreadable', `${key.path} holds no Blob`);
  const { der, ...noted } = parseCertificateBlob(key.path, bytes);
  try {
    return { certificate: await readCertificate(der), ...noted };
  } catch (error) {
    return `${key.path}: ${error instanceof Error ? error.message : error}`;
  }
};

/** The certificates below the keys named `Certificates`; a store that does not exist is empty. */
const storeOf = async (...places: readonly (Key | undefined)[]): Promise<Store> => {
  const present = places.filter((key) => key !== undefined);
  const odd = present.find((key) => key.names().length > 0);
  if (odd) throw new Unknown('unreadable', `${odd.path} holds values of its own`);
  const read = await Promise.all(present.flatMap((key) => key.keys()).map(storedIn));
  return {
    certificates: read.filter((it) => typeof it !== 'string'),
    unreadable: read.filter((it) => typeof it === 'string'),
  };
};

/** The keys of stores are alike in the registry views of 32 and 64 bits. Source: learn.microsoft.com, "Registry Keys Affected by WOW64". */
const systemStore = ($: Shell, name: string): Promise<Key | undefined> =>
  readKey($, `${SYSTEM_STORES}\\${name}\\Certificates`, { recursive: true });

/** The certificates in LocalMachine\My. Source: KB947031 situations 2 to 6 and 8, step 6; windows-facts 5.1. */
export const personalStore = defineFact<Store>({
  id: 'certificate/personal-store',
  vantage: 'server',
  right: 'read HKLM (any user)',
  ask: async ($) => storeOf(await systemStore($, 'MY')),
});

const directoryStores = ($: Shell): Promise<Key | undefined> => readKey($, DIRECTORY_STORES, { recursive: true });
const policyStores = ($: Shell): Promise<Key | undefined> => readKey($, POLICY_STORES, { recursive: true });

/** What is asked for a certificate that is not in LocalMachine\My itself. */
export const ASSIGNED_QUESTIONS = [DIRECTORY_STORES, POLICY_STORES].map((path) => `reg.exe query ${path} /s`);

/**
 * The stores named MY of Active Directory and Group Policy. Microsoft's "System Store Locations" names the registry alone
 * (`.Default`) as a physical store of LocalMachine\My, where Root and CA have these, too: that HTTP.sys takes no certificate
 * from here is a belief, and so is the contrary in windows-facts 5.1.
 */
export const assignedPersonalStore = defineFact<Store>({
  id: 'certificate/assigned-personal-store',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const assigned = await Promise.all([directoryStores($), policyStores($)]);
    return storeOf(...assigned.map((key) => key?.key('MY\\Certificates')));
  },
});

/** CERT_PROT_ROOT_ONLY_LM_GPT_FLAG of wincrypt.h: "Only Enterprise Root CAs" in the settings of certificate path validation. */
const ONLY_ENTERPRISE = 8;

const trustsEnterpriseOnly = (policy: Key | undefined): boolean =>
  ((policy?.key('Root\\ProtectedRoots')?.dword('Flags') ?? 0) & ONLY_ENTERPRISE) !== 0;

/** Authorities of every origin: the machine, Windows, Active Directory and Group Policy. Source: windows-facts 5.1. */
export const issuerStores = defineFact<IssuerStores>({
  id: 'certificate/issuer-stores',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const [ca, root, thirdParty, disallowed, directory, policy] = await Promise.all([
      systemStore($, 'CA'),
      systemStore($, 'ROOT'),
      systemStore($, 'AuthRoot'),
      systemStore($, 'Disallowed'),
      directoryStores($),
      policyStores($),
    ]);
    const assigned = (name: string) => [directory, policy].map((key) => key?.key(`${name}\\Certificates`));
    const [roots, others, distrusted, enterprise] = await Promise.all([
      storeOf(root, thirdParty, ...assigned('Root')),
      storeOf(ca, ...assigned('CA')),
      storeOf(disallowed, ...assigned('Disallowed')),
      storeOf(...assigned('Root')),
    ]);
    return { roots, others, distrusted, enterprise, onlyEnterprise: trustsEnterpriseOnly(policy) };
  },
});
