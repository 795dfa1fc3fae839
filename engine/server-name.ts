/** Names of the same key name the same server: neither Windows nor DNS knows case. */
export const serverKey = (name: string): string => name.toLowerCase();
