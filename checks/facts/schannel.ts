import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import type { Reading } from '../../engine/model.ts';
import { FIPS_QUESTIONS, fipsMode } from './fips-mode.ts';
import { needKey, readKey } from './read/ask.ts';
import type { Key } from './read/registry.ts';
import { isApproved, isOff, type SwitchedOff } from './read/suite-names.ts';
import { type Default, type Protocol, tlsDefaults } from './read/tls-defaults.ts';
import { windowsBuild } from './windows-build.ts';

/** Whether a server offers a protocol, and why, as an administrator would say it; `on` is absent where nothing tells it. */
export type Offer = Readonly<{ on?: boolean; because: string }>;
export type Offers = Readonly<Record<Protocol, Offer>>;

export type CipherSuites = Readonly<{
  /** In the order of preference. */
  suites: readonly string[];
  /** Those of them that have blanks beside them, where Windows wants nothing but commas. */
  spaced: readonly string[];
  by: 'Group Policy' | 'local order';
  /** Elliptic curves that are on, where somebody chose them; from Server 2016 on. */
  curves?: readonly string[];
  off: SwitchedOff;
  /** Whether FIPS mode withholds some of them; absent where none of those that are on would be. */
  fips?: Reading<boolean>;
}>;

const SCHANNEL = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL`;
const LOCAL_ORDER = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Cryptography\Configuration\Local\SSL\00010002`;
/** From here on, because one question then tells whether anything below is set. */
const POLICY = String.raw`HKLM\SOFTWARE\Policies\Microsoft\Cryptography`;
const POLICY_ORDER = String.raw`Configuration\SSL\00010002`;

const schannel = ($: Shell): Promise<Key> => needKey($, SCHANNEL, { recursive: true });

/** What a protocol does of which Enabled says nothing. */
const byDefaultOnly = (byDefault: Default, disabled: number | undefined, build: number): Offer | undefined => {
  const because = `the default of build ${build}`;
  if (byDefault === 'on' && !disabled) return { on: true, because };
  return (byDefault === 'off' || byDefault === 'update') && disabled !== 0 ? { on: false, because } : undefined;
};

/** Enabled alone switches these on. Of Server 2025: learn.microsoft.com, "TLS 1.0 and TLS 1.1 deprecation in Windows". */
const SWITCHED_BY_ENABLED: readonly Default[] = ['on', 'unclear'];

/**
 * To switch on what is off by default, both values must say so; what says less than that is not guessed. What is only
 * DisabledByDefault is there for programs that ask for it, and that HTTP.sys does not ask is a belief: Enabled alone tells.
 */
const offerOf = (protocol: Protocol, byDefault: Default, key: Key | undefined, build: number): Offer => {
  const [enabled, disabled] = [key?.dword('Enabled'), key?.dword('DisabledByDefault')];
  if (byDefault === 'none') return { on: false, because: `Windows build ${build} does not have it` };
  if (enabled === 0) return { on: false, because: 'Enabled is 0' };
  const offer = enabled === undefined ? byDefaultOnly(byDefault, disabled, build) : undefined;
  if (offer) return offer;
  if (disabled)
    return { because: `DisabledByDefault is ${disabled}, and Enabled is not 0: it is there for programs that ask` };
  const isSet = enabled !== undefined && (disabled === 0 || SWITCHED_BY_ENABLED.includes(byDefault));
  return isSet && byDefault !== 'update'
    ? { on: true, because: 'Enabled is not 0' }
    : { because: `nothing in the registry tells whether build ${build} of Windows offers ${protocol}` };
};

/** In FIPS mode there is no SSL, however it is switched. */
const withoutSsl = (offer: Offer, fips: Reading<boolean> | undefined): Offer => {
  if (offer.on === false || !fips) return offer;
  if (!fips.known) return { because: `whether FIPS mode takes it away is not known: ${fips.detail}` };
  return fips.value ? { on: false, because: 'FIPS mode is on' } : offer;
};

