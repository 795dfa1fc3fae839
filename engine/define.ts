/** How a fact and a check are written down. This file is the public entry point of the package. */
import { hash } from 'node:crypto';
import type { ProcessOutput, Shell } from 'zx/core';
import type { Finding, Reading, Reason, Severity } from './model.ts';
import type { Probe } from './probe/seen.ts';

export type * from './probe/seen.ts';
export type { ProcessOutput, Shell };

const UNKNOWN = 'Unknown';

/** Thrown by a fact that cannot say. `gather.ts` turns it into a reading that is not known. */
export class Unknown extends Error {
  /** One by its name: the published program is one file, and a user's own checks have this one beside it. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && error.name === UNKNOWN && 'reason' in error;
  }
  readonly reason: Reason;
  constructor(reason: Reason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = UNKNOWN;
    this.reason = reason;
  }
}

/** The other facts of the same target, each asked at most once. */
export type Facts = Readonly<{
  /** The value of another fact; what is not known about it is not known about the asking fact either. */
  need<T>(fact: Fact<T>): Promise<T>;
  /** The reading of another fact, for a fact that has more than one source. */
  read<T>(fact: Fact<T>): Promise<Reading<T>>;
  /** When the evidence was gathered, by the auditor's clock. Saved evidence yields the same verdict forever. */
  observedAt: Date;
}>;

/**
 * One thing that can be learned on a server: a zx script. `$` is zx's own, bound to the target.
 * A command that ends with an exit code other than 0 rejects, unless it is asked with `.nothrow()`. The script is pure: the
 * same answers and facts give the same value, which nobody changes, since another server may get it, too.
 */
export type ServerFact<T> = Readonly<{
  id: string;
  vantage: 'server';
  /** The right that the account needs, as an administrator would say it. */
  right: string;
  /** Questions that only some answers lead to, so that they cannot be found by asking. Listed for the reader of `questions`. */
  mayAsk?: readonly string[];
  ask($: Shell, facts: Facts): Promise<T>;
}>;

/** One thing that can be learned from outside, over the network and without credentials. */
export type NetworkFact<T> = Readonly<{
  id: string;
  vantage: 'network';
  /** Questions that only some answers lead to, as for a server. */
  mayAsk?: readonly string[];
  ask(probe: Probe, facts: Facts): Promise<T>;
}>;

export type Fact<T> = ServerFact<T> | NetworkFact<T>;

export const defineFact: {
  <T>(fact: ServerFact<T>): Fact<T>;
  <T>(fact: NetworkFact<T>): Fact<T>;
} = <T>(fact: Fact<T>): Fact<T> => fact;

/** The part of JSON Schema in which an expectation is declared; the schema for editors is made of it. */
export type Expectation = Readonly<
  { description: string } & (
    | { type: 'integer' | 'number'; minimum?: number; maximum?: number }
    | { type: 'boolean' }
    | { type: 'string'; enum?: readonly string[]; pattern?: string; examples?: readonly string[] }
    | {
        type: 'array';
        minItems?: number;
        uniqueItems?: boolean;
        items: Readonly<
          | { type: 'string'; enum?: readonly string[]; pattern?: string; examples?: readonly string[] }
          | { type: 'integer'; minimum?: number; maximum?: number }
        >;
      }
  )
>;

type Scalar<E> = E extends { enum: readonly (infer V)[] }
  ? V
  : E extends { type: 'integer' | 'number' }
    ? number
    : E extends { type: 'boolean' }
      ? boolean
      : string;
export type Expected<E extends Record<string, Expectation>> = {
  readonly [K in keyof E]: E[K] extends { type: 'array'; items: infer I } ? readonly Scalar<I>[] : Scalar<E[K]>;
};
export type Values<N extends Record<string, Fact<unknown>>> = {
  readonly [K in keyof N]: N[K] extends Fact<infer T> ? T : never;
};

type Prose = Readonly<{
  /** `area/noun`, equal to the path below `checks/`. */
  id: string;
  /** States the healthy world. */
  title: string;
  severity: Severity;
  /** Steps of KB947031 that this check takes, such as `8.7`; empty when the article does not ask for it. */
  situations: readonly string[];
  /** What users see when it fails. */
  clientErrors: readonly string[];
  why: string;
  fix: readonly string[];
  references: readonly string[];
}>;

/** A judgement of facts against expectations: pure, no clock, one finding per subject. */
export type Check = Prose &
  Readonly<{
    needs: Readonly<Record<string, Fact<unknown>>>;
    expects: Readonly<Record<string, Expectation>>;
    judge(facts: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>): readonly Finding[];
  }>;

/** Facts and expectations are typed by inference from `needs` and `expects`. */
export const defineCheck = <const N extends Record<string, Fact<unknown>>, const E extends Record<string, Expectation>>(
  check: Prose & Readonly<{ needs: N; expects: E; judge(facts: Values<N>, expected: Expected<E>): readonly Finding[] }>,
): Check => check as unknown as Check;

type Rest = Omit<Finding, 'verdict' | 'message' | 'reason'>;

/** The hash of bytes, upper-case hexadecimal digits, as Windows shows it. At once: to have another thread do it takes longer. */
export const digest = (algorithm: 'sha1' | 'sha256', bytes: Uint8Array): string => hash(algorithm, bytes).toUpperCase();

/** In the order in which reports show it. */
const finding = (verdict: Finding['verdict'], message: string, { subject, ...rest }: Rest): Finding => ({
  verdict,
  ...(subject !== undefined && { subject }),
  message,
  ...rest,
});

export const pass = (message: string, rest: Rest = {}): Finding => finding('pass', message, rest);
export const fail = (message: string, rest: Rest = {}): Finding => finding('fail', message, rest);
export const inapplicable = (message: string, rest: Rest = {}): Finding => finding('inapplicable', message, rest);
/** For one subject of which nothing can be told: the result is then no pass, and unknown unless another subject fails. */
export const unknown = (reason: Reason, message: string, rest: Rest = {}): Finding => ({
  ...finding('unknown', message, rest),
  reason,
});
