/** The questions as a role capability of Just Enough Administration: one function, which returns what collect.cmd prints. */
import { readFileSync } from 'node:fs';
import { listName } from './collector.ts';
import type { Question } from './questions.ts';

const TEMPLATE = new URL('./jea.psrc', import.meta.url);
const INDENT = ' '.repeat(16);
/** A key that many facts lead to is asked for all of them. */
const FACTS_NAMED = 4;

/** The text of a .psrc file, in ASCII. Never run on Windows. Sources: Microsoft, "JEA role capabilities"; transports 5.6, 6. */
export const roleCapability = (questions: readonly Question[], version: string): string => {
  const parts: Readonly<Record<string, string>> = {
    VERSION: version,
    QUESTIONS: questions.flatMap(lines).join(`\n${INDENT}`),
    LIST: listName(questions.map(({ command }) => command)),
  };
  const text = readFileSync(TEMPLATE, 'utf8').replace(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
  return text.replace(/\r?\n/g, '\r\n');
};

const lines = ({ command, facts, rights }: Question): readonly string[] => [
  `# ${facts.length > FACTS_NAMED ? `${facts.length} facts` : facts.join(', ')}; right: ${rights.join('; ')}`,
  // A constant of PowerShell.
  `'${command.replaceAll("'", "''")}'`,
];
