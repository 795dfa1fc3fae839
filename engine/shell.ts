/** zx's own `$`, bound to a target: quoting is cmd.exe's, and the asker is asked instead of starting a process. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { $, type Options, ProcessOutput, ProcessPromise, type Shell, within } from 'zx/core';
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
    for (const stream of [stdout, stderr]) stream.push(null);
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
  halt: false,
  kill: async () => {},
  spawnSync: () => noSync(),
};

type Ask = (command: string) => Promise<Spoken>;

/**
 * Runs a script with a `$` whose commands are answered by `ask`. zx keeps the options for all that the script does, which
 * costs a tenth of handing them to each command.
 */
export const withShell = <T>(ask: Ask, script: ($: Shell) => T): T =>
  within(() => {
    Object.assign($, OPTIONS, { spawn: (command: string) => child(ask(command)) });
    return script(shellFor(ask));
  });

/**
 * zx's `$`, which costs a tenth where a script only waits for what a command says: zx writes the command, and what it gives
 * is made of the answer, without the streams and events of a process in between.
 */
const shellFor = (ask: Ask): Shell =>
  new Proxy($, {
    get: (tag, key) => (key === 'sync' ? noSync() : Reflect.get(tag, key)),
    apply: (tag, self, words) => {
      if (words[0]?.sync) return noSync();
      // `$({ … })` gives another `$`, which is left as it is.
      if (!Array.isArray(words[0])) return Reflect.apply(tag, self, words);
      const command = notStarted(() => Reflect.apply(tag, self, words));
      // What another command says may be part of this one: then it is not written yet.
      return typeof command.cmd === 'string' ? answeredBy(ask(command.cmd), command) : command.run();
    },
  });

/** zx would reject a promise of its own that nobody can wait for, which ends the process. */
const noSync = (): never => {
  throw new TypeError('$.sync is not available: a fact asks a server');
};

/** A command that is written, and does not run. */
const notStarted = (write: () => ProcessPromise): ProcessPromise => {
  $.halt = true;
  try {
    return untraced(write);
  } finally {
    $.halt = false;
  }
};

/** zx notes for its messages, of which we show none, where each command stands: that costs as much as all the rest. */
const untraced = <T>(work: () => T): T => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

const outputs = new WeakMap<object, Promise<ProcessOutput>>();

const answeredBy = (answer: Promise<Spoken>, command: ProcessPromise): ProcessPromise => {
  const { cmd } = command;
  outputs.set(
    command,
    answer.then(
      (spoken) => outputOf(spoken, cmd),
      (error: unknown) => outputOf({ stdout: '', stderr: '', exitCode: -2 }, cmd, error),
    ),
  );
  return Object.setPrototypeOf(command, ANSWERED);
};

const outputOf = ({ stdout, stderr, exitCode }: Spoken, from: string, error: unknown = null): ProcessOutput => {
  const [out, err] = [said(stdout), said(stderr)];
  const store = { stdout: out, stderr: err, stdall: [...out, ...err] };
  return untraced(() => new ProcessOutput({ code: exitCode ?? -1, signal: null, duration: 0, error, from, store }));
};

const said = (text: string): string[] => (text === '' ? [] : [text]);

/** What can be asked of a command whose answer is all that is wanted. */
const OF_THE_ANSWER: ReadonlySet<PropertyKey> = new Set([
  ...['constructor', 'then', 'catch', 'exitCode', 'text', 'json', 'lines', 'buffer', 'blob', 'cmd'],
  ...['nothrow', 'isNothrow', 'quiet', 'isQuiet', 'verbose', 'isVerbose', Symbol.toStringTag],
]);

/** For everything else it becomes a process, as zx runs it, which asks the same once more and hears the same. */
const asProcess = (key: PropertyKey): PropertyDescriptor => ({
  get(this: ProcessPromise) {
    const process: ProcessPromise = Object.setPrototypeOf(this, ProcessPromise.prototype);
    // Whoever waited for the answer heard already that it failed.
    process.run().catch(() => {});
    return Reflect.get(process, key);
  },
});

const whenAnswered = function (this: ProcessPromise, ...then: Parameters<Promise<ProcessOutput>['then']>) {
  const answered = outputs.get(this)?.then((output) => {
    if (output.ok || this.isNothrow()) return output;
    throw output;
  });
  return answered?.then(...then);
};

const ANSWERED = Object.create(
  ProcessPromise.prototype,
  Object.fromEntries([
    ...Reflect.ownKeys(ProcessPromise.prototype)
      .filter((key) => !OF_THE_ANSWER.has(key))
      .map((key) => [key, asProcess(key)]),
    ['then', { value: whenAnswered }],
  ]),
);
