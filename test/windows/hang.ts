/** Run by a Windows node.exe: asks this machine a question that hangs, then one that does not, and prints what came back. */
import { local } from '../../engine/transports/local.ts';

const HANGING = 'ping.exe -n 600 127.0.0.1';
const transport = local({ commandMs: 3_000 });
const answers = await transport.exchange([HANGING, 'sc.exe query HTTP'], { signal: new AbortController().signal });
const told = answers.map(({ missing, exitCode }) => ({ reason: missing?.reason ?? null, exitCode }));
process.stdout.write(JSON.stringify(told));
