/** Every limit of the engine, with its reason. Times in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** A registry, service or event question takes well under a second; a hung one must not hold the rest back. */
  commandMs: 30_000,
  /** A busy server with a slow link answers the whole batch in seconds; two minutes is a server that will not. */
  targetMs: 120_000,
  /** cmd.exe reads 8,191 characters, the words by which a server starts it counted (Microsoft KB830473): so some are left to them. */
  lineCharacters: 8_000,
  /** The largest honest answer is a certificate store of some hundred certificates, below 2 MB. */
  answerBytes: 16_000_000,
  /** All answers of a target together; more is an attack on our memory. */
  exchangeBytes: 64_000_000,
  /** All files of a folder of evidence: what some exchanges of a server that floods bring, while an honest one has 2 MB in all. */
  folderBytes: 256_000_000,
  /** One envelope of WinRM: we ask for 150 KB at most, sealing and headers add a little; more is no honest server. */
  envelopeBytes: 1_000_000,
  /** Between two requests for output when there was none. An honest server holds each of them for seconds; another one is not hammered. */
  noOutputMs: 200,
  /** What may go by until a remote shell that hangs is deleted; the server's idle time ends it otherwise. */
  farewellMs: 5_000,
  /** A program that gives a password may ask a person to confirm. */
  passwordMs: 60_000,
  /** After this many broken connections in one exchange the rest is not asked any more. */
  connectionsPerExchange: 4,
  /** A connection that the server holds open when its answer is whole is ended by us. */
  wholeAnswerMs: 1_000,
  /** Opening a connection: beyond this a server counts as unreachable. */
  connectSeconds: 15,
  /** Servers audited at the same time: each one is an ssh process of about 40 ms CPU. */
  targetsAtATime: 32,
  /** Servers probed at the same time: each is a connection and some kilobytes; more gains nothing (measured). */
  probesAtATime: 64,
  /** Text of one answer that a report shows. */
  excerptCharacters: 2_000,
  /**
   * Questions one after another; more is a defect in the facts. A healthy server needs two; where keys are denied, each fact
   * of a chain asks for the key, for its parent, and for those above: nine at most so far.
   */
  exchangesPerTarget: 16,
  /** The same from outside: a name, its addresses, then issuers and their CRLs one after another. */
  probeExchangesPerTarget: 24,
  /** One stage of a connection from outside; a server slower than that would lose impatient clients. Windows itself waits 60 s. */
  stageMs: 10_000,
  longestStageMs: 60_000,
  /** What is kept of one connection from outside: an honest server says some 5,000 bytes up to its Call Connect answer. */
  keptBytes: 65_536,
  /** All that one connection from outside may say before it is ended; OpenSSL itself takes chains up to 100,000 bytes. */
  connectionBytes: 131_072,
  /** Waiting for the server to hang up after a Call Abort, so that the abort is not overtaken by a reset. */
  leaveMs: 1_000,
  /** Connections to one server at the same time, when its versions and suites are asked for: gentle. */
  connectionsPerServer: 4,
  /** All of that; a healthy server takes below a second. */
  sweepMs: 60_000,
  /** Questions to the network at the same time, for one target. */
  questionsAtATime: 8,
  /** A chain of four certificates names a dozen URLs; more come from someone who uses us to reach others. */
  fetchesPerTarget: 32,
  /**
   * One revocation list. Most authorities split theirs; what is larger, as some are, stays unknown: evidence keeps every byte of
   * it, for each target, in base64.
   */
  fetchedBytes: 1_048_576,
  /** All that is kept of what was fetched in one run. */
  fetchCacheBytes: 67_108_864,
  /** One fetch. Windows gives up on an address after as long (wincrypt.h, CERT_CHAIN_URL_RETRIEVAL_TIMEOUT_MILLISECONDS_DEFAULT). */
  fetchMs: 15_000,
  /** A name with the longest deadline, then a fetch. */
  longestFetchMs: 80_000,
} as const;
