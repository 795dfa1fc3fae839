/** Milliseconds since an instant. None where the clock was set back meanwhile: nobody would take evidence of less than none. */
export const msSince = (instant: number): number => Math.max(0, Date.now() - instant);
