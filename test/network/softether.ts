/** The SoftEther server of Debian, on loopback only and with everything off that would reach for the internet. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Made, privateKeyOf } from '../server/pki.ts';
import { pem } from './rras.ts';

export const SOFTETHER = '/usr/libexec/softether/vpnserver/vpnserver';

const pkcs1 = (): Buffer =>
  createPrivateKey(pem(privateKeyOf('rsa2048'), 'PRIVATE KEY')).export({ type: 'pkcs1', format: 'der' });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Without these settings it listens on all addresses, registers a dynamic name and looks for its own address outside. */
const settings = (port: number, certificate: Made): string => `declare root
{
	declare DDnsClient
	{
		bool Disabled true
	}
	declare ListenerList
	{
		declare Listener0
		{
			bool Enabled true
			uint Port ${port}
		}
	}
	declare ServerConfiguration
	{
		bool DisableGetHostNameWhenAcceptTcp true
		bool DisableIPv6Listener true
		bool DisableJsonRpcWebApi true
		bool DisableNatTraversal true
		bool EnableVpnAzure false
		bool EnableVpnOverDns false
		bool EnableVpnOverIcmp false
		string ListenIP 127.0.0.1
		string PortsUDP $
		byte ServerCert ${base64(certificate.der)}
		byte ServerKey ${base64(pkcs1())}
		bool UseKeepConnect false
		bool UseWebTimePage false
		bool UseWebUI false
		declare Proto
		{
			declare OpenVPN
			{
				bool Enabled false
			}
			declare SSTP
			{
				bool Enabled true
			}
		}
	}
}
`;

/** Its folders are fixed: they are laid over in a mount namespace of its own, and vanish with it. */
const START = `
set -eu
for folder in /var/lib /var/log /run; do mount -t tmpfs tmpfs "$folder"; mkdir "$folder/softether"; done
cp "$1" /var/lib/softether/vpn_server.config
exec ${SOFTETHER} start --foreground
`;

const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address && typeof address === 'object' ? address.port : 0;
};

const answers = async (port: number): Promise<boolean> => {
  const socket = net.connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
};

/** Starts it and waits until it listens. Needs root. */
export const startSoftEther = async (folder: string, certificate: Made) => {
  const port = await freePort();
  const file = path.join(folder, 'vpn_server.config');
  await writeFile(file, settings(port, certificate), { mode: 0o600 });
  const child = spawn('unshare', ['--mount', 'sh', '-c', START, 'sh', file], {
    // Where it crashes at its end, as it sometimes does, its core dump goes with the folder.
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let left = 200; !(await answers(port)); left--) {
    if (left === 0 || child.exitCode !== null) throw new Error('SoftEther does not start');
    await sleep(50);
  }
  return { port, stop: () => stop(child) };
};
