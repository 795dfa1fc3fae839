import 'reflect-metadata';
import { X509Certificate } from '@peculiar/x509';
import type { Certificate } from './certificate.ts';

const parsed = new WeakMap<Certificate, X509Certificate>();

/** Keeps what a certificate was read from. */
export const keepParsed = (certificate: Certificate, from: X509Certificate): Certificate => {
  parsed.set(certificate, from);
  return certificate;
};

/** The certificate as @peculiar/x509 has it, to ask it for what is seldom asked: parsing costs more than all of that. */
export const parsedOf = (certificate: Certificate): X509Certificate =>
  parsed.get(certificate) ?? new X509Certificate(certificate.der);
