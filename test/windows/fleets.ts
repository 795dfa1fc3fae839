/** Twenty servers, in groups that are asked by every way in. */
import { execFileSync } from 'node:child_process';
import { type Filter, filterBlock } from '../server/filters.ts';
import {
  ADAPTER,
  ADAPTER_INTERFACE,
  FIREWALL_RULES,
  type HealthyOptions,
  healthy,
  SERVICES,
  SSTP_MINIPORT,
} from '../server/healthy.ts';
import { leaf, root } from '../server/pki.ts';
import { addKey, removeValue, type Server, setValue } from '../server/state.ts';
import { uninstall } from '../server/stores.ts';

const at = new Date();
/** A server that is asked now, and so has event logs that reach up to now. */
export const server = (options: HealthyOptions = {}, sabotage: (server: Server) => void = () => {}): Server => {
  const made = healthy({ at, ...options });
  sabotage(made);
  return made;
};

/** Only who knows the addresses of the adapter can tell what these do. */
export const filtered = (made: Server): void => {
  const admitted: Filter = { protocol: 6, destination: '192.0.2.10', destinationPort: 443 };
  const block = filterBlock({ direction: 'in', action: 'drop', filters: [admitted] });
  setValue(made, `${ADAPTER_INTERFACE}\\Ip`, 'InterfaceInfo', ['REG_BINARY', block]);
  addKey(made, `${SERVICES}\\Tcpip\\Parameters\\Interfaces\\${ADAPTER}`, {
    EnableDHCP: ['REG_DWORD', 0],
    IPAddress: ['REG_MULTI_SZ', ['192.0.2.10']],
  });
};

export const FLEETS: readonly Readonly<Record<string, Server>>[] = [
  {
    en: server(),
    ja: server({ language: 'ja', alias: 'イーサネット 2' }),
    de: server({ language: 'de', windows: '2016', alias: 'Äußeres Netz' }),
    fr: server({ language: 'fr', windows: '2019', alias: 'Réseau externe' }),
    es: server({ language: 'es', windows: '2012r2' }),
  },
  {
    pt: server({ language: 'pt', windows: '2025' }),
    ru: server({ language: 'ru', alias: 'Внешняя сеть' }),
    zh: server({ language: 'zh', alias: '以太网' }),
    ko: server({ language: 'ko', alias: '이더넷' }),
    r2: server({ windows: '2008r2' }),
  },
  {
    filtered: server({}, filtered),
    'filtered-ja': server({ language: 'ja', alias: '外部①' }, filtered),
    'no-ports': server({}, (made) => setValue(made, SSTP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 0])),
    stopped: server({}, ({ services }) => void services.set('RemoteAccess', { state: 1, win32ExitCode: 1077 })),
    offload: server({ offload: true }),
  },
  {
    expired: server({
      certificate: await leaf({ notBefore: '2025-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' }),
    }),
    elsewhere: server({ language: 'ja', certificate: await leaf({ names: ['vpn.example.net'] }) }),
    rootless: server({}, (made) => uninstall(made, root, 'ROOT')),
    walled: server({ language: 'de' }, (made) => removeValue(made, FIREWALL_RULES, 'SSTP-IN-TCP')),
    'other-port': server({ port: 4_443 }),
  },
];

/** The commit that is tested, or nothing where there is no git. */
const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' });
  } catch {
    return '';
  }
};

/**
 * Whether a group is asked: none of them, save in CI, which asks the one that the hash of the commit chooses, so that the same
 * commit always asks the same and all have their turn; and all of them under SSTP_AUDIT_TESTS=all, which takes minutes.
 */
export const isAsked = (group: number): boolean => {
  if (process.env['SSTP_AUDIT_TESTS'] === 'all') return true;
  if (process.env['CI'] !== 'true') return false;
  return group === (Number.parseInt(commit().slice(0, 8), 16) || 0) % FLEETS.length;
};
