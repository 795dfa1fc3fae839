/** Asks WinRM servers and does nothing with the answers: what the way in costs alone. Reads its task as JSON, as the peer does. */
import { readFile } from 'node:fs/promises';
import { credentialsFrom } from '../../engine/credentials.ts';
import { lockOutGuard } from '../../engine/transports/winrm/lock-out.ts';
import { trustIn } from '../../engine/transports/winrm/trust.ts';
import { winrm } from '../../engine/transports/winrm.ts';
import { askEach } from './ask-each.ts';

type Task = Readonly<{ ca: string; addresses: readonly string[]; commands: readonly string[]; atATime: number }>;
const [file = ''] = process.argv.slice(2);
const { ca, addresses, commands, atATime }: Task = JSON.parse(await readFile(file, 'utf8'));

const credentials = credentialsFrom('env:SSTP_AUDIT_PASSWORD', process);
const shared = {
  credentials,
  guard: lockOutGuard(),
  trust: trustIn({ ca: await readFile(ca, 'utf8') }),
  env: process.env,
};
await askEach(
  addresses.map((address) => winrm(new URL(address), shared)),
  { commands, atATime },
);