/** What Schannel offers to clients. A change waits for a restart of the server, and that cannot be seen. Source: windows-facts 11. */
export const protocolOffers = defineFact<Offers>({
  id: 'tls/protocols',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: FIPS_QUESTIONS,
  async ask($, facts) {
    const [build, settings] = await Promise.all([facts.need(windowsBuild), schannel($)]);
    const defaults = tlsDefaults(build);
    if (!defaults) throw new Unknown('absent', `the defaults of build ${build} of Windows are not known`);
    const offer = (protocol: Protocol): Offer =>
      offerOf(protocol, defaults[protocol], settings.key(`Protocols\\${protocol}\\Server`), build);
    const ssl = { 'SSL 2.0': offer('SSL 2.0'), 'SSL 3.0': offer('SSL 3.0') };
    const fips = Object.values(ssl).some(({ on }) => on !== false) ? await facts.read(fipsMode) : undefined;
    return {
      'SSL 2.0': withoutSsl(ssl['SSL 2.0'], fips),
      'SSL 3.0': withoutSsl(ssl['SSL 3.0'], fips),
      'TLS 1.0': offer('TLS 1.0'),
      'TLS 1.1': offer('TLS 1.1'),
      'TLS 1.2': offer('TLS 1.2'),
      'TLS 1.3': offer('TLS 1.3'),
    };
  },
});

const namesIn = (key: Key | undefined, value: string): readonly string[] | undefined => {
  const text = key?.type(value) === 'REG_MULTI_SZ' ? key.list(value)?.join(',') : key?.text(value);
  // Microsoft's "Manage TLS" ends each suite with a comma, the last one, too.
  return text?.replace(/,\s*$/, '').split(',');
};

/** Source: learn.microsoft.com, "TLS Elliptic Curves in Windows 10 version 1607 and later". The value on the server: belief. */
const curvesIn = (policy: Key | undefined, local: Key | undefined): Pick<CipherSuites, 'curves'> => {
  const names = namesIn(policy, 'EccCurves') ?? namesIn(local, 'EccCurves') ?? [];
  const curves = names.map((name) => name.trim()).filter((name) => name !== '');
  return curves.length > 0 ? { curves } : {};
};

const disabledIn = (settings: Key, kind: 'Ciphers' | 'KeyExchangeAlgorithms' | 'Hashes'): readonly string[] =>
  (settings.key(kind)?.keys() ?? []).filter((key) => key.dword('Enabled') === 0).map(({ name }) => name);

/**
 * Every list of Windows itself holds suites without encryption, and none is offered as long as nobody switches them on.
 * Sources: learn.microsoft.com, "TLS cipher suites in Windows Server 2022 and later" ("only used when application explicitly
 * requests"), and "Restrict the use of certain cryptographic algorithms and protocols in Schannel.dll".
 */
const ciphersOff = (settings: Key): readonly string[] => [
  ...disabledIn(settings, 'Ciphers'),
  ...(settings.key('Ciphers\\NULL')?.dword('Enabled') ? [] : ['NULL']),
];

/** The suites that Schannel takes, by Group Policy, else as set on the server (belief: the place). Source: windows-facts 11.2. */
export const cipherSuites = defineFact<CipherSuites>({
  id: 'tls/cipher-suites',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: FIPS_QUESTIONS,
  async ask($, facts) {
    const [settings, policy, local] = await Promise.all([
      schannel($),
      readKey($, POLICY, { recursive: true, usuallyAbsent: true }),
      readKey($, LOCAL_ORDER),
    ]);
    const order = policy?.key(POLICY_ORDER);
    const set = namesIn(order, 'Functions');
    const written = set ?? local?.list('Functions');
    if (!written)
      throw new Unknown('absent', `${LOCAL_ORDER} holds no Functions: the suites of Windows itself are not known`);
    const suites = written.map((suite) => suite.trim());
    const odd = suites.find((suite) => !/^[A-Z][A-Z0-9_]+$/.test(suite));
    if (odd !== undefined || suites.length === 0)
      throw new Unknown('unreadable', `the list of cipher suites holds ${odd?.slice(0, 80) || 'nothing'}`);
    const off = {
      ciphers: ciphersOff(settings),
      exchanges: disabledIn(settings, 'KeyExchangeAlgorithms'),
      hashes: disabledIn(settings, 'Hashes'),
    };
    const isOnUnapproved = (suite: string): boolean => !isApproved(suite) && !isOff(suite, off);
    return {
      suites,
      spaced: suites.filter((suite, at) => suite !== written[at]),
      by: set ? 'Group Policy' : 'local order',
      ...curvesIn(order, local),
      off,
      ...(suites.some(isOnUnapproved) && { fips: await facts.read(fipsMode) }),
    };
  },
});
