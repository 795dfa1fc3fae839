/** zx's own `$`, bound to a target: quoting is cmd.exe's, and `spawn` asks the asker instead of starting a process. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { $, type Options, type Shell, within } from 'zx/core';
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

const OPTIONS: Partial<Options> = {
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
  spawnSync: () => {
    throw new TypeError('$.sync is not available: a fact asks a server');
  },
};

/**
 * Runs a script with a `$` whose commands are answered by `ask`. zx keeps the options for all that the script does, which
 * costs a tenth of handing them to each command.
 */
export const withShell = <T>(ask: (command: string) => Promise<Spoken>, script: ($: Shell) => T): T =>
  within(() => {
    Object.assign($, OPTIONS, { spawn: (command: string) => child(ask(command)) });
    return script(light);
  });

/**
 * zx's `$` without what costs as much as all the rest. It notes for its messages, of which we show none, where each command
 * stands; and whatever waits for a command becomes a command, too, where a promise will do.
 */
const light: Shell = new Proxy($, {
  apply(tag, self, words) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return Object.defineProperty(Reflect.apply(tag, self, words), 'constructor', { value: Promise });
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  },
});
