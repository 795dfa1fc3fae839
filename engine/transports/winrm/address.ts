/** What a WinRM address says: where, as whom, how, and which certificate. */
import { Mistake } from '../../mistake.ts';
import { userIn } from '../user.ts';
import { METHODS, type Method } from './sign-in.ts';
import { fingerprintIn } from './trust.ts';

export type Address = Readonly<{
  host: string;
  port: number;
  tls: boolean;
  /** Empty when the address names none. */
  user: string;
  method: Method;
  /** SHA-256 of the certificate that is accepted in place of authorities and names. */
  fingerprint?: string;
}>;

const HINT =
  'write winrm://DOMAIN%5Cuser@host:5986?auth=kerberos|ntlm|basic|certificate&fingerprint=SHA256, or winrm+http://user@host:5985';
const PORTS = { 'winrm:': 5986, 'winrm+http:': 5985 } as const;

/** Throws Mistake, which repeats no password. */
export const readAddress = (url: URL, hasCertificate: boolean): Address => {
  const { protocol, hostname, port, searchParams } = url;
  const wrong = (why: string): Mistake => new Mistake(`${protocol}//${url.host}: ${why}`, HINT);
  if (protocol !== 'winrm:' && protocol !== 'winrm+http:') throw wrong('this is no WinRM address');
  const excess = excessOf(url);
  if (excess) throw wrong(excess);
  const tls = protocol === 'winrm:';
  const user = userIn(url);
  const method = methodOf(searchParams.get('auth'), { user, tls, hasCertificate, wrong });
  const pin = searchParams.get('fingerprint');
  const fingerprint = pin === null ? undefined : fingerprintIn(pin);
  if (pin !== null && (fingerprint === undefined || !tls))
    throw wrong('a fingerprint is 64 hexadecimal digits of SHA-256, for a TLS connection');
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port ? Number(port) : PORTS[protocol],
    tls,
    user,
    method,
    ...(fingerprint && { fingerprint }),
  };
};

/** What stands in an address and must not. */
const excessOf = ({ hostname, password, pathname, searchParams, hash }: URL): string | undefined => {
  if (password) return 'an address holds no password';
  if (!hostname || hostname.startsWith('-') || !['', '/'].includes(pathname) || hash) return 'this is no host';
  const unknown = [...searchParams.keys()].find((name) => name !== 'auth' && name !== 'fingerprint');
  return unknown === undefined ? undefined : `${unknown} is no setting of an address`;
};

type Circumstances = Readonly<{ user: string; tls: boolean; hasCertificate: boolean; wrong(why: string): Mistake }>;

/** Without a word on it: NTLM for a named user; else our certificate, if there is one; else Kerberos. */
const methodOf = (named: string | null, { user, tls, hasCertificate, wrong }: Circumstances): Method => {
  const unnamed = user ? 'ntlm' : hasCertificate ? 'certificate' : 'kerberos';
  const method = named === null ? unnamed : METHODS.find((known) => known === named);
  if (method === undefined) throw wrong(`${named} is no way to sign in`);
  if (!tls && method !== 'ntlm')
    throw wrong(`over plain HTTP only sealed NTLM is safe, not ${method}; name a user, or use TLS`);
  if ((method === 'ntlm' || method === 'basic') && !user) throw wrong(`${method} needs a user in the address`);
  if (method === 'certificate' && !hasCertificate) throw wrong('there is no client certificate to sign in with');
  return method;
};
