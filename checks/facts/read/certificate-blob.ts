import { Unknown } from '../../../engine/define.ts';
import { readPurposes } from './certificate.ts';

/** What a certificate store keeps of a certificate: the certificate itself, and what was noted beside it. */
export type CertificateBlob = Readonly<{
  der: Uint8Array;
  /** It is linked to the container of a private key; that the key is there is not proven by this. */
  hasKeyLink: boolean;
  /** Archived certificates are passed over by Windows. */
  isArchived: boolean;
  /** Purposes to which the store restricts it: none of them at all where the list is empty. */
  allowedPurposes?: readonly string[];
}>;

const HEADER_BYTES = 12;
const PROPERTY = { keyProvider: 2, purposes: 9, archived: 19, certificate: 32 } as const;

const propertiesOf = (blob: Uint8Array, unreadable: (what: string) => never): ReadonlyMap<number, Uint8Array> => {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const properties = new Map<number, Uint8Array>();
  let at = 0;
  while (at < blob.length) {
    if (properties.has(PROPERTY.certificate)) unreadable('goes on after the certificate');
    if (at + HEADER_BYTES > blob.length) unreadable('ends inside a property');
    const [id, reserved, length] = [
      view.getUint32(at, true),
      view.getUint32(at + 4, true),
      view.getUint32(at + 8, true),
    ];
    const end = at + HEADER_BYTES + length;
    if (reserved !== 1) unreadable(`holds property ${id} with ${reserved} in place of 1`);
    if (end > blob.length) unreadable(`ends inside property ${id}`);
    if (properties.has(id)) unreadable(`holds property ${id} twice`);
    properties.set(id, blob.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return properties;
};

const purposesOf = (data: Uint8Array, unreadable: (what: string) => never): readonly string[] => {
  try {
    return readPurposes(data);
  } catch {
    return unreadable('restricts the purposes in a form that is not DER');
  }
};

/**
 * Reads the value `Blob` of a certificate in the registry: properties (id, 1, length, data), the certificate last. Throws
 * Unknown `unreadable` for anything else. Source: windows-facts 5.1.
 */
export const parseCertificateBlob = (where: string, blob: Uint8Array): CertificateBlob => {
  const unreadable = (what: string): never => {
    throw new Unknown('unreadable', `${where} Blob ${what}`);
  };
  const properties = propertiesOf(blob, unreadable);
  const der = properties.get(PROPERTY.certificate);
  const purposes = properties.get(PROPERTY.purposes);
  return {
    der: der ?? unreadable('holds no certificate'),
    hasKeyLink: (properties.get(PROPERTY.keyProvider)?.length ?? 0) > 0,
    isArchived: properties.has(PROPERTY.archived),
    ...(purposes && { allowedPurposes: purposesOf(purposes, unreadable) }),
  };
};
