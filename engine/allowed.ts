import { Unknown } from './define.ts';

/** The programs and verbs that may be sent to a server: each of them only reads. */
const ALLOWED: readonly (readonly string[])[] = [
  ['reg.exe', 'query'],
  ['sc.exe', 'query'],
  ['sc.exe', 'queryex'],
  ['sc.exe', 'qc'],
  ['netsh.exe', 'http', 'show'],
  ['netstat.exe', '-ano'],
  ['wevtutil.exe', 'qe'],
];

/**
 * Throws Unknown `bug` for a command that could do anything but read, or that cmd.exe could take for more than one command.
 * The operators of cmd.exe are harmless between double quotes; `% ^ !` and line breaks are not harmless anywhere.
 */
export const assertReadOnly = (command: string): void => {
  const unquoted = command.replace(/"[^"]*"/g, '""');
  if (/[\0\r\n%^!]/.test(command) || /[&|<>()]/.test(unquoted) || unquoted.replaceAll('""', '').includes('"'))
    throw new Unknown('bug', `the question cannot be sent safely: ${command}`);
  const words = command.toLowerCase().split(/\s+/);
  if (!ALLOWED.some((allowed) => allowed.every((word, at) => words[at] === word)))
    throw new Unknown('bug', `only questions that read are sent, and this is none of them: ${command}`);
};
