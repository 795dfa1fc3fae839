/** Endings that no public name has, and what companies call their inside. */
const INSIDE = /\.(?:local|localhost|internal|intranet|intra|lan|corp|home|private|test|invalid|home\.arpa)$/;
/** Private, shared, loopback and link-local networks; IPv4 in the clothes of IPv6 is reachable for nobody. */
const PRIVATE_IPV4 =
  /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_IPV6 = /^\[(?:::1?\]|::ffff:|f[cd]|fe[89ab])/;

/** Whether a host (a name or an address, as in a URL) looks as if machines outside the network could reach it. */
const looksPublic = (host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name.startsWith('[')) return !PRIVATE_IPV6.test(name);
  return name.includes('.') && !INSIDE.test(name) && !PRIVATE_IPV4.test(`${name}.`);
};

/** Whether an address, as DNS gives it, looks as if machines outside the network could reach it. */
export const isPublicAddress = (address: string): boolean =>
  looksPublic(address.includes(':') ? `[${address}]` : address);

/** Whether Windows outside the network could fetch from a URL: http only, from a host that looks public. */
export const isFetchedFromOutside = (url: string): boolean => {
  // Not by canParse, which holds some hosts of ten thousand characters for good that the constructor then refuses.
  const { protocol = '', hostname = '' } = URL.parse(url) ?? {};
  return protocol === 'http:' && looksPublic(hostname);
};
