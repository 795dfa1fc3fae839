/** The protocols of Schannel, as the registry names them. */
export const PROTOCOLS = ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/**
 * What a server does without any setting. `none`: this Windows does not have the protocol. `update`: it has it, off, with an
 * update that the registry does not show. `unclear`: later updates may have changed it.
 */
export type Default = 'on' | 'off' | 'none' | 'update' | 'unclear';
type Defaults = Readonly<Record<Protocol, Default>>;

const defaults = (...all: readonly [Default, Default, Default, Default, Default, Default]): Defaults => ({
  'SSL 2.0': all[0],
  'SSL 3.0': all[1],
  'TLS 1.0': all[2],
  'TLS 1.1': all[3],
  'TLS 1.2': all[4],
  'TLS 1.3': all[5],
});

/**
 * From which build on, for servers. Source: learn.microsoft.com, "Protocols in TLS/SSL (Schannel SSP)". Beliefs: the update
 * of 2008 SP2, SSL 3.0 from 2022 on, and that updates may switch TLS 1.0 and 1.1 off in 2025.
 */
const BUILDS: readonly (readonly [from: number, Defaults])[] = [
  [6001, defaults('on', 'on', 'on', 'none', 'none', 'none')],
  [6002, defaults('on', 'on', 'on', 'update', 'update', 'none')],
  [7600, defaults('on', 'on', 'on', 'off', 'off', 'none')],
  [9200, defaults('off', 'on', 'on', 'on', 'on', 'none')],
  [14_393, defaults('none', 'off', 'on', 'on', 'on', 'none')],
  [20_348, defaults('none', 'off', 'on', 'on', 'on', 'on')],
  [26_100, defaults('none', 'off', 'unclear', 'unclear', 'on', 'on')],
];
/** Server 2025: nothing is known of what follows it. */
const LAST_KNOWN = 26_100;

/** The defaults of a build of Windows Server; absent where the build is not known. */
export const tlsDefaults = (build: number): Defaults | undefined =>
  build > LAST_KNOWN ? undefined : BUILDS.findLast(([from]) => from <= build)?.[1];
