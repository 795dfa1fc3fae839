import type { Certificate } from './certificate.ts';
import { type Protocol, tlsDefaults } from './tls-defaults.ts';

/** The part of a suite's name that names its cipher, and what the registry calls that cipher (belief: all spellings). */
const CIPHERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/_RC4_128_/, ['RC4 128/128']],
  [/_RC4_64_/, ['RC4 64/128']],
  [/_RC4_56_/, ['RC4 56/128', 'RC4 56/56']],
  [/_RC4_40_/, ['RC4 40/128']],
  [/_3DES_EDE_/, ['Triple DES 168', 'Triple DES 168/168']],
  [/_WITH_DES_CBC_/, ['DES 56/56', 'DES 56']],
  [/_WITH_NULL_/, ['NULL']],
  [/_AES_128_/, ['AES 128/128', 'AES 128']],
  [/_AES_256_/, ['AES 256/256', 'AES 256']],
];

/** The same of the way in which keys are agreed on. Source: learn.microsoft.com, "TLS registry settings". */
const EXCHANGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^TLS_ECDHE?_/, ['ECDH']],
  [/^TLS_DHE_/, ['Diffie-Hellman']],
  [/^TLS_RSA_/, ['PKCS']],
];

/** The same of the hash at its end, behind which older Windows name a curve. */
const HASHES: typeof CIPHERS = [
  [/_SHA256(?:_P\d+)?$/, ['SHA256']],
  [/_SHA384(?:_P\d+)?$/, ['SHA384']],
  [/_SHA(?:_P\d+)?$/, ['SHA']],
  [/_MD5$/, ['MD5']],
];

const isNamed = (suite: string, table: typeof CIPHERS, disabled: readonly string[]): boolean => {
  const names = table.find(([shape]) => shape.test(suite))?.[1] ?? [];
  return disabled.some((off) => names.some((name) => name.toLowerCase() === off.toLowerCase()));
};

/** Whether a suite is off because its cipher is, by the names in the registry. */
export const isCipherOff = (suite: string, disabled: readonly string[]): boolean => isNamed(suite, CIPHERS, disabled);

/** What is switched off for every suite, as the registry names it. */
export type SwitchedOff = Readonly<{
  ciphers: readonly string[];
  exchanges: readonly string[];
  hashes: readonly string[];
}>;

/** Whether a suite is off because its cipher, its way of agreeing on keys or its hash is. */
export const isOff = (suite: string, { ciphers, exchanges, hashes }: SwitchedOff): boolean =>
  isCipherOff(suite, ciphers) || isNamed(suite, EXCHANGES, exchanges) || isNamed(suite, HASHES, hashes);

/** From here on curves have an order of their own. */
export const SERVER_2016 = 14_393;

const isOf13 = (suite: string): boolean => /^TLS_(?:AES|CHACHA20)_/.test(suite);
const isOlder = (suite: string): boolean => /^TLS_\w+_WITH_/.test(suite);

/**
 * Whether a build of Windows knows a suite by this name: TLS 1.3 came with Server 2022, and before Server 2016 the name of a
 * suite with ECDHE ended with its curve. Source: learn.microsoft.com, "Cipher Suites in TLS/SSL (Schannel SSP)".
 */
export const isNamedAsIn = (build: number, suite: string): boolean =>
  isOf13(suite)
    ? tlsDefaults(build)?.['TLS 1.3'] !== 'none'
    : build >= SERVER_2016 || !/^TLS_ECDHE_.*_SHA\d*$/.test(suite);

/** Whether a protocol can use a suite. TLS 1.3 has its own; those with SHA-256, SHA-384 or GCM came with TLS 1.2. */
const SUITS: Readonly<Partial<Record<Protocol, (suite: string) => boolean>>> = {
  'TLS 1.0': (suite) => isOlder(suite) && /_(?:SHA|MD5)(?:_P\d+)?$/.test(suite),
  'TLS 1.1': (suite) => isOlder(suite) && /_(?:SHA|MD5)(?:_P\d+)?$/.test(suite),
  'TLS 1.2': isOlder,
  'TLS 1.3': isOf13,
};

/**
 * Whether a suite is left where a binding has legacy TLS disabled: AES in GCM, and no key exchange by RSA. Source:
 * learn.microsoft.com, "TLS version enforcement capabilities now available per certificate binding on Windows Server 2019".
 */
export const isModern = (suite: string): boolean => isOf13(suite) || /^TLS_(?:ECDHE|DHE)_.*_AES_\d+_GCM_/.test(suite);

/** Whether a suite is left in FIPS mode: AES or 3DES, and SHA. Source: as of `fipsMode`. */
export const isApproved = (suite: string): boolean => /^TLS_(?:\w+_WITH_)?(?:AES|3DES)_.*_SHA/.test(suite);

/** The suites of a protocol; `undefined` for SSL, which names its own in other ways. */
export const suitesOf = (protocol: Protocol, suites: readonly string[]): readonly string[] | undefined => {
  const suits = SUITS[protocol];
  return suits && suites.filter(suits);
};

/** Whether a server with this certificate can use a suite; those of TLS 1.3 go with any key, and so do keys of other kinds here. */
export const goesWith = (suite: string, { key: { type } }: Certificate): boolean => {
  if (isOf13(suite)) return true;
  return type === 'RSA' ? suite.includes('_RSA_') : type === 'EC' ? suite.includes('_ECDSA_') : true;
};
