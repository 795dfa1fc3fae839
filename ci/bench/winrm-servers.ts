/** WinRM servers on loopback in a process of their own. Arguments: how many, `ntlm` or `basic` (over TLS), a folder for the authority. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Printed, programsOf, runLine } from '../../test/server/cmd.ts';
import { startServer } from '../../test/winrm/server.ts';
import { CA, SERVER } from '../../test/winrm/tls.ts';
import { healthyNow } from './recorded.ts';

const [count = '1', scheme, folder = '.'] = process.argv.slice(2);
const password = process.env['SSTP_AUDIT_PASSWORD'] ?? '';

const windows = await healthyNow(0);
const programs = programsOf(windows);
const printed = new Map<string, Printed>();
/** What a program prints is computed once, so that the servers cost little beside their clients. */
const remembered = (command: string): Printed => {
  const known = printed.get(command) ?? programs(command);
  printed.set(command, known);
  return known;
};

await writeFile(path.join(folder, 'ca.pem'), CA);
const servers = await Promise.all(
  Array.from({ length: Number(count) }, () =>
    startServer({
      play: (line) => runLine(windows, line, remembered),
      users: { audit: password },
      schemes: scheme === 'basic' ? ['basic'] : ['ntlm'],
      ...(scheme === 'basic' && { tls: SERVER }),
    }),
  ),
);
process.send?.(servers.map(({ port }) => port));
process.on('message', () => process.send?.(servers.map(({ shells }) => shells.open())));
process.on('disconnect', () => process.exit());
