/** zx's own `$`, bound to a target: quoting is cmd.exe's, and `spawn` asks the asker instead of starting a process. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { $, type Options, type Shell } from 'zx/core';
import { quoteForCmd } from './quote.ts';

/** One decoded answer. `exitCode` is null when there is none, since the answer is not whole. */
export type Spoken = Readonly<{ stdout: string; stderr: string; exitCode: number | null }>;

/** Above every process id of Linux, and odd, which no process id of Windows is: zx must never kill a real process for us. */
const NO_PROCESS = 2_000_000_001;

/**
 * A child process as zx needs it: two streams that end, then `close`. zx attaches its listeners after spawn() returns,
 * and decodes per chunk: so each stream is one string, pushed later.
 */
const child = (answer: Promise<Spoken>): ChildProcess => {
  const emitter = new EventEmitter();
  const stdout = new Readable({ read() {} });
  const stderr = new Readable({ read() {} });
  const speak = async (): Promise<void> => {
    const spoken = await answer;
    for (const [stream, text] of [[stdout, spoken.stdout] as const, [stderr, spoken.stderr] as const]) {
      if (text !== '') stream.push(text);
      stream.push(null);
    }
    emitter.emit('exit', spoken.exitCode ?? -1, null);
    await Promise.all([finished(stdout), finished(stderr)]);
    emitter.emit('close', spoken.exitCode ?? -1, null);
  };
  speak().catch((error: unknown) => {
    emitter.emit('error', error);
    emitter.emit('close', -2, null);
  });
  return Object.assign(emitter, {
    pid: NO_PROCESS,
    stdin: null,
    stdout,
    stderr,
    kill: () => false,
  }) as unknown as ChildProcess;
};

/** A `$` whose commands are answered by `ask`. */
export const shellFor = (ask: (command: string) => Promise<Spoken>): Shell => {
  const options: Partial<Options> = {
    shell: true,
    prefix: '',
    postfix: '',
    quote: quoteForCmd,
    quiet: true,
    verbose: false,
    nothrow: false,
    detached: false,
    preferLocal: false,
    kill: async () => {},
    spawn: ((command: string) => child(ask(command))) as unknown as Options['spawn'],
    spawnSync: () => {
      throw new TypeError('$.sync is not available: a fact asks a server');
    },
  };
  return $(options);
};
