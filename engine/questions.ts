import type { Endpoint, Fact } from './define.ts';
import { gather, type Ways } from './gather.ts';
import { writeHeard, writeResolved, writeVersions } from './probe/answers.ts';
import { questionIn } from './probe/questions.ts';
import type { Answer, Transport } from './transports/transport.ts';

/** A command that may be sent to a server, the facts that ask it, and the rights that they need. */
export type Question = Readonly<{ command: string; facts: readonly string[]; rights: readonly string[] }>;

const AT = new Date(0);
const nothing = new Uint8Array();

/** A way on which every question is noted, and answered so that it leads to as many others as it can. */
const noting = (asked: Set<string>, answer: (command: string) => Pick<Answer, 'stdout' | 'exitCode'>): Transport => ({
  kind: 'evidence',
  recordedAt: AT,
  exchange: async (commands) =>
    commands.map((command) => {
      asked.add(command);
      return { command, stderr: nothing, startedAt: AT.toISOString(), tookMs: 0, ...answer(command) };
    }),
  close: async () => {},
});

/** A server that refuses every question: facts then ask everything that a refusal leads them to. */
const refusing = () => ({ stdout: nothing, exitCode: 1 });

/** A server that does TLS and shows nothing. */
const willing = (command: string) => ({ stdout: willingly(command), exitCode: 0 });
const willingly = (command: string): Uint8Array => {
  const question = questionIn(command);
  switch (question?.kind) {
    case 'resolve':
      return writeResolved({ name: question.name, addresses: ['ADDRESS', 'NEXT-ADDRESS'] });
    case 'handshake': {
      const { address, endpoint } = question;
      const steps = [{ stage: 'tls', tookMs: 0 }] as const;
      const tls = { protocol: '', cipher: '', certificates: [] };
      return writeHeard({ address, port: endpoint.port, steps, tls, abortSent: false, received: {} });
    }
    case 'versions':
      return writeVersions([]);
    case 'fetch':
    case 'trusted-roots':
    case undefined:
      return nothing;
  }
};

const NAME: Endpoint = { host: 'NAME', port: 443, serverName: 'NAME' };

/** A view from outside takes no account, and leaves from where we run. */
const FROM_HERE = 'none; asked from this machine, over the network';

/** The code page and the version of Windows. */
const ANY_USER = 'read HKLM (any user)';
const UNHEARD = { signal: new AbortController().signal, keep: async () => {} };

type Asking = Readonly<{
  vantage: Fact<unknown>['vantage'];
  ways(asked: Set<string>): Ways;
  rightOf(fact: Fact<unknown>): string;
}>;

const everyQuestionOf = async (
  facts: Iterable<Fact<unknown>>,
  { vantage, ways, rightOf }: Asking,
): Promise<readonly Question[]> => {
  const found = new Map<string, { facts: string[]; rights: Set<string> }>();
  // These are asked of every target, whatever rights its facts need.
  const always = new Set<string>();
  await gather(ways(always), [], UNHEARD);
  for (const fact of facts) {
    if (fact.vantage !== vantage) continue;
    const asked = new Set<string>(fact.mayAsk);
    await gather(ways(asked), [fact], UNHEARD);
    for (const command of asked) {
      const entry = found.get(command) ?? { facts: [], rights: new Set<string>() };
      entry.facts.push(fact.id);
      entry.rights.add(always.has(command) ? ANY_USER : rightOf(fact));
      found.set(command, entry);
    }
  }
  return [...found]
    .map(([command, { facts: ids, rights }]) => ({ command, facts: ids, rights: [...rights] }))
    .sort((a, b) => (a.command < b.command ? -1 : 1));
};

/** Every command that the facts could ever send, found by asking a server that refuses. */
export const questionsOf = (facts: Iterable<Fact<unknown>>): Promise<readonly Question[]> =>
  everyQuestionOf(facts, {
    vantage: 'server',
    ways: (asked) => ({ server: noting(asked, refusing) }),
    rightOf: (fact) => (fact.vantage === 'server' ? fact.right : FROM_HERE),
  });

/** Every question that the facts could ever put from outside; NAME, ADDRESS, URL and SUBJECT stand for what there is. */
export const networkQuestionsOf = (facts: Iterable<Fact<unknown>>): Promise<readonly Question[]> =>
  everyQuestionOf(facts, {
    vantage: 'network',
    ways: (asked) => ({ network: { transport: noting(asked, willing), endpoint: NAME } }),
    rightOf: () => FROM_HERE,
  });
