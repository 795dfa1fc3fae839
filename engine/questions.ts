import type { Fact } from './define.ts';
import { gather } from './gather.ts';
import type { Answer, Transport } from './transports/transport.ts';

/** A command that may be sent to a server, the facts that ask it, and the rights that they need. */
export type Question = Readonly<{ command: string; facts: readonly string[]; rights: readonly string[] }>;

/** A server that refuses every question: facts then ask everything that a refusal leads them to. */
const refusing = (asked: Set<string>): Transport => ({
  kind: 'evidence',
  recordedAt: new Date(0),
  exchange: async (commands) =>
    commands.map((command): Answer => {
      asked.add(command);
      const [stdout, stderr] = [new Uint8Array(), new Uint8Array()];
      return { command, stdout, stderr, exitCode: 1, startedAt: new Date(0).toISOString(), tookMs: 0 };
    }),
  close: async () => {},
});

/** Every command that the facts could ever send, found by asking a server that refuses. */
export const questionsOf = async (facts: Iterable<Fact<unknown>>): Promise<readonly Question[]> => {
  const found = new Map<string, { facts: string[]; rights: Set<string> }>();
  for (const fact of facts) {
    if (fact.vantage !== 'server') continue;
    const asked = new Set<string>(fact.mayAsk);
    await gather({ server: refusing(asked) }, [fact], { signal: new AbortController().signal, keep: async () => {} });
    for (const command of asked) {
      const entry = found.get(command) ?? { facts: [], rights: new Set<string>() };
      entry.facts.push(fact.id);
      entry.rights.add(fact.right);
      found.set(command, entry);
    }
  }
  return [...found]
    .map(([command, { facts: ids, rights }]) => ({ command, facts: ids, rights: [...rights] }))
    .sort((a, b) => (a.command < b.command ? -1 : 1));
};
