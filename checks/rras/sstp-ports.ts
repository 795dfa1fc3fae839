import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type ServiceStatus, stateInWords } from '../facts/read/service-state.ts';
import { sstpPorts } from '../facts/sstp-ports.ts';

const judgeIdle = (driver: ServiceStatus | undefined): Finding => {
  const state = driver ? stateInWords(driver) : 'not installed';
  return fail(`WAN Miniport (SSTP) is disabled or does not start: its driver RasSstp is ${state}`);
};

/** Every user holds a connection; which of them are users of SSTP, HTTP.sys does not tell. */
const judgeBusy = (accepts: string, held: number): Finding =>
  unknown(
    'unreadable',
    `${accepts}, and ${held} connections are open to its TCP port: whether a port is left for the next user is not known; see Ports in Routing and Remote Access`,
  );

/** An account of Active Directory, or RADIUS, may give a user an address that is none of the pool. */
const judgePool = (accepts: string, addresses: number, users: number): Finding =>
  unknown(
    'unreadable',
    `${accepts}, but the static pool has IPv4 addresses for ${addresses} callers: whether ${users} users get one is not known`,
  );

export default defineCheck({
  id: 'rras/sstp-ports',
  title: 'WAN Miniport (SSTP) has enough ports, and accepts calls on them',
  severity: 'critical',
  situations: ['1.4'],
  clientErrors: ['0x800704C9'],
  why: 'Each SSTP user takes a port of this device. When none is left, when there are none, when the device does not accept remote access, or when it is disabled, the server refuses the next user. So it does when the static pool has no address left for him.',
  fix: [
    'In Routing and Remote Access, right-click Ports, choose Properties, select WAN Miniport (SSTP) and Configure.',
    'Select Remote access connections (inbound only), and raise Maximum ports. Without the console: netsh ras set wanports device = "WAN Miniport (SSTP)" rasinonly = enabled ddinout = disabled ddoutonly = disabled maxports = 128',
    'Where its driver does not run, open Device Manager, show hidden devices, and look below Network adapters: enable WAN Miniport (SSTP), or see in its properties what keeps it from starting. Without a console, in PowerShell: "Get-PnpDevice -FriendlyName *SSTP* | Enable-PnpDevice" (Server 2016 or later).',
    'Where the static pool is too small, add a range of addresses on the IPv4 tab of the properties of the server, or let DHCP give them.',
    'Restart RasMan, and RemoteAccess with it, with "Restart-Service RasMan -Force" in PowerShell: until then the server keeps the ports and the addresses it had.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/api/mprapi/ns-mprapi-sstp_config_params',
    'https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-r2-and-2008/cc733707(v=ws.10)',
    'https://learn.microsoft.com/en-us/windows-hardware/drivers/kernel/handling-an-irp-mn-remove-device-request',
  ],
  needs: { device: sstpPorts },
  expects: {
    minimumPorts: { type: 'integer', minimum: 1, maximum: 30_000, description: 'SSTP users at the same time' },
  },
  judge({ device: { miniport, driver, sockets, addresses } }, { minimumPorts }) {
    if (!miniport) return [fail('the server has no device WAN Miniport (SSTP)')];
    const { ports, inbound, ofSet } = miniport;
    const inForce = `${ports} ports${ofSet === undefined ? '' : ` (MaxWanEndpoints), of ${ofSet} that are set`}`;
    const values = { expected: `at least ${minimumPorts}`, actual: String(ports) };
    const problems = [
      ...(ports < minimumPorts ? [fail(`WAN Miniport (SSTP) has ${inForce}, fewer than ${minimumPorts}`, values)] : []),
      ...(inbound ? [] : [fail('WAN Miniport (SSTP) does not accept remote access connections (EnableForRas is 0)')]),
      ...(!driver.known || driver.value?.state === 'RUNNING' ? [] : [judgeIdle(driver.value)]),
    ];
    if (problems.length > 0) return problems;
    const unsaid = [driver, sockets, addresses].flatMap((it) => (it.known ? [] : [unknown(it.reason, it.detail)]));
    if (unsaid.length > 0 || !sockets.known || !addresses.known) return unsaid;
    const { held } = sockets.value;
    const accepts = `WAN Miniport (SSTP) accepts calls on ${inForce}`;
    if (addresses.value !== undefined && addresses.value < minimumPorts)
      return [judgePool(accepts, addresses.value, minimumPorts)];
    return [held < ports ? pass(accepts, values) : judgeBusy(accepts, held)];
  },
});
