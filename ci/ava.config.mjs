/** AVA in the gate: the settings of package.json, small files together, and the long ones first, so that none is left for the end. */
import path from 'node:path';
import settings from '../package.json' with { type: 'json' };
import { CHECKS, REST } from '../test/together/groups.ts';

/** What takes ten seconds and more, and what waits for others most of its time. */
const LONG = [
  'reporters/html-fleet-browser',
  'together/checks',
  'together/rest',
  'engine/probe/judges',
  'fleet',
  'engine/fleet/kill',
  'engine/probe/handshake',
  'engine/fleet/simulation',
  'reporters/html-browser',
  'reporters/hostile',
  'reporters/diff-browser',
  'reporters/diff-hostile',
  'package',
  'full-disk',
  'winrm/secrets',
  'engine/ssh',
  'winrm/faults',
  'engine/probe/hostile',
  'engine/profile',
  'cli',
  'windows/ways',
  'windows/hundred',
  'windows/doctor',
];

const tests = path.join(import.meta.dirname, '../test');
const place = (file) => {
  const at = LONG.indexOf(path.relative(tests, file).replaceAll(path.sep, '/').replace('.test.ts', ''));
  return at < 0 ? LONG.length : at;
};

const files = ['test/**/*.test.ts', ...[...CHECKS, ...REST].map((pattern) => `!test/${pattern}`)];

export default { ...settings.ava, files, sortTestFiles: (one, other) => place(one) - place(other) };
