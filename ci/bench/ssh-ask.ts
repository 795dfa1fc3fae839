/** Asks SSH servers and does nothing with the answers: what the way in costs alone. Reads its task as JSON. */
import { readFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import { ssh } from '../../engine/transports/ssh.ts';

/** `config` is an ssh_config file, `commands` are put to each server. */
export type Task = Readonly<{
  config: string;
  names: readonly string[];
  commands: readonly string[];
  atATime: number;
}>;

const [file = ''] = process.argv.slice(2);
const { config, names, commands, atATime }: Task = JSON.parse(await readFile(file, 'utf8'));
const limit = pLimit(atATime);
const { signal } = new AbortController();
const answered = await Promise.all(
  names.map((name) =>
    limit(async () => {
      const transport = ssh(new URL(`ssh://${name}`), { config });
      const answers = await transport.exchange(commands, { signal });
      await transport.close();
      return answers.every(({ missing }) => !missing);
    }),
  ),
);
if (!answered.every(Boolean)) throw new Error('not every question was answered');
console.log(`${answered.length} servers answered`);
