/** Files whose tests run in one process in the gate, as patterns in the folder of the tests. */
export const CHECKS = ['checks/**/*.test.ts'];
/** What only thinks: no deadline, no measure of memory, no environment of its own. */
export const REST = [
  'server/*.test.ts',
  'engine/{add-waiver,allowed,code-page,diff,diff-gate,diff-laws,doctor,evidence,gather,jea,judge,make-folder}.test.ts',
  'engine/{profile-*,recall,report-read,shell,snap,ssh-steps,waiver-file}.test.ts',
  'engine/cli/terminal.test.ts',
  'engine/fleet/{inventory-mistakes,prune,recorded-run,store}.test.ts',
  'engine/probe/{addresses,formats,questions}.test.ts',
  'reporters/{cli,csv,diff-cli,diff-json,diff-markdown,html,json,junit-fleet,markdown,provenance,text,unknown-finding}.test.ts',
  'winrm/{lock-out,ntlm}.test.ts',
];
