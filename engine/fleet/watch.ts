import type { Audited } from '../audit.ts';
import type { Reason, Status } from '../model.ts';

/** What became of a server, in one word: the gravest status of its results. */
export type Ended = Readonly<{
  name: string;
  status: Status;
  tookMs: number;
  attempts: number;
  /** Why it was not reached. */
  reason?: Reason;
  detail?: string;
}>;

/** Who is told how a run goes. */
export type Watch = Readonly<{
  began(name: string): void;
  retrying(name: string, wait: Readonly<{ attempt: number; ms: number }>): void;
  ended(how: Ended): void;
}>;

const GRAVEST: readonly Status[] = ['fail', 'unknown', 'waived', 'pass', 'inapplicable'];

export const endOf = ({ note, results }: Pick<Audited, 'note' | 'results'>, attempts: number): Ended => {
  const { name, tookMs, reason, detail } = note;
  const status = GRAVEST.find((one) => results.some((result) => result.status === one)) ?? 'unknown';
  return { name, status, tookMs, attempts, ...(reason && { reason }), ...(detail && { detail }) };
};
