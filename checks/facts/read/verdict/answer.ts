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
