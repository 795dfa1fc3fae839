import pLimit, { type LimitFunction } from 'p-limit';

/** Does work one after another for each place. */
export type InTurn = <T>(place: string, work: () => Promise<T>) => Promise<T>;

export const turns = (): InTurn => {
  const waiting = new Map<string, LimitFunction>();
  return async (place, work) => {
    const limit = waiting.get(place) ?? pLimit(1);
    waiting.set(place, limit);
    try {
      return await limit(work);
    } finally {
      // A run over many servers keeps none of them.
      if (limit.activeCount + limit.pendingCount === 0) waiting.delete(place);
    }
  };
};
