import pLimit from 'p-limit';
import type { Transport } from '../../engine/transports/transport.ts';

type How = Readonly<{ commands: readonly string[]; atATime: number }>;

/** Puts the same commands to each server, and does nothing with the answers. Throws when one of them is not whole. */
export const askEach = async (servers: readonly Transport[], { commands, atATime }: How): Promise<void> => {
  const limit = pLimit(atATime);
  const { signal } = new AbortController();
  const answered = await Promise.all(
    servers.map((server) =>
      limit(async () => {
        const answers = await server.exchange(commands, { signal });
        await server.close();
        return answers.every(({ missing }) => !missing);
      }),
    ),
  );
  if (!answered.every(Boolean)) throw new Error('not every question was answered');
  console.log(`${answered.length} servers answered`);
};
