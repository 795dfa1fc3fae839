/** Simulated servers: the answers of a healthy one, seeded latencies, one in a hundred hung, one in a hundred that refuses. */
import { setTimeout } from 'node:timers/promises';
import { healthyNow, questionsOf } from '../../../ci/bench/recorded.ts';
import type { Server } from '../../../engine/fleet/listed.ts';
import type { Ignorance } from '../../../engine/model.ts';
import { stoppedBy } from '../../../engine/transports/run-process.ts';
import type { Answer, Transport } from '../../../engine/transports/transport.ts';

/** A small generator, so that a server behaves the same in every run. */
const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const lognormal = (random: () => number, median: number, sigma: number): number =>
  median * Math.exp(sigma * Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random()));

export type Kind = 'healthy' | 'hung' | 'refused';

export const kindOf = (at: number): Kind => (at % 100 === 37 ? 'hung' : at % 100 === 73 ? 'refused' : 'healthy');

type Known = ReadonlyMap<string, Readonly<{ stdout: Uint8Array; stderr: Uint8Array; exitCode: number }>>;

/** Answers that every healthy server gives. */
const knownAnswers = async (): Promise<Known> => {
  const { questions } = await questionsOf(await healthyNow(0));
  return new Map(questions.map(({ command, ...answer }) => [command, answer]));
};

const answerOf = (command: string, missing: Ignorance | undefined, known: Known, startedAt: string): Answer => {
  const empty = { command, stdout: new Uint8Array(), stderr: new Uint8Array(), exitCode: null, startedAt, tookMs: 1 };
  const answer = known.get(command);
  if (missing) return { ...empty, missing };
  if (!answer) return { ...empty, exitCode: 1, stderr: Buffer.from('no such answer') };
  // Bytes of its own, as from a real connection.
  return { ...empty, ...answer, stdout: new Uint8Array(answer.stdout), stderr: new Uint8Array(answer.stderr) };
};

const transportTo = (at: number, known: Known, medianMs: number): Transport => {
  const random = seeded(at * 2_654_435_761);
  const kind = kindOf(at);
  return {
    kind: 'ssh',
    exchange: async (commands, { signal }) => {
      const startedAt = new Date().toISOString();
      const ms = kind === 'hung' ? 3_600_000 : lognormal(random, medianMs, 0.6);
      const stopped = await setTimeout(ms, undefined, { signal }).catch(() => stoppedBy(signal));
      const refusal =
        kind === 'refused' ? ({ reason: 'refused', detail: 'Permission denied (publickey).' } as const) : undefined;
      return commands.map((command) => answerOf(command, stopped ?? refusal, known, startedAt));
    },
    close: async () => {},
  };
};

/** Servers of a made-up fleet. */
export const simulatedServers = async (count: number, medianMs: number): Promise<readonly Server[]> => {
  const known = await knownAnswers();
  return Array.from({ length: count }, (_, at): Server => {
    const name = `vpn${String(at).padStart(5, '0')}.example.com`;
    const address = `ssh://admin@${name}`;
    const transport = transportTo(at, known, medianMs);
    return {
      target: { name, address, tags: [], inputs: {} },
      listed: { name, address, tags: [], inputs: {}, groups: [], reach: { site: `site${at % 40}` } },
      open: async () => ({ server: transport }),
    };
  });
};
