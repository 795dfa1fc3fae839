import { createLogUpdate } from 'log-update';
import { FLEET } from '../limits.ts';
import type { Display } from './progress.ts';

/** In place; the cursor stays visible, so that nothing is left to mend when the program is killed. */
export const inPlace = (stream: NodeJS.WriteStream): Display => {
  const update = createLogUpdate(stream, { showCursor: true });
  return {
    everyMs: FLEET.redrawEveryMs,
    show: (lines) => update(lines.join('\n')),
    clear: () => {
      update.clear();
      update.done();
    },
    leave: () => update.done(),
  };
};
