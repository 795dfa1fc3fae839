/** What a binding is for: an address, a host name (SNI), or every name that the central certificate store serves. */
export type Endpoint = Readonly<{
  kind: 'address' | 'host' | 'central';
  /** `0.0.0.0:443`, `[::]:443`, `www.example.com:443`, or the bare port of the central certificate store. */
  endpoint: string;
  port: number;
}>;

/** Settings of a binding that keep SSTP clients out, by the names that netsh.exe gives them, and their bits in DefaultFlags. */
export const FLAGS = {
  'Negotiate Client Certificate': 0x2,
  'Reject Connections': 0x8,
  'Disable TLS1.2': 0x1000,
} as const;
export type Flag = keyof typeof FLAGS;

/** A certificate bound in HTTP.sys. */
export type Binding = Readonly<
  Endpoint & {
    /** SHA-1 of the certificate, 40 upper-case digits (64, SHA-256, in newer builds); absent where none is named. */
    hash?: string;
    /** `{…}`, lower case. */
    applicationId?: string;
    /** `MY` where the binding names none: so does HTTP.sys. */
    store: string;
    flags: readonly Flag[];
  }
>;

export const DEFAULT_STORE = 'MY';

const ENDPOINT = /^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.%]*\]|[\w*.-]+):(\d{1,5})$/i;

/** A TCP port in decimal digits, or `undefined`. */
export const portOf = (text: string): number | undefined => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
};

/** An address or a host name with its port, or `undefined`. */
export const endpointOf = (text: string): Endpoint | undefined => {
  const [, host = '', digits = ''] = ENDPOINT.exec(text) ?? [];
  const port = portOf(digits);
  return port
    ? { kind: /^[\d.]+$|^\[/.test(host) ? 'address' : 'host', endpoint: text.toLowerCase(), port }
    : undefined;
};
