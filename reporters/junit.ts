import type { Report, Result, TargetNote } from '../engine/model.ts';
import { elementOf, notReached, type Outcome, outcomeOf, type Suite, systemOut } from './junit-case.ts';
import { attributes, caseOf, idleWaivers, runProperties } from './junit-parts.ts';
import { rollup } from './junit-rollup.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { NAME_LIMIT, short } from './text.ts';

/** Servers above which the default is one case per check: 10,000 servers with 40 checks make 76 MB, and GitLab reads 30. */
export const ROLLUP_ABOVE = 500;

/** What a file begins and ends with. */
export const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sstp-audit">\n';
export const FOOT = '</testsuites>\n';

/**
 * For CI systems: one suite per server, one case per check, by the rules of Jenkins' junit-10.xsd. The first case is
 * `connect`. For a server that was not reached it is the only error and its checks are skipped: one cause is one red
 * line, and the number of cases is the same in every run. Of a fleet, one suite with a case per check.
 */
export const junit: Reporter = function* (report, options) {
  yield HEAD;
  for (const suite of suites(report, options)) yield* suite;
  yield FOOT;
};

/** The suites, one after the other, each in pieces. */
export const suites = function* (
  report: Report,
  { settings = {} }: Pick<ReporterOptions, 'settings'>,
): Iterable<Iterable<string>> {
  // Whoever splits wants the details.
  const usual = report.targets.length > ROLLUP_ABOVE && settings['split'] === undefined ? 'rollup' : 'detail';
  const mode = settings['mode'] ?? usual;
  if (mode === 'rollup') yield rollup(report);
  else yield* perServer(report, mode === 'failures');
};

const perServer = function* (report: Report, onlyFailures: boolean): Iterable<Iterable<string>> {
  const checks = new Map(report.checks.map((note) => [note.id, note]));
  const results = Map.groupBy(report.results, ({ target }) => target);
  const taken: Taken = new Map();
  for (const target of report.targets) {
    const evidence = new Map(target.evidence.map((note) => [note.id, note]));
    const suite: Suite = { report, target, classname: classnameOf(target, taken), checks, evidence };
    const own = results.get(target.name) ?? [];
    yield suiteOf(suite, onlyFailures ? own.filter(isTelling) : own);
  }
};

const isTelling = ({ status }: Result): boolean => status !== 'pass' && status !== 'inapplicable';

const suiteOf = function* (suite: Suite, results: readonly Result[]): Iterable<string> {
  const { target } = suite;
  const count = (wanted: Outcome): number => results.filter((result) => outcomeOf(result, target) === wanted).length;
  const counters = {
    name: target.name,
    hostname: target.name,
    tests: results.length + 1,
    failures: count('failure'),
    errors: count('error') + (target.reached ? 0 : 1),
    skipped: count('skipped'),
    time: (target.tookMs / 1_000).toFixed(3),
    timestamp: target.startedAt,
  };
  yield ` <testsuite${attributes(counters)}>\n${propertiesOf(suite)}`;
  yield caseOf(suite.classname, 'connect', target.reached ? '' : notReached(suite));
  for (const result of results)
    yield caseOf(suite.classname, result.check, elementOf(result, suite) + systemOut(result, suite));
  yield ' </testsuite>\n';
};

type Taken = Map<string, number>;
/** Server and area: GitLab and Jenkins show no suite. A dot would end the server's name for Jenkins. */
const classnameOf = ({ name }: TargetNote, taken: Taken): string => {
  const classname = short(name, NAME_LIMIT).replace(/[.\s]/g, '_');
  const before = taken.get(classname) ?? 0;
  taken.set(classname, before + 1);
  // Readers tell cases apart by class and name: vpn.a and vpn_a must not become one server.
  return before === 0 ? classname : `${classname}~${before + 1}`;
};

const propertiesOf = ({ report, target }: Suite): string => {
  const { address, os, tags } = target;
  // What is to be said of the run is said once.
  const idle = target === report.targets[0] ? idleWaivers(report) : {};
  return runProperties(report, { address, os: os ?? '', tags: tags.join(' '), ...idle });
};
