/** Every limit of fleets, with its reason. Times in milliseconds, sizes in bytes. */
export const FLEET = {
  /** Ten times the largest fleet that one machine is meant for; more is a slip of a range. */
  hosts: 100_000,
  /** An inventory that people write; a larger one comes from a program, as CSV, JSON or a list. */
  inventoryBytes: 4_194_304,
  /** What a program writes about that many hosts. */
  listingBytes: 134_217_728,
} as const;
