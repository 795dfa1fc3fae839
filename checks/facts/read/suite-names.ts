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

const CBC = 'AES_(?:128|256)_CBC_SHA';
const GCM = 'AES_(?:128_GCM_SHA256|256_GCM_SHA384)';
const WITH_CURVES = `${CBC}|AES_(?:128_CBC_SHA256|256_CBC_SHA384)`;
const CURVE = '_P(?:256|384|521)';

/** The suites up to TLS 1.2 that are the same in every Windows. */
const OF_ALL = [
  `RSA_WITH_(?:${GCM}|${CBC}(?:256)?|3DES_EDE_CBC_SHA|DES_CBC_SHA|RC4_128_(?:SHA|MD5)|NULL_(?:SHA(?:256)?|MD5))`,
  'RSA_EXPORT(?:1024_WITH_(?:DES_CBC|RC4_56)_SHA|_WITH_RC4_40_MD5)',
  `DHE_RSA_WITH_(?:${GCM}|${CBC})`,
  `DHE_DSS_(?:WITH_(?:${CBC}(?:256)?|3DES_EDE_CBC_SHA|DES_CBC_SHA)|EXPORT1024_WITH_DES_CBC_SHA)`,
];
/** Before Server 2016 those with ECDHE ended with a curve, and there was none of them with GCM for RSA. */
const OLDER = [`ECDHE_RSA_WITH_(?:${WITH_CURVES})${CURVE}`, `ECDHE_ECDSA_WITH_(?:${GCM}|${WITH_CURVES})${CURVE}`];
const NEWER = [
  `ECDHE_(?:RSA|ECDSA)_WITH_(?:${GCM}|${WITH_CURVES})(?:${CURVE})?`,
  `PSK_WITH_(?:${GCM}|AES_(?:128_CBC_SHA256|256_CBC_SHA384)|NULL_SHA(?:256|384))`,
];
const among = (shapes: readonly string[]): RegExp => new RegExp(`^TLS_(?:${shapes.join('|')})$`);
const OF_OLDER = among([...OF_ALL, ...OLDER]);
const OF_NEWER = among([...OF_ALL, ...NEWER]);

/**
 * Whether a build of Windows has a suite of this name; TLS 1.3 came with Server 2022. Source: learn.microsoft.com, "TLS Cipher
 * Suites in Windows 7", "8", "8.1", "10 v1607", "Server 2022" and "Server 2025".
 */
export const hasSuite = (build: number, suite: string): boolean =>
  isOf13(suite) ? tlsDefaults(build)?.['TLS 1.3'] !== 'none' : (build < SERVER_2016 ? OF_OLDER : OF_NEWER).test(suite);

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
