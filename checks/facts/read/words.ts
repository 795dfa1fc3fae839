import type { Certificate } from './certificate.ts';

/** What to call a certificate: its subject, or, where that is empty, its first name, or its thumbprint. */
export const titleOf = ({ subject, dnsNames, addresses, thumbprint }: Certificate): string =>
  subject || dnsNames[0] || addresses[0] || thumbprint;

const MOST_LISTED = 10;

/** A list that leaves room for what is said of it: a certificate may have thousands of names. */
export const listOf = (items: readonly string[], mark = ', '): string =>
  items.length > MOST_LISTED
    ? `${items.slice(0, MOST_LISTED).join(mark)} and ${items.length - MOST_LISTED} more`
    : items.join(mark);

/** A day as everybody writes it. */
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const PURPOSES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'server authentication',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'secure e-mail',
  '1.3.6.1.5.5.8.2.2': 'IKE intermediate',
  '2.5.29.37.0': 'any purpose',
};

/** Purposes in words, as far as they have some. */
export const purposesInWords = (oids: readonly string[]): string =>
  oids.map((oid) => PURPOSES[oid] ?? oid).join(', ') || 'nothing';
