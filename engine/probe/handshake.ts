import type { Heard } from './answers.ts';
import { type Conversation, converse } from './converse.ts';
import { type Around, dial } from './dial.ts';
import { setOut } from './journey.ts';
import { gone, leave } from './leave.ts';
import type { Question } from './questions.ts';
import { secure } from './secure.ts';

const NOTHING_SAID: Conversation = { inside: () => new Uint8Array(), abortSent: false };

/** One connection to one address, as far as it gets. Each stage has the whole of the patience; nothing stays open. */
export const shakeHands = async (
  { address, endpoint, until }: Extract<Question, { kind: 'handshake' }>,
  around: Around,
): Promise<Heard> => {
  const { port, serverName } = endpoint;
  const journey = setOut();
  const about = { address, port, steps: journey.steps, abortSent: false };
  const line = await dial(address, endpoint, around, journey);
  if (!('socket' in line)) return { ...about, received: line };
  const { socket, ear } = line;
  const secured = await journey.take('tls', () => secure(line, serverName, around.patience));
  if (!secured) {
    await gone(socket);
    const raw = ear.kept().subarray(line.from);
    return { ...about, received: { ...(raw.length > 0 && { raw }) } };
  }
  ear.forget();
  const { stream, seen: tls } = secured;
  const { inside: saidInside, abortSent } =
    until === 'sstp' ? await converse(stream, serverName, around.patience, journey) : NOTHING_SAID;
  await leave(stream, socket, abortSent);
  const inside = saidInside();
  return { ...about, tls, abortSent, received: { ...(inside.length > 0 && { inside }) } };
};
