/** How long the event loop is blocked, by us: what other processes take from us on a busy machine does not count. */
const EVERY_MS = 5;

/** CPU time of this thread in milliseconds; of the whole process where Node cannot tell (before 23.9). */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
};

export type Blocking = Readonly<{
  /** The longest time without a turn for timers, in milliseconds of CPU, and by the clock. */
  stop(): Readonly<{ cpuMs: number; wallMs: number }>;
}>;

export const watchBlocking = (): Blocking => {
  let longest = { cpuMs: 0, wallMs: 0 };
  let last = { cpu: cpuMs(), wall: performance.now() };
  const timer = setInterval(() => {
    const now = { cpu: cpuMs(), wall: performance.now() };
    const wall = now.wall - last.wall - EVERY_MS;
    longest = {
      cpuMs: Math.max(longest.cpuMs, Math.min(wall, now.cpu - last.cpu)),
      wallMs: Math.max(longest.wallMs, wall),
    };
    last = now;
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
};
