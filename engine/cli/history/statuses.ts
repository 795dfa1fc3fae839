import { suggestion } from '../../document/suggest.ts';
import { Mistake } from '../../mistake.ts';
import { STATUSES, type Status } from '../../model.ts';

/** Statuses by their names. Throws Mistake for a name that none has. */
export const statusesOf = (names: readonly string[]): readonly Status[] =>
  names.map((name) => {
    const status = STATUSES.find((known) => known === name);
    if (!status) throw new Mistake(`${name} is no status${suggestion(name, STATUSES)}`, `write ${STATUSES.join(', ')}`);
    return status;
  });
