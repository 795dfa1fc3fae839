import { decodeText } from './code-page.ts';
import type { Check, Fact } from './define.ts';
import { type Manifest, sha256 } from './evidence/manifest.ts';
import { plannedFolder } from './evidence/write.ts';
import { type Gathered, gather, type Ways } from './gather.ts';
import { judge } from './judge.ts';
import { LIMITS } from './limits.ts';
import type { Evidence, EvidenceNote, Result, Target, TargetNote } from './model.ts';
import type { Planned } from './profile.ts';
import { msSince } from './since.ts';

/** What one target gave: its note for the report, and one result per planned check. */
export type Audited = Readonly<{
  note: TargetNote;
  results: readonly Result[];
  observedAt: Date;
  codePage: number | null;
  /** The answers themselves: large, and not to be kept longer than needed. */
  evidence: readonly Evidence[];
  /** What was learned; only of facts that the planned checks need. */
  readingOf: Gathered['readingOf'];
}>;

export type AuditOptions = Readonly<{
  /** Ends the run: what is not answered by then is `cancelled`. */
  signal: AbortSignal;
  /** Deadline of this target, in milliseconds. */
  targetMs: number;
  /** Folder that gets a sealed evidence folder per target. */
  evidence?: string;
  version: string;
  /** When the audit began, if not now: the first questions may have been asked already. */
  startedAt?: Date;
  /** Whether the target will be asked anew: then no evidence folder is sealed. */
  again?(note: TargetNote): boolean;
}>;

/** The facts that checks need, each once. */
export const factsOf = (checks: Iterable<Check>): ReadonlySet<Fact<unknown>> =>
  new Set([...checks].flatMap(({ needs }) => Object.values(needs)));

/** Asks a target what the plan needs to know, and judges the answers. Throws Mistake only for the evidence folder. */
export const audit = async (
  target: Target,
  ways: Ways,
  planned: readonly Planned[],
  options: AuditOptions,
): Promise<Audited> => {
  const { startedAt = new Date() } = options;
  const folder = options.evidence ? plannedFolder(options.evidence, target) : undefined;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.targetMs)]);
  const keep = async (evidence: Evidence): Promise<void> => folder?.keep(evidence);
  const gathered = await gather(ways, factsOf(planned.map(({ check }) => check)), { signal, keep });
  const results = planned.map((plan) => judge(plan, gathered.readingOf, target.name));
  const { os, codePage = null, observedAt } = gathered;
  const note = noteOf(target, gathered, results, startedAt);
  if (!options.again?.(note))
    await folder?.seal({
      tool: { name: 'sstp-audit', version: options.version },
      ...describe(ways),
      os,
      codePage,
      startedAt: observedAt.toISOString(),
      finishedAt: new Date().toISOString(),
    });
  return { note, results, observedAt, codePage, evidence: gathered.evidence, readingOf: gathered.readingOf };
};

/** What a manifest says of the ways that were taken. */
const describe = ({ server, network }: Ways): Pick<Manifest, 'vantage' | 'transport' | 'endpoint'> => ({
  vantage: server && network ? 'both' : server ? 'server' : 'network',
  transport: server?.kind ?? 'network',
  ...(network && { endpoint: network.endpoint }),
});

/** The answers that a report shows: those on which something rests that is not a pass. */
export const tellingOf = (results: readonly Result[]): ReadonlySet<string> =>
  new Set(results.filter(({ status }) => status !== 'pass').flatMap(({ evidence }) => evidence));

const noteOf = (target: Target, gathered: Gathered, results: readonly Result[], startedAt: Date): TargetNote => {
  const { name, address, tags } = target;
  const telling = tellingOf(results);
  const [first] = gathered.own;
  const reached = gathered.own.some(({ missing }) => !missing);
  return {
    name,
    address,
    tags,
    os: gathered.os,
    reached,
    ...(!reached && first?.missing),
    startedAt: gathered.observedAt.toISOString(),
    tookMs: msSince(startedAt.getTime()),
    evidence: gathered.evidence.map((evidence) => evidenceNote(evidence, gathered.codePage, telling.has(evidence.id))),
  };
};

const evidenceNote = (evidence: Evidence, codePage: number | undefined, telling: boolean): EvidenceNote => {
  const { id, command, exitCode, startedAt, tookMs, stdout, missing } = evidence;
  return {
    id,
    command,
    startedAt,
    tookMs,
    exitCode,
    complete: !missing,
    sha256: sha256(stdout),
    ...(telling && { excerpt: excerptOf(evidence, codePage) }),
  };
};

/** The beginning of an answer, as a report shows it. */
export const excerptOf = ({ stdout, stderr }: Evidence, codePage: number | undefined): string => {
  // Four bytes hold any character of any code page.
  const bytes = Buffer.concat([stdout, stderr]).subarray(0, LIMITS.excerptCharacters * 4);
  return decodeText(bytes, codePage).slice(0, LIMITS.excerptCharacters);
};
