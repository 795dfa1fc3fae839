import { defineFact } from '../../engine/define.ts';

/** The moment of observation: the only clock that a check knows. */
export const observedAt = defineFact<Date>({
  id: 'target/observed-at',
  vantage: 'server',
  right: 'none',
  ask: async (_$, facts) => facts.observedAt,
});
