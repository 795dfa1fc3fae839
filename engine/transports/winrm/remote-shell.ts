/** A remote shell on one server: opened when needed, given line after line, and deleted whatever happens. */
import { setTimeout as wait } from 'node:timers/promises';
import { Unknown } from '../../define.ts';
import { LIMITS } from '../../limits.ts';
import type { Ignorance } from '../../model.ts';
import { type Outcome, stoppedBy, watchdog } from '../run-process.ts';
import type { Client } from './client.ts';
import { command, create, interrupt, type Request, receive, remove } from './envelope.ts';
import { type Fault, isTimedOut, meaningOf } from './fault.ts';
import { commandIn, type Piece, pieceIn, shellIn } from './output.ts';
import type { Element } from './xml.ts';

export type RunOptions = Readonly<{
  signal: AbortSignal;
  /** A piece of output that proves progress: `commandMs` starts anew when it appears. */
  heartbeat: string;
  commandMs: number;
}>;

export type RemoteShell = Readonly<{
  /** Runs one line. What goes wrong is in the outcome's `stopped`; the shell is gone then. Never throws. */
  run(line: string, options: RunOptions): Promise<Outcome>;
  /** Deletes the shell, if there is one. Never throws. */
  close(): Promise<void>;
}>;

export const remoteShell = (client: Client): RemoteShell => {
  let shell: string | undefined;

  /** Tells the server that we are gone. One that does not listen ends the shell itself when it has idled. */
  const farewell = async (running?: string): Promise<void> => {
    const grace = AbortSignal.timeout(LIMITS.farewellMs);
    const requests = shell === undefined ? [] : [...(running ? [interrupt(shell, running)] : []), remove(shell)];
    for (const request of requests) await client.ask(request, grace).catch(() => undefined);
    client.hangUp();
    shell = undefined;
  };

  const run: RemoteShell['run'] = async (line, { signal, heartbeat, commandMs }) => {
    const stop = stopper(signal);
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let watch: ReturnType<typeof watchdog> | undefined;
    let running: string | undefined;
    let exitCode: number | null = null;
    try {
      shell ??= await open(client, stop.signal);
      watch = watchdog(heartbeat, commandMs, stop.because);
      running = commandIn(await demand(client, command(shell, line), stop.signal));
      for await (const piece of follow(client, shell, running, stop.signal)) {
        for (const { stream, bytes } of piece.chunks) {
          output[stream].push(bytes);
          watch.saw(bytes);
        }
        exitCode = piece.exitCode ?? null;
      }
    } catch (error) {
      stop.because(ignoranceOf(error));
      await farewell(running);
    } finally {
      watch?.end();
      stop.end();
    }
    const stopped = stop.reason();
    const [stdout, stderr] = [Buffer.concat(output.stdout), Buffer.concat(output.stderr)];
    return { stdout, stderr, exitCode, ...(stopped && { stopped }) };
  };
  return { run, close: () => farewell() };
};

/** Ends what runs under its signal: from outside, or for a reason of our own. The first reason counts. */
const stopper = (outer: AbortSignal) => {
  const controller = new AbortController();
  let reason: Ignorance | undefined;
  const because = (why: Ignorance): void => {
    reason ??= why;
    controller.abort();
  };
  const fromOutside = (): void => because(stoppedBy(outer));
  outer.addEventListener('abort', fromOutside, { once: true });
  if (outer.aborted) fromOutside();
  return {
    signal: controller.signal,
    because,
    reason: () => reason,
    end: () => outer.removeEventListener('abort', fromOutside),
  };
};

/** A shell whose Create we gave up could not be named, hence not deleted: so its answer is awaited a little longer. */
const open = async (client: Client, signal: AbortSignal): Promise<string> => {
  await client.connect(signal);
  const patient = new AbortController();
  const later = (): void => void setTimeout(() => patient.abort(), LIMITS.farewellMs).unref();
  signal.addEventListener('abort', later, { once: true });
  if (signal.aborted) later();
  return shellIn(await demand(client, create(), patient.signal));
};

const demand = async (client: Client, request: Request, signal: AbortSignal): Promise<Element> => {
  const answer = await client.ask(request, signal);
  if (answer.fault) throw unknownFor(answer.fault);
  return answer.body;
};

const unknownFor = (fault: Fault): Unknown => {
  const { reason, detail } = meaningOf(fault);
  return new Unknown(reason, detail);
};

/** The output of a running command, until it has ended. A server that has none to give yet is asked again. */
async function* follow(client: Client, shell: string, id: string, signal: AbortSignal): AsyncGenerator<Piece> {
  for (;;) {
    const answer = await client.ask(receive(shell, id), signal);
    if (answer.fault && !isTimedOut(answer.fault)) throw unknownFor(answer.fault);
    const piece: Piece = answer.fault ? { chunks: [] } : pieceIn(answer.body);
    yield piece;
    if (piece.exitCode !== undefined) return;
    const isEmpty = piece.chunks.every(({ bytes }) => bytes.length === 0);
    if (isEmpty) await wait(LIMITS.noOutputMs, undefined, { signal }).catch(() => {});
  }
}

const ignoranceOf = (error: unknown): Ignorance =>
  error instanceof Unknown
    ? { reason: error.reason, detail: error.message }
    : { reason: 'bug', detail: `the WinRM way in: ${error}` };
