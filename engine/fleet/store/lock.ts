import { rmSync } from 'node:fs';
import { openLock } from './sqlite.ts';

/** Held as long as a run goes on; ended with the process, however that ends. */
export type Lock = Readonly<{
  /** Gives it free; of a run that is finished, nothing is left behind. */
  release(isFinished: boolean): void;
}>;

/** Takes the lock of a run; undefined when another process holds it. The operating system gives it free after a kill. */
export const lockRun = (store: string, run: number): Lock | undefined => lockAt(`${store}.run-${run}.lock`);

/** The same for whoever forgets what is old. */
export const lockPrune = (store: string): Lock | undefined => lockAt(`${store}.prune.lock`);

const lockAt = (file: string): Lock | undefined => {
  const held = openLock(file);
  return (
    held && {
      release: (isFinished) => {
        held.close();
        if (isFinished) rmSync(file, { force: true });
      },
    }
  );
};
