import type { Reporter, Result, TargetNote } from '../engine/model.ts';
import { attributes, elementOf, notReached, type Outcome, outcomeOf, type Suite, systemOut } from './junit-case.ts';
import { NAME_LIMIT, short } from './text.ts';

/**
 * For CI systems: one suite per server, one case per check, by the rules of Jenkins' junit-10.xsd. The first case is
 * `connect`. For a server that was not reached it is the only error and its checks are skipped: one cause is one red
 * line, and the number of cases is the same in every run.
 */
export const junit: Reporter = function* (report) {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sstp-audit">\n';
  const checks = new Map(report.checks.map((note) => [note.id, note]));
  const results = Map.groupBy(report.results, ({ target }) => target);
  const taken: Taken = new Map();
  for (const target of report.targets) {
    const evidence = new Map(target.evidence.map((note) => [note.id, note]));
    const suite: Suite = { report, target, classname: classnameOf(target, taken), checks, evidence };
    yield* suiteOf(suite, results.get(target.name) ?? []);
  }
  yield '</testsuites>\n';
};

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
  yield caseOf(suite, { area: 'connect', name: 'connect' }, target.reached ? '' : notReached(suite));
  for (const result of results) {
    const area = result.check.split('/', 1)[0] ?? '';
    yield caseOf(suite, { area, name: result.check }, elementOf(result, suite) + systemOut(result, suite));
  }
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
  const { tool, profile, gate, exitCode, exitReason } = report;
  const properties = {
    'tool.version': tool.version,
    'profile.id': profile.id,
    'profile.version': profile.version,
    'profile.sha256': profile.sha256,
    address: target.address,
    os: target.os ?? '',
    tags: target.tags.join(' '),
    failOn: gate.failOn,
    allowUnknown: gate.allowUnknown,
    exitCode,
    exitReason,
  };
  const lines = Object.entries(properties).map(([name, value]) => `   <property${attributes({ name, value })}/>\n`);
  return `  <properties>\n${lines.join('')}  </properties>\n`;
};

const caseOf = (
  { classname }: Suite,
  { area, name }: Readonly<{ area: string; name: string }>,
  inside: string,
): string => {
  // Judging takes no time worth telling; the asking is the suite's.
  const head = `  <testcase${attributes({ classname: `${classname}.${area}`, name, time: '0.000' })}`;
  return inside === '' ? `${head}/>\n` : `${head}>\n${inside}  </testcase>\n`;
};
