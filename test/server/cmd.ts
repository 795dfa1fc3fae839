/** As much of cmd.exe as a batch of questions needs, so that a pretended server answers the lines that a transport sends. */
import { answer, type Server } from './state.ts';

/** What one statement of a line printed. */
export type Printed = Readonly<{ stdout: Buffer; stderr: Buffer; exitCode: number }>;

const INNER = /^cmd\.exe \/d \/q \/v:on \/s \/c "(.*)"$/s;
const NOTHING = Buffer.alloc(0);

/** What the programs of a server print. */
export type Programs = (command: string) => Printed;

/**
 * Runs a line that was handed to `cmd.exe /c`, statement by statement. A second cmd.exe in it reads its own line again,
 * as on Windows. Throws for what this cmd.exe does not know.
 */
export function* runLine(server: Server, line: string, programs: Programs = programsOf(server)): Generator<Printed> {
  const read = firstReading(line).replace(/^if 1==1 /, '');
  const [, inner] = INNER.exec(read) ?? [];
  if (inner === undefined) yield programs(read);
  else yield* statements(inner, programs);
}

export const programsOf =
  (server: Server): Programs =>
  (command) => {
    const { stdout, stderr, exitCode } = answer(server, command);
    return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), exitCode };
  };

/** All that a line prints, and the exit code of its last statement. */
export const ran = (server: Server, line: string): Printed => {
  const printed = [...runLine(server, line)];
  return {
    stdout: Buffer.concat(printed.map(({ stdout }) => stdout)),
    stderr: Buffer.concat(printed.map(({ stderr }) => stderr)),
    exitCode: printed.at(-1)?.exitCode ?? 0,
  };
};

/** The outer cmd.exe: outside quotes a caret hides an operator, which would end the command otherwise. */
const firstReading = (line: string): string => {
  let [quoted, read] = [false, ''];
  for (let at = 0; at < line.length; at++) {
    let character = line[at] ?? '';
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '^') character = line[++at] ?? '';
    else if (!quoted && /[&|<>]/.test(character))
      throw new Error(`the first cmd.exe ends the command at ${at}: ${line}`);
    read += character;
  }
  return read;
};

type Variables = Map<string, string>;

/** The inner cmd.exe, with delayed expansion of `!name!`. */
function* statements(line: string, programs: Programs): Generator<Printed> {
  const variables: Variables = new Map([['errorlevel', '0']]);
  for (const statement of split(line)) {
    const expanded = statement.replace(/!(\w+)!/g, (_, name: string) => variables.get(name) ?? '');
    const printed = echoed(expanded) ?? assigned(expanded, variables) ?? programs(expanded);
    if (printed.exitCode !== undefined) variables.set('errorlevel', String(printed.exitCode));
    yield { exitCode: 0, ...printed };
  }
}

/** What leaves the exit code of the command before it as it is. */
type Builtin = Omit<Printed, 'exitCode'> & { exitCode?: number };

const echoed = (statement: string): Builtin | undefined => {
  const [, toStderr, said] = /^(>&2 )?echo (.*)$/s.exec(statement) ?? [];
  if (said === undefined) return;
  const text = Buffer.from(`${said}\r\n`, 'latin1');
  return toStderr ? { stdout: NOTHING, stderr: text } : { stdout: text, stderr: NOTHING };
};

const assigned = (statement: string, variables: Variables): Builtin | undefined => {
  if (statement === '(call )') return { stdout: NOTHING, stderr: NOTHING, exitCode: 0 };
  const [, name, value = ''] = /^set (\w+)=(.*)$/s.exec(statement) ?? [];
  if (name === undefined) return;
  variables.set(name, value);
  return { stdout: NOTHING, stderr: NOTHING };
};

/** At each `&` outside quotes that is not part of `>&2`. */
const split = (line: string): readonly string[] => {
  const found: string[] = [];
  let [quoted, statement] = [false, ''];
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    if (character === '&' && !quoted && !statement.endsWith('>')) {
      found.push(statement);
      statement = '';
    } else statement += character;
  }
  return [...found, statement];
};
