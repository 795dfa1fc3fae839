import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate as Encoded } from '@peculiar/asn1-x509';
import { X509Certificate } from '@peculiar/x509';
import type { Certificate } from './certificate.ts';
import { type Extensions, extensionsIn } from './extensions.ts';

/** A certificate as @peculiar/x509 has it, but for its extensions, of which it would read every one three times. */
type Parsed = Readonly<{ parsed: Omit<X509Certificate, 'extensions'>; extensions: Extensions }>;

const SEQUENCE = 0x30;

/** Throws what the libraries throw for bytes that are no certificate. @peculiar/x509 takes texts, too. */
export const parse = (bytes: Uint8Array<ArrayBuffer>): Parsed => {
  const encoded = AsnConvert.parse(bytes[0] === SEQUENCE ? bytes : new X509Certificate(bytes).rawData, Encoded);
  return { parsed: new X509Certificate(encoded), extensions: extensionsIn(encoded) };
};

const kept = new WeakMap<Certificate, Parsed>();

/** Keeps what a certificate was read from. */
export const keepParsed = (certificate: Certificate, from: Parsed): Certificate => {
  kept.set(certificate, from);
  return certificate;
};

const given = (certificate: Certificate): Parsed => kept.get(certificate) ?? parse(new Uint8Array(certificate.der));

/** To ask a certificate for what is seldom asked: parsing costs more than all of that. */
export const parsedOf = (certificate: Certificate): Parsed['parsed'] => given(certificate).parsed;

export const extensionsOf = (certificate: Certificate): Extensions => given(certificate).extensions;
