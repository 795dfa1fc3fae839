import type { Ways } from '../gather.ts';
import type { InputValue, Target } from '../model.ts';

/** How a server is reached, beyond its address: what an inventory says of it. Holds no secret. */
export type Reach = Readonly<{
  site?: string;
  /** Jump host for ssh: `user@host:port`. */
  via?: string;
  /** The only host keys that ssh accepts, as in a .pub file. */
  hostKeys?: readonly string[];
  /** PEM file of the only authorities that TLS trusts. */
  caFile?: string;
  /** SHA-256 of the only certificate that TLS accepts, in lower-case hexadecimal. */
  pin?: string;
  /** Where clients dial: `host:port`. */
  probe?: string;
}>;

/** A server as an inventory lists it. Without a name, its address gives it. */
export type Listed = Readonly<{
  name?: string;
  /** A URI, such as `ssh://admin@10.0.0.5:22`. */
  address: string;
  tags: readonly string[];
  inputs: Readonly<Record<string, InputValue>>;
  groups: readonly string[];
  reach: Reach;
}>;

/** A target and the ways to it, which are opened when its turn comes. */
export type Server = Readonly<{
  target: Target;
  /** What it was opened by; opening that again leads to the same target. */
  listed: Listed;
  open(): Promise<Ways>;
  /** Throws Mistake where it plainly cannot be asked, such as for want of a password. */
  ready?(): void;
}>;
