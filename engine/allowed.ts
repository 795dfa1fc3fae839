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

/** Programs for which the operator answers. */
const answeredFor = new Set<string>();

/** Lets own checks ask by a program, with any arguments: that it only reads is the operator's word, for all of this process. */
export const allowProgram = (name: string): void => void answeredFor.add(name.toLowerCase());

/**
 * Why a command is not sent: it could do anything but read, or cmd.exe could take it for more than one command.
 * Its operators are harmless between double quotes; `% ^ !` and line breaks are not harmless anywhere.
 */
export const refusalOf = (command: string): string | undefined => {
  const unquoted = command.replace(/"[^"]*"/g, '""');
  if (/[\0\r\n%^!]/.test(command) || /[&|<>()]/.test(unquoted) || unquoted.replaceAll('""', '').includes('"'))
    return 'the question cannot be sent safely';
  const words = command.toLowerCase().split(/\s+/);
  const isAnsweredFor = answeredFor.has(words[0] ?? '');
  const reads = isAnsweredFor || ALLOWED.some((allowed) => allowed.every((word, at) => words[at] === word));
  return reads ? undefined : 'only questions that read are sent, and this is none of them';
};
