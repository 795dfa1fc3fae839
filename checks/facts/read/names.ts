import type { Certificate } from './certificate.ts';

const isAddress = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || text.includes(':');

/** All that a host is written with in any script, full stops of Chinese and Japanese included; or an IPv6 address. */
const HOST = /^(?:[\p{L}\p{M}\p{N}_.*\u3002\uff0e\uff61-]+|[\da-f:.]+)$/u;

/**
 * One spelling for each name and address: lower case, punycode, the shortest form of an IPv6 address. Of anything else, such
 * as `admin@vpn.example.com`, a URL would take a part for the host: it stays as it is.
 */
const spelled = (text: string): string => {
  const bare = text.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (/^[\w.*-]+$/.test(bare) || !HOST.test(bare)) return bare;
  return URL.parse(`http://${bare.includes(':') ? `[${bare}]` : bare}/`)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? bare;
};

/** Whether a name stands for what is dialled; a wildcard does for exactly one left-most label, and never for an address. */
export const stands = (pattern: string, dialled: string): boolean => {
  const [name, wanted] = [spelled(pattern), spelled(dialled)];
  if (name === wanted) return true;
  const dot = wanted.indexOf('.');
  return name.startsWith('*.') && !isAddress(wanted) && dot > 0 && wanted.slice(dot) === name.slice(1);
};

/** The names that Windows looks at: the alternative names, or, where there is none for a host, the common names. */
export const namesOf = ({ dnsNames, addresses, commonNames }: Certificate): readonly string[] =>
  dnsNames.length + addresses.length > 0 ? [...dnsNames, ...addresses] : commonNames;

/** Whether the certificate is made out to the name or address that a client dials. Source: sstp-protocol 5.3. */
export const isMadeOutTo = (certificate: Certificate, dialled: string): boolean =>
  namesOf(certificate).some((name) => stands(name, dialled));
