/** `npm run demo`: audits the recorded servers of test/evidence and writes the reports to out/, or to the folder given. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const out = process.argv[2] ?? 'out';
const NAMES = 'publicNames=vpn.example.com';

const run = (folder: string, profile: string, servers: readonly string[]): number => {
  const targets = servers.map((server) => `evidence:test/evidence/${server}`);
  const reports = ['cli', `json:${folder}/report.json`, `junit:${folder}/junit.xml`, `html:${folder}/report.html`];
  const args = ['run', ...targets, '-p', profile, '--input', NAMES, ...reports.flatMap((report) => ['-r', report])];
  console.log(`\n$ sstp-audit ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, ['engine/cli/main.mjs', ...args], { cwd: root, stdio: 'inherit' });
  return status ?? 3;
};

// A folder that somebody names may hold more than our reports.
if (process.argv[2] === undefined) rmSync(path.join(root, out), { recursive: true, force: true });
const offload = run(`${out}/offload`, 'tls-offload', ['vpn-berlin-01']);
const baseline = run(out, 'baseline', [
  'vpn-london-01',
  'vpn-tokyo-01',
  'vpn-paris-01',
  'vpn-legacy-01',
  'vpn-osaka-01',
]);

console.log(`
The demo audited six recorded servers. run gave exit code ${offload} for the server behind a TLS offloader (profile
tls-offload) and exit code ${baseline} for the five others (profile baseline): 0 is clean, 1 means that something failed,
3 that something is unknown. The reports are in ${out}/ and ${out}/offload/: open ${out}/report.html in a browser.`);
// The demo has done its job when both runs came to a verdict.
process.exitCode = [offload, baseline].every((code) => [0, 1, 3].includes(code)) ? 0 : 1;
