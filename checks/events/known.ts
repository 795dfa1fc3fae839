import type { Language } from '../../engine/model.ts';

/** An entry that an event log of a server or of a client may hold, and what it means. */
export type KnownEvent = Readonly<{
  provider: string;
  id: number;
  /** Where it is logged for SSTP. On a server, the entries of clients are about connections that it dials itself. */
  side: 'server' | 'client';
  /**
   * `error`: the server may not accept SSTP, or did not for a while. `unclear`: so it may be, or it is about another program.
   * The others tell what happened, and are no failure.
   */
  level: 'error' | 'unclear' | 'warning' | 'information';
  means: Readonly<Record<Language, string>>;
}>;

/** How a table of events is written down: provider and side once, then one line or two for each. */
export const knownEvents =
  (provider: string, side: KnownEvent['side']) =>
  (
    level: KnownEvent['level'],
    meanings: Readonly<Record<number, readonly [en: string, ja: string]>>,
  ): readonly KnownEvent[] =>
    Object.entries(meanings).map(([id, [en, ja]]) => ({ provider, id: Number(id), side, level, means: { en, ja } }));
