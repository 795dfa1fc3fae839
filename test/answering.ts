/** The program once more for each line of arguments that comes in: a process that has loaded it need not load it again. */
import { EventEmitter } from 'node:events';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { endOf, type Question } from './command.ts';
import { PROGRAM } from './program.ts';

/** What the program listens for until its process ends, and nobody else does here. */
const EVENTS = ['uncaughtException', 'SIGINT', 'SIGTERM', 'SIGHUP'];

const { main } = (await import(pathToFileURL(PROGRAM).href)) as typeof import('../engine/cli/program.ts');

const answer = async ({ args }: Question): Promise<void> => {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  await main();
  for (const event of EVENTS) process.removeAllListeners(event);
  const end = endOf(Number(process.exitCode));
  for (const stream of [process.stdout, process.stderr]) {
    // What one command leaves on a stream is not told as the leak of a later one.
    const left = stream.eventNames().map((event) => stream.listenerCount(event));
    stream.setMaxListeners(EventEmitter.defaultMaxListeners + Math.max(0, ...left));
    stream.write(end);
  }
};

process.on('message', (question: Question) => void answer(question));
