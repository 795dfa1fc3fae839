import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Credentials, credentialsFrom, PASSWORD_VARIABLE } from '../credentials.ts';
import { reading } from '../file-trouble.ts';
import type { Reach } from '../fleet/listed.ts';
import { Mistake } from '../mistake.ts';
import { readPrivate } from '../private-file.ts';
import type { Transport } from '../transports/transport.ts';
import { lockOutGuard } from '../transports/winrm/lock-out.ts';
import { type Trust, type TrustOptions, trustIn } from '../transports/winrm/trust.ts';
import { winrm } from '../transports/winrm.ts';

/** What the command line says of sign-ins and of TLS. */
export type SignInOptions = Readonly<{
  passwordFrom?: string;
  ca?: string;
  clientCertificate?: string;
  retryRejectedPassword?: boolean;
}>;

export type WinrmWays = (address: URL, reach: Reach) => Transport;

/** Opens WinRM servers, which share one guard against lock-out, and one TLS set-up for each file of authorities. */
export const winrmWays = (
  { ca, clientCertificate, retryRejectedPassword = false }: SignInOptions,
  credentials: Credentials = credentialsFrom(`env:${PASSWORD_VARIABLE}`, process),
): WinrmWays => {
  const guard = lockOutGuard({ tryAgain: retryRejectedPassword });
  const certificate = clientCertificate === undefined ? undefined : readPrivate(clientCertificate);
  const own = certificate === undefined ? {} : { certificate: { cert: certificate, key: certificate } };
  const trusts = new Map<string | undefined, Trust>();
  const trustBy = (file: string | undefined): Trust => {
    const trust = trusts.get(file) ?? usable({ ...(file !== undefined && { ca: authoritiesIn(file) }), ...own });
    trusts.set(file, trust);
    return trust;
  };
  return (address, { caFile = ca, pin }) =>
    winrm(address, {
      credentials,
      guard,
      trust: trustBy(caFile),
      env: process.env,
      ...(pin !== undefined && { fingerprint: pin }),
    });
};

const PEM_HINT = 'write certificates in PEM; a client certificate and its key, without a passphrase, in one file';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** OpenSSL passes over authorities that it cannot read, so each is read here first. */
const authoritiesIn = (file: string): string => {
  const found = reading(file, PEM_HINT, () => readFileSync(file, 'utf8')).match(CERTIFICATE) ?? [];
  try {
    if (found.length > 0) return found.map((one) => new X509Certificate(one).toString()).join('\n');
  } catch (cause) {
    throw new Mistake(`${file} holds a certificate that cannot be read`, PEM_HINT, { cause });
  }
  throw new Mistake(`${file} holds no certificate in PEM`, PEM_HINT);
};

/** OpenSSL says only on use that it cannot read a certificate of ours. */
const usable = (options: TrustOptions): Trust => {
  const trust = trustIn(options);
  try {
    trust.context();
    return trust;
  } catch (cause) {
    throw new Mistake('the client certificate cannot be used for TLS', PEM_HINT, { cause });
  }
};
