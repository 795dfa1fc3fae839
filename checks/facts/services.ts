import { defineFact, type Fact, type ProcessOutput, Unknown } from '../../engine/define.ts';
import { readKey } from './read/ask.ts';
import type { Key } from './read/registry.ts';
import { parseServiceStatus, type ServiceStatus } from './read/service-state.ts';

/** The services that SSTP rests on. HTTP is the driver HTTP.sys, MpsSvc the Windows Firewall. */
export const SERVICES = ['RemoteAccess', 'SstpSvc', 'RasMan', 'HTTP', 'MpsSvc'] as const;
export type ServiceName = (typeof SERVICES)[number];

const STARTS = ['boot', 'system', 'automatic', 'manual', 'disabled'] as const;
export type Start = (typeof STARTS)[number];

/** `delayed`: an automatic start some two minutes after the boot. */
export type Service =
  | Readonly<{ installed: false }>
  | Readonly<{ installed: true; start: Start; delayed: boolean } & ServiceStatus>;

export const SERVICES_KEY = String.raw`HKLM\SYSTEM\CurrentControlSet\Services`;
/** ERROR_SERVICE_DOES_NOT_EXIST, with which sc.exe ends. Belief: some sc.exe end with 1 and print nothing. */
const NO_SERVICE = 1060;

const startOf = (key: Key): Start => {
  const start = STARTS[key.dword('Start') ?? -1];
  if (!start) throw new Unknown('unreadable', `${key.path} holds no start type between 0 and 4`);
  return start;
};

/** What sc.exe says of a service, or `undefined` where it says that there is none. */
export const statusOf = (name: string, { exitCode, stdout }: ProcessOutput): ServiceStatus | undefined => {
  if (exitCode === 5) throw new Unknown('denied', `the service ${name} may not be queried`);
  if (exitCode === NO_SERVICE) return;
  if (exitCode !== 0)
    throw new Unknown('unreadable', `sc.exe ended with exit code ${exitCode} for the service ${name}`);
  return parseServiceStatus(name, stdout);
};

const serviceOf = (name: ServiceName, said: ProcessOutput, key: Key | undefined): Service => {
  const silent = said.exitCode === 1 && said.stdout.trim() === '';
  const status = silent && !key ? undefined : statusOf(name, said);
  if (!status) return { installed: false };
  if (!key) throw new Unknown('unreadable', `the service ${name} is ${status.state} and has no key in the registry`);
  return { installed: true, start: startOf(key), delayed: key.dword('DelayedAutostart') === 1, ...status };
};

/** Each service is a fact of its own: an account that may not query one of them can still tell of the others. */
const serviceFact = (name: ServiceName): Fact<Service> =>
  defineFact<Service>({
    id: `service/${name}`,
    vantage: 'server',
    right: 'query services, read HKLM (any user)',
    async ask($) {
      const [said, key] = await Promise.all([
        $`sc.exe query ${name}`.nothrow(),
        readKey($, `${SERVICES_KEY}\\${name}`),
      ]);
      return serviceOf(name, said, key);
    },
  });

const facts = {
  RemoteAccess: serviceFact('RemoteAccess'),
  SstpSvc: serviceFact('SstpSvc'),
  RasMan: serviceFact('RasMan'),
  HTTP: serviceFact('HTTP'),
  MpsSvc: serviceFact('MpsSvc'),
} as const satisfies Record<ServiceName, Fact<Service>>;

/** The Windows Firewall. */
export const firewallService = facts.MpsSvc;

/**
 * The driver of WAN Miniport (SSTP), or `undefined` where it is not installed. Device Manager takes a device that it disables
 * away from its driver, as Windows does with one that does not start; a driver without a device is unloaded, and so STOPPED.
 * Source: Microsoft, "Handling an IRP_MN_REMOVE_DEVICE Request", "IRP_MN_REMOVE_DEVICE", "PnP Driver's Unload Routine"; that it
 * is unloaded at once: belief. It has this name in reports of Windows 6.0 and 10.
 */
export const sstpDriver = defineFact<ServiceStatus | undefined>({
  id: 'service/RasSstp',
  vantage: 'server',
  right: 'query services',
  ask: async ($) => statusOf('RasSstp', await $`sc.exe query RasSstp`.nothrow()),
});

/** State and start type of the services that SSTP rests on. Source: KB947031 situation 2, step 1; situation 8, steps 1 and 2. */
export const services = defineFact<Readonly<Record<ServiceName, Service>>>({
  id: 'service/states',
  vantage: 'server',
  right: 'query services, read HKLM (any user)',
  async ask(_$, { need }) {
    const [RemoteAccess, SstpSvc, RasMan, HTTP, MpsSvc] = await Promise.all([
      need(facts.RemoteAccess),
      need(facts.SstpSvc),
      need(facts.RasMan),
      need(facts.HTTP),
      need(facts.MpsSvc),
    ]);
    return { RemoteAccess, SstpSvc, RasMan, HTTP, MpsSvc };
  },
});
