/** What really travelled over loopback, as tshark sees and decodes it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Captures the traffic of a port while `work` is done. */
export const captured = async (port: number, file: string, work: () => Promise<void>): Promise<void> => {
  const args = ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', file];
  const tshark = spawn('tshark', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  tshark.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(tshark, 'exit');
  for (let left = 100; !said.includes('Capturing on'); left--) {
    if (left === 0 || tshark.exitCode !== null) throw new Error(`tshark does not capture: ${said}`);
    await sleep(50);
  }
  // It says so a little before the kernel hands over the first packet.
  await sleep(1_000);
  await work();
  await sleep(500);
  tshark.kill('SIGINT');
  await ended;
};

/** One line per frame that passes the filter: the fields, joined by commas. */
export const decoded = async (
  file: string,
  { port, keys, filter, fields }: Readonly<{ port: number; keys: string; filter: string; fields: readonly string[] }>,
): Promise<readonly string[]> => {
  const reading = ['-r', file, '-o', `tls.keylog_file:${keys}`, '-d', `tcp.port==${port},tls`, '-Y', filter];
  const { stdout } = await run('tshark', [
    ...reading,
    '-T',
    'fields',
    '-E',
    'separator=,',
    ...fields.flatMap((field) => ['-e', field]),
  ]);
  return stdout.split('\n').filter((line) => line !== '');
};
