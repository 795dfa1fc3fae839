/** The steps of the way to a WinRM server, one by one. */
import type { Ignorance } from '../../model.ts';
import type { Step } from '../transport.ts';
import type { Note } from './socket.ts';

/** Collects the steps as they are taken; each once, in the order of the way. */
export const stepsTaken = (tls: boolean): { note: Note; upTo(failure: Ignorance): readonly Step[] } => {
  const order: readonly Step['step'][] = ['name', 'tcp', ...(tls ? (['tls'] as const) : []), 'sign-in'];
  const taken = new Map<Step['step'], string>();
  return {
    note: (step, said) => {
      if (!taken.has(step)) taken.set(step, said);
    },
    /** All of them, or those that were taken and the one that failed. */
    upTo: (missing) => {
      const failed = order.find((step) => !taken.has(step));
      const done = order.slice(0, failed === undefined ? order.length : order.indexOf(failed));
      const steps = done.map((step): Step => ({ step, said: taken.get(step) ?? '' }));
      return failed === undefined ? steps : [...steps, { step: failed, said: '', missing }];
    },
  };
};
