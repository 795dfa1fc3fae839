/**
 * One spelling for every IPv6 address: lower case, the shortest form, as netstat.exe and netsh.exe mostly print it. Without
 * brackets; what is no IPv6 address comes back in lower case.
 */
export const spelledAddress = (text: string): string => {
  const [, bare = '', zone = ''] = /^\[?([\da-f:.]+)(%[\w.-]*)?\]?$/i.exec(text) ?? [];
  const shortest = bare.includes(':') ? URL.parse(`http://[${bare}]/`)?.hostname.slice(1, -1) : undefined;
  return shortest === undefined ? text.toLowerCase() : `${shortest}${zone.toLowerCase()}`;
};

/** Whether packets to an address never leave the machine; in the form that `spelledAddress` gives it. */
export const isLoopback = (address: string): boolean => /^(?:127\.|::1$|::ffff:7f[\da-f]{2}:)/.test(address);
