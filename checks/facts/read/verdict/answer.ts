/**
 * What a source says of a certificate. failed: nothing that any client could use; unclear: nothing that can be used from
 * here, while a client may see more.
 */
export type Answer = Readonly<
  | { kind: 'good' }
  | { kind: 'revoked'; since: Date; reason?: string }
  | { kind: 'failed'; why: string }
  | { kind: 'unclear'; why: string }
>;

export const failed = (why: string): Answer => ({ kind: 'failed', why });
export const unclear = (why: string): Answer => ({ kind: 'unclear', why });

/** Answers are made after the moment of observation, and clocks differ: what was made within this counts as made by then. */
const MADE_WITHIN_MS = 600_000;

/** Whether an answer is made for a time after the moment of observation. */
export const isTooEarly = (thisUpdate: Date, at: Date): boolean => thisUpdate.getTime() > at.getTime() + MADE_WITHIN_MS;
