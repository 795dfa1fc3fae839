/** Every limit of the engine, with its reason. Times in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** A registry, service or event question takes well under a second; a hung one must not hold the rest back. */
  commandMs: 30_000,
  /** A busy server with a slow link answers the whole batch in seconds; two minutes is a server that will not. */
  targetMs: 120_000,
  /** cmd.exe reads no longer line. */
  lineCharacters: 8_191,
  /** The largest honest answer is a certificate store of some hundred certificates, below 2 MB. */
  answerBytes: 16_000_000,
  /** All answers of a target together; more is an attack on our memory. */
  exchangeBytes: 64_000_000,
  /** After this many broken connections in one exchange the rest is not asked any more. */
  connectionsPerExchange: 4,
  /** Opening a connection: beyond this a server counts as unreachable. */
  connectSeconds: 15,
  /** Servers audited at the same time: each one is an ssh process of about 40 ms CPU. */
  targetsAtATime: 32,
  /** Text of one answer that a report shows. */
  excerptCharacters: 2_000,
  /** Questions a fact may put one after another; more is a defect in the fact. */
  exchangesPerTarget: 8,
  /** The same from outside: a name, its addresses, then issuers and their CRLs one after another. */
  probeExchangesPerTarget: 24,
} as const;
