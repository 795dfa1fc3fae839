import { defineCheck, fail, pass, type TlsVersion } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type OfferedVersion, offeredVersions } from '../facts/offered-versions.ts';

const VERSIONS = ['SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const satisfies readonly TlsVersion[];
const SUITE_WORDS = ['NULL', 'EXPORT', 'anon', 'RC4', 'RC2', 'DES', '3DES', 'MD5', 'CBC'] as const;

/** What some Windows offers as a client. Source: learn.microsoft.com, "Cipher Suites in TLS/SSL (Schannel SSP)". */
const KEYS = 'ECDHE_(?:ECDSA|RSA)|DHE_(?:RSA|DSS)|RSA';
const CIPHERS = 'AES_(?:128|256)_(?:CBC|GCM)|3DES_EDE_CBC|DES_CBC|RC4_128|NULL';
const OF_WINDOWS = new RegExp(
  `^TLS_(?:(?:${KEYS})_WITH_(?:${CIPHERS})|AES_(?:128|256)_GCM|CHACHA20_POLY1305)_(?:SHA|MD5)`,
);

type Demand = Readonly<{
  required: readonly string[];
  forbidden: readonly string[];
  forbiddenSuites: readonly string[];
}>;

/** `DES` is the old cipher and its export form, not 3DES. */
const isForbidden = (suite: string, words: readonly string[]): boolean =>
  suite.split('_').some((part) => words.includes(part) || (part === 'DES40' && words.includes('DES')));

const problemsOf = ({ version, suites }: OfferedVersion, demand: Demand): readonly string[] => {
  const offered = suites.length > 0;
  const isRequired = demand.required.includes(version);
  const isOfUse = suites.some((suite) => OF_WINDOWS.test(suite));
  const weak = suites.filter((suite) => isForbidden(suite, demand.forbiddenSuites));
  return [
    ...(offered && demand.forbidden.includes(version) ? [`${version} is offered`] : []),
    ...(!offered && isRequired ? [`${version} is not offered`] : []),
    ...(offered && isRequired && !isOfUse ? [`${version} is offered without a suite that Windows has`] : []),
    ...(weak.length > 0 ? [`${version} is offered with ${weak.join(', ')}`] : []),
  ];
};

const judgeAddress = (subject: string, versions: readonly OfferedVersion[], demand: Demand): Finding => {
  const problems = versions.flatMap((version) => problemsOf(version, demand));
  const offered = versions.filter(({ suites }) => suites.length > 0);
  const actual = offered.map(({ version, suites }) => `${version} (${suites.length} suites)`).join(', ') || 'nothing';
  return problems.length > 0
    ? fail(problems.join('; '), { subject, actual })
    : pass(`${actual} is offered`, { subject });
};

export default defineCheck({
  id: 'reach/tls-versions',
  title: 'The TLS versions and cipher suites met from outside are the ones that are wanted',
  severity: 'high',
  situations: [],
  clientErrors: ['0x80090326', '0x80090331'],
  why: 'Clients that find no common version or suite cannot connect, and old versions and suites let somebody in the middle read what users send. What is met from outside counts: a load balancer may offer other versions than the server behind it.',
  fix: [
    'Below HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols, set Enabled to 0 (forbidden) or 1 (required) in the Server key of the version, and restart the server.',
    'Remove the suites from the list with "Disable-TlsCipherSuite -Name NAME" in PowerShell, or with the Group Policy "SSL Cipher Suite Order".',
    'Where TLS ends at a load balancer, change it there.',
  ],
  references: [
    'https://learn.microsoft.com/en-us/windows-server/security/tls/tls-registry-settings',
    'https://learn.microsoft.com/en-us/powershell/module/tls/disable-tlsciphersuite',
  ],
  needs: { offered: offeredVersions },
  expects: {
    required: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: VERSIONS },
      description: 'versions that must be offered',
    },
    forbidden: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: VERSIONS },
      description: 'versions that must not be offered',
    },
    forbiddenSuites: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: SUITE_WORDS },
      description: 'what no offered cipher suite may have in its name',
    },
  },
  judge: ({ offered }, demand) => offered.map(({ at, versions }) => judgeAddress(at, versions, demand)),
});
