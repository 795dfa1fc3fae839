import type { Evidence } from '../model.ts';

/** What came back for one command line. Replayed answers keep the id under which they were recorded. */
export type Answer = Omit<Evidence, 'id'> & Readonly<{ id?: string }>;

export type ExchangeOptions = Readonly<{
  /** Ends the exchange: what is not answered by then is `cancelled` or `timed-out`, as the abort reason says. */
  signal: AbortSignal;
}>;

/**
 * Carries command lines to a target and brings bytes back: one answer per command, in order.
 * What the world does wrong is an answer with `missing`, never an exception.
 */
export type Transport = Readonly<{
  kind: 'ssh' | 'winrm' | 'local' | 'network' | 'collector' | 'evidence';
  /** When recorded evidence was gathered; absent on a live transport. */
  recordedAt?: Date;
  exchange(commands: readonly string[], options: ExchangeOptions): Promise<readonly Answer[]>;
  close(): Promise<void>;
}>;
