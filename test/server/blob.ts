import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { ExtendedKeyUsageExtension } from '@peculiar/x509';

type Store = {
  /** Name of the private key's container; `true` = some name, `false` = no link to a private key. */
  keyLink?: boolean | string;
  /** What the link says of the key: flags (machine key set unless given), type of the provider (0 = CNG), key specification. */
  key?: Readonly<{ flags?: number; type?: number; spec?: number }>;
  archived?: boolean;
  friendlyName?: string;
  /** OIDs to which the certificate console restricts the certificate; empty = all purposes disabled. */
  restrictedEku?: readonly string[];
  /** Microsoft's root program distrusts it, from a moment on, or only what it issues from then on; for these purposes, else all. */
  distrust?: Readonly<{ since?: Date; ofNew?: boolean; purposes?: readonly string[] }>;
};

const u32 = (...values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [at, value] of values.entries()) view.setUint32(at * 4, value, true);
  return new Uint8Array(view.buffer);
};
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const wide = (text: string): Uint8Array => new Uint8Array(Buffer.from(`${text}\0`, 'utf16le'));
const element = (id: number, data: Uint8Array): Uint8Array => joined(u32(id, 1, data.length), data);

/** CRYPT_KEY_PROV_INFO with offsets in place of pointers: container, provider, type, flags, no parameters, key spec. */
const keyProvider = (container: string, { flags = 0x20, type = 0, spec = 0 }: Store['key'] = {}): Uint8Array => {
  const [name, provider] = [wide(container), wide('Microsoft Software Key Storage Provider')];
  return joined(u32(28, 28 + name.length, type, flags, 0, 0, spec), name, provider);
};

const usages = (oids: readonly string[]): Uint8Array => new Uint8Array(new ExtendedKeyUsageExtension([...oids]).value);

/** Belief: nothing of it was ever seen. */
const distrustOf = ({ since, ofNew = false, purposes }: NonNullable<Store['distrust']>): Uint8Array => {
  const time = new DataView(new ArrayBuffer(8));
  if (since) time.setBigUint64(0, BigInt(since.getTime() + 11_644_473_600_000) * 10_000n, true);
  return joined(
    ...(since ? [element(ofNew ? 126 : 104, new Uint8Array(time.buffer))] : []),
    ...(purposes ? [element(ofNew ? 127 : 122, usages(purposes))] : []),
  );
};

/** The registry value `Blob` of a certificate: properties, then the certificate itself. Source: windows-facts 5.1. */
export const blobOf = (der: Uint8Array, options: Store = {}): Uint8Array => {
  const { keyLink, key, archived, friendlyName, restrictedEku, distrust } = options;
  const hash = (name: string) => new Uint8Array(createHash(name).update(der).digest());
  return joined(
    element(3, hash('sha1')),
    element(4, hash('md5')),
    ...(keyLink ? [element(2, keyProvider(keyLink === true ? 'tp-example-container' : keyLink, key))] : []),
    ...(friendlyName === undefined ? [] : [element(11, wide(friendlyName))]),
    ...(restrictedEku ? [element(9, usages(restrictedEku))] : []),
    ...(distrust ? [distrustOf(distrust)] : []),
    ...(archived ? [element(19, new Uint8Array())] : []),
    element(0x20, der),
  );
};
