/** What was thrown, in words. A user's own check may throw anything, also what has none. */
export const saidBy = (thrown: unknown): string => {
  try {
    return String(thrown);
  } catch {
    return 'something that cannot be told was thrown';
  }
};
