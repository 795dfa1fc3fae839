/** Asks SSH servers and does nothing with the answers: what the way in costs alone. Reads its task as JSON. */
import { readFile } from 'node:fs/promises';
import { ssh } from '../../engine/transports/ssh.ts';
import { askEach } from './ask-each.ts';

/** `config` is an ssh_config file, `commands` are put to each server. */
export type Task = Readonly<{
  config: string;
  names: readonly string[];
  commands: readonly string[];
  atATime: number;
}>;

const [file = ''] = process.argv.slice(2);
const { config, names, commands, atATime }: Task = JSON.parse(await readFile(file, 'utf8'));
await askEach(
  names.map((name) => ssh(new URL(`ssh://${name}`), { config })),
  { commands, atATime },
);
