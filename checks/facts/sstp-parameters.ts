import { defineFact } from '../../engine/define.ts';
import { needKey } from './read/ask.ts';
import type { Key } from './read/registry.ts';

/** A certificate hash as it stands in the registry: `bytes` is absent when the value is not REG_BINARY. */
export type StoredHash = Readonly<{ type: string; bytes?: Uint8Array }>;

/** The port and the protocol of the SSTP listener. */
export type Listener = Readonly<{ port: number; https: boolean }>;

export type SstpParameters = Readonly<
  Listener & {
    sha256?: StoredHash;
    sha1?: StoredHash;
    /** The hashes that SSTP reads, and proves its certificate by: SHA-256 only, unless an administrator has it otherwise. */
    reads: Readonly<{ sha256: boolean; sha1: boolean }>;
    /** An administrator chose the certificate by its SHA-256 hash, which the service then keeps. Source: MS-RRASM 2.2.1.2.141. */
    hashSetByAdministrator: boolean;
    /** What was last applied to HTTP.sys; it differs from the rest when RemoteAccess was not restarted after a change. */
    applied: Listener;
  }
>;

export const SSTPSVC = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\SstpSvc`;

/** An absent port or 0 means 443, or 80 when TLS ends elsewhere. Source: windows-facts 2. */
const listener = (key: Key | undefined): Listener => {
  const https = key?.dword('UseHttps') !== 0;
  return { port: key?.dword('ListenerPort') || (https ? 443 : 80), https };
};

const storedHash = (key: Key, name: string): StoredHash | undefined => {
  const type = key.type(name);
  return type === 'REG_BINARY' ? { type, bytes: key.binary(name) ?? new Uint8Array() } : type ? { type } : undefined;
};

/** Any number but 0 switches on; a value of another type does not count. Source: public disassembly notes of sstpcfg.dll. */
const flag = (key: Key, name: string): boolean | undefined =>
  key.type(name) === 'REG_DWORD' ? key.dword(name) !== 0 : undefined;

/** The SSTP service's own settings. Source: KB947031 situation 8, steps 7 and 9. */
export const sstpParameters = defineFact<SstpParameters>({
  id: 'sstp/parameters',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const key = await needKey($, `${SSTPSVC}\\Parameters`, { recursive: true });
    const sha256 = storedHash(key, 'Sha256CertificateHash');
    const sha1 = storedHash(key, 'Sha1CertificateHash');
    return {
      ...listener(key),
      ...(sha256 && { sha256 }),
      ...(sha1 && { sha1 }),
      reads: { sha256: flag(key, 'SHA256Enabled') ?? true, sha1: flag(key, 'SHA1Enabled') ?? false },
      // A value of another type is no clear answer here: where TLS ends elsewhere, an administrator has to set it.
      hashSetByAdministrator: (key.dword('isHashConfiguredByAdmin') ?? 0) !== 0,
      applied: listener(key.key('ConfigStore')),
    };
  },
});
