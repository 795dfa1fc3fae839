import type { Evidence, Ignorance } from '../model.ts';

/** What came back for one command line. Replayed answers keep the id under which they were recorded. */
export type Answer = Omit<Evidence, 'id'> & Readonly<{ id?: string }>;

export type ExchangeOptions = Readonly<{
  /** Ends the exchange: what is not answered by then is `cancelled` or `timed-out`, as the abort reason says. */
  signal: AbortSignal;
}>;

/** What lies on the ways to a target, in the order in which it is met. */
type StepName = 'folder' | 'seal' | 'name' | 'tcp' | 'tls' | 'ssh' | 'host-key' | 'sign-in' | 'shell' | 'exchange';

/**
 * One step that was taken; `missing` says why it failed. `said` holds names and numbers in no language: an address, the
 * fingerprint of a key.
 */
export type Step = Readonly<{ step: StepName; said: string; missing?: Ignorance }>;

/**
 * Carries command lines to a target and brings bytes back: one answer per command, in order.
 * What the world does wrong is an answer with `missing`, never an exception.
 */
export type Transport = Readonly<{
  kind: 'ssh' | 'winrm' | 'local' | 'network' | 'collector' | 'evidence';
  /** When recorded evidence was gathered; absent on a live transport. */
  recordedAt?: Date;
  exchange(commands: readonly string[], options: ExchangeOptions): Promise<readonly Answer[]>;
  /** Goes the way once, without asking anything that matters: the steps up to the first that fails. */
  steps?(options: ExchangeOptions): Promise<readonly Step[]>;
  /** Throws Mistake where there is plainly nothing to sign in with, before anybody is asked. */
  ready?(): void;
  close(): Promise<void>;
}>;
