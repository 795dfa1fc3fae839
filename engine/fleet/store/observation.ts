/** Where and when in a store something is recorded. */
export type Place = Readonly<{ run: number; targetId: number; observedAt: string; recordedAt: string }>;

/** Whether what is known was seen later. What is dated after this moment was dated by a clock that was wrong. */
export const isOutdated = ({ observedAt, recordedAt }: Place, lastAt: string): boolean =>
  lastAt > observedAt && lastAt <= recordedAt;
