/** Every limit of fleets, with its reason. Times in milliseconds, sizes in bytes. */
export const FLEET = {
  /** Ten times the largest fleet that one machine is meant for; more is a slip of a range. */
  hosts: 100_000,
  /** An inventory that people write; a larger one comes from a program, as CSV, JSON or a list. */
  inventoryBytes: 4_194_304,
  /** What a program writes about that many hosts. */
  listingBytes: 134_217_728,
  /** Up to so many, a run takes the 350 MB that V8 would let lie; with more, it rather takes longer. */
  spaciousServers: 1_000,
  /** Servers of one site at the same time: they share a line. */
  perSite: 16,
  /** Connections through one jump host at the same time: its sshd begins to drop strangers at ten (MaxStartups). */
  perJumpHost: 8,
  /** After this a server is waiting, not working: it gives its place to another one and goes on beside it. */
  overtimeMs: 20_000,
  /** Servers that go on beside the others, for each place: each one is a process that waits. */
  overtimePerPlace: 4,
  /** Attempts to connect to a server. */
  attempts: 3,
  /** Before the second attempt; four times as long before each further one, and up to half as much again by chance. */
  backoffMs: 2_000,
  /** What a server that is told to stop may take; then it is given up. */
  graceMs: 10_000,
  /** Judging the answers of one server takes a twentieth of this; then the next one has its turn in any case. */
  turnMs: 1_000,
  /** Status lines of a log that is not a terminal. */
  linesEveryMs: 10_000,
  /** The status on a terminal. */
  redrawEveryMs: 250,
  /** A server that is being asked for longer is named in the status. */
  slowMs: 3_000,
  /** Runs shorter than this show no status. */
  quietMs: 1_000,
  /** Rows of the table of stragglers. */
  stragglers: 10,
} as const;
