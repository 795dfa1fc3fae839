import { Unknown } from '../../../engine/define.ts';
import { readPurposes } from './certificate.ts';

/** What a certificate store keeps of a certificate: the certificate itself, and what was noted beside it. */
export type CertificateBlob = Readonly<{
  der: Uint8Array;
  /** It is linked to the container of a private key; that the key is there is not proven by this. */
  hasKeyLink: boolean;
  /** Why that key may be of no use to the computer, in words; mostly absent. */
  keyDoubt?: string;
  /** Archived certificates are passed over by Windows. */
  isArchived: boolean;
  /** Purposes to which the store restricts it: none of them at all where the list is empty. */
  allowedPurposes?: readonly string[];
  /** Why Windows may trust it no more; absent where nothing of that kind is noted. */
  distrust?: readonly Distrust[];
}>;

/**
 * Microsoft's root program distrusts an authority without taking it out of the store: for the purposes named, from a moment
 * on; `ofNew`: only what it issues from then on. What is absent limits nothing. Source: learn.microsoft.com, the Trusted Root
 * Program (Disable and NotBefore) and CERTENROLL_PROPERTYID. Belief: that the properties belong to those two so.
 */
export type Distrust = Readonly<{ ofNew: boolean; since?: Date; purposes?: readonly string[] }>;

const HEADER_BYTES = 12;
const PROPERTY = { keyProvider: 2, purposes: 9, archived: 19, certificate: 32 } as const;
/** The last one: it is an authority no more, for whatever purpose. */
const DISTRUST: readonly Readonly<{ since: number; purposes?: number; ofNew: boolean }>[] = [
  { since: 104, purposes: 122, ofNew: false },
  { since: 126, purposes: 127, ofNew: true },
  { since: 128, ofNew: false },
];

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

/**
 * A CRYPT_KEY_PROV_INFO: where the type of the provider stands in it (0 = CNG, which knows no specification), the flags, and the
 * specification. Sources: MS-GPEF 2.2.1.1.1.1.1 for the form; learn.microsoft.com, "CRYPT_KEY_PROV_INFO" for the flag, without
 * which a key is a user's, and "AD FS and certificate KeySpec property information" for keys with which TLS may fail.
 */
const LINK = { type: 8, flags: 12, specification: 24, bytes: 28 } as const;
const MACHINE_KEY = 0x20;
const AT_SIGNATURE = 2;

const keyDoubtOf = (link: Uint8Array): string | undefined => {
  if (link.length < LINK.bytes) return 'its link to a private key cannot be read';
  const view = new DataView(link.buffer, link.byteOffset, link.byteLength);
  if (!(view.getUint32(LINK.flags, true) & MACHINE_KEY)) return 'its private key is of a user, not of the computer';
  return view.getUint32(LINK.type, true) !== 0 && view.getUint32(LINK.specification, true) === AT_SIGNATURE
    ? 'its private key is for signing only (AT_SIGNATURE)'
    : undefined;
};

const purposesOf = (data: Uint8Array, unreadable: (what: string) => never): readonly string[] => {
  try {
    return readPurposes(data);
  } catch {
    return unreadable('restricts the purposes in a form that is not DER');
  }
};

/** A FILETIME: tenths of microseconds since 1601, little-endian. */
const timeOf = (data: Uint8Array): Date | undefined =>
  data.length === 8
    ? new Date(Number(new DataView(data.buffer, data.byteOffset).getBigUint64(0, true) / 10_000n) - 11_644_473_600_000)
    : undefined;

/** What cannot be read limits nothing. */
const listedIn = (data: Uint8Array | undefined): readonly string[] | undefined => {
  try {
    return data && readPurposes(data);
  } catch {
    return undefined;
  }
};

const distrustIn = (properties: ReadonlyMap<number, Uint8Array>): readonly Distrust[] =>
  DISTRUST.flatMap(({ since: id, purposes: limit, ofNew }) => {
    const [moment, noted] = [properties.get(id), limit ? properties.get(limit) : undefined];
    if (!moment && !noted) return [];
    const [since, purposes] = [moment && timeOf(moment), listedIn(noted)];
    return [{ ofNew, ...(since && { since }), ...(purposes && { purposes }) }];
  });

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
  const distrust = distrustIn(properties);
  const link = properties.get(PROPERTY.keyProvider);
  const keyDoubt = link?.length ? keyDoubtOf(link) : undefined;
  return {
    der: der ?? unreadable('holds no certificate'),
    hasKeyLink: (link?.length ?? 0) > 0,
    ...(keyDoubt && { keyDoubt }),
    isArchived: properties.has(PROPERTY.archived),
    ...(purposes && { allowedPurposes: purposesOf(purposes, unreadable) }),
    ...(distrust.length > 0 && { distrust }),
  };
};
