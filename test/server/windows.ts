/** What a pretended server says of its Windows: version, code page, TLS. */
import {
  CIPHER_SUITES,
  CODE_PAGE,
  CURRENT_VERSION,
  FIPS_POLICY,
  POLICIES,
  SCHANNEL,
  SCHANNEL_PROTOCOLS,
  SIGNATURE_ALGORITHMS,
} from './paths.ts';
import { addKey, type Registry, type Value } from './registry.ts';
import { type Tongue, WORDS } from './words.ts';

type Version = Readonly<{ build: number; revision: number; product: string; number: string; rules: string }>;
export const VERSIONS = {
  '2008': { build: 6002, revision: 0, product: 'Windows Server (R) 2008 Standard', number: '6.0', rules: '2.0' },
  '2008r2': { build: 7601, revision: 0, product: 'Windows Server 2008 R2 Standard', number: '6.1', rules: '2.10' },
  '2012': { build: 9200, revision: 0, product: 'Windows Server 2012 Standard', number: '6.2', rules: '2.20' },
  '2012r2': { build: 9600, revision: 0, product: 'Windows Server 2012 R2 Standard', number: '6.3', rules: '2.22' },
  '2016': { build: 14393, revision: 8422, product: 'Windows Server 2016 Standard', number: '6.3', rules: '2.26' },
  '2019': { build: 17763, revision: 7919, product: 'Windows Server 2019 Standard', number: '6.3', rules: '2.29' },
  '2022': { build: 20348, revision: 4294, product: 'Windows Server 2022 Standard', number: '6.3', rules: '2.31' },
  '2025': { build: 26100, revision: 6899, product: 'Windows Server 2025 Standard', number: '6.3', rules: '2.33' },
} as const satisfies Record<string, Version>;
export type Windows = keyof typeof VERSIONS;

const dword = (value: number): Value => ['REG_DWORD', value];
const text = (value: string): Value => ['REG_SZ', value];

const SUITES_OF_13 = ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'];
const SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
];
/** Up to 2012 R2 a suite's name ends with its curve, and RSA certificates had no GCM with ECDHE. */
const OLD_SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384_P384',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256_P256',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P384',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256_P256',
];

/** Server 2008 has neither GCM nor SHA-2; its RC4 and 3DES are taken off the list. */
const OLDEST_SUITES = [
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA_P256',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA_P256',
];

const suitesOf = (build: number): readonly string[] => {
  if (build >= 20348) return [...SUITES_OF_13, ...SUITES];
  if (build >= 14393) return SUITES;
  return build >= 7600 ? OLD_SUITES : OLDEST_SUITES;
};

/** Recorded: Server 2016 and 2022. Before, as the hello of Schannel shows them without update KB2973337. */
const signaturesOf = (build: number): readonly string[] => [
  ...(build >= 20348 ? ['RSAE-PSS/SHA256', 'RSAE-PSS/SHA384', 'RSAE-PSS/SHA512'] : []),
  ...['RSA/SHA256', 'RSA/SHA384', 'RSA/SHA1', 'ECDSA/SHA256', 'ECDSA/SHA384', 'ECDSA/SHA1', 'DSA/SHA1'],
  ...(build >= 14393 ? ['RSA/SHA512', 'ECDSA/SHA512'] : []),
];

/**
 * Schannel as a careful administrator sets it: SSL, TLS 1.0 and 1.1 off for servers, 1.2 on. Server 2008 keeps its defaults
 * of TLS: it has nothing newer than TLS 1.0.
 */
const addTls = (server: Registry, build: number): void => {
  addKey(server, SCHANNEL, { EventLogging: dword(1) });
  for (const kind of ['Ciphers', 'Hashes', 'KeyExchangeAlgorithms']) addKey(server, `${SCHANNEL}\\${kind}`);
  for (const [protocol, on] of [
    ['SSL 2.0', 0],
    ['SSL 3.0', 0],
    ['TLS 1.0', 0],
    ['TLS 1.1', 0],
    ['TLS 1.2', 1],
  ] as const)
    if (build >= 7600 || protocol.startsWith('SSL'))
      addKey(server, `${SCHANNEL_PROTOCOLS}\\${protocol}\\Server`, {
        Enabled: dword(on),
        DisabledByDefault: dword(1 - on),
      });
  addKey(server, CIPHER_SUITES, { Functions: ['REG_MULTI_SZ', suitesOf(build)] });
  if (build >= 7600) addKey(server, SIGNATURE_ALGORITHMS, { Functions: ['REG_MULTI_SZ', signaturesOf(build)] });
};

const ANSI: Readonly<Partial<Record<Tongue, number>>> = { ja: 932, zh: 936, ko: 949, ru: 1251 };

/** Version, code page and TLS settings; Group Policy without anything that matters here. */
export const windowsOf = (server: Registry & { language: Tongue }, windows: Windows): void => {
  const { build, revision, product, number } = VERSIONS[windows];
  addKey(server, CURRENT_VERSION, {
    SystemRoot: text(String.raw`C:\Windows`),
    ProductName: text(product),
    CurrentVersion: text(number),
    CurrentBuild: text(String(build)),
    CurrentBuildNumber: text(String(build)),
    InstallationType: text('Server'),
    EditionID: text('ServerStandard'),
    ...(build >= 14393 && {
      UBR: dword(revision),
      CurrentMajorVersionNumber: dword(10),
      CurrentMinorVersionNumber: dword(0),
    }),
  });
  addKey(server, CODE_PAGE, {
    ACP: text(String(ANSI[server.language] ?? 1252)),
    MACCP: text('10000'),
    OEMCP: text(String(WORDS[server.language].codePage)),
  });
  addKey(server, `${POLICIES}\\Windows\\WindowsUpdate`, { WUServer: text('http://wsus.example.com:8530') });
  addKey(server, FIPS_POLICY, { Enabled: dword(0) });
  addTls(server, build);
};
