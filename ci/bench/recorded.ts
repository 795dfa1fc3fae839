import { writeFile } from 'node:fs/promises';
import { checks } from '../../checks/index.ts';
import { audit } from '../../engine/audit.ts';
import type { Target } from '../../engine/model.ts';
import { loadProfile, plan } from '../../engine/profile.ts';
import { encode, newNonce } from '../../engine/snap.ts';
import { healthy } from '../../test/server/healthy.ts';
import { leaf } from '../../test/server/pki.ts';
import { answer, type Server, transportTo } from '../../test/server/state.ts';

/** The profile and the inputs with which the benches judge. */
export const PROFILE = 'baseline';
export const NAMES = 'vpn.example.com';

/** One command, what a healthy server answers, and a word of the answer by which a peer can tell that it got it. */
export type Question = Readonly<{
  command: string;
  exitCode: number;
  said: string;
  stdout: Uint8Array;
  stderr: Uint8Array;
}>;

const DAY_MS = 24 * 3_600_000;
const YEAR_MS = 365 * DAY_MS;
/** Whole seconds, as in a certificate. */
const inAYear = (moreMs: number): string => `${new Date(Date.now() + YEAR_MS + moreMs).toISOString().slice(0, 19)}Z`;

/** A server that is healthy today, with a certificate of its own for each number. */
export const healthyNow = async (number: number): Promise<Server> =>
  healthy({ at: new Date(), certificate: await leaf({ notAfter: inAYear(number * DAY_MS) }) });

export const targetNamed = (name: string): Target => ({ name, address: `ssh://${name}`, tags: [], inputs: {} });

/** Audits a pretended server with the bench's profile; with `evidence`, a sealed folder is kept there. */
export const auditOf = async (server: Server, name: string, evidence?: string) => {
  const builtIns = new URL('../../profiles/', import.meta.url);
  const planned = plan(await loadProfile(PROFILE, { checks, builtIns }), targetNamed(name), { publicNames: NAMES });
  const transport = transportTo(server);
  const signal = new AbortController().signal;
  const options = { signal, targetMs: 60_000, version: 'bench', ...(evidence && { evidence }) };
  const audited = await audit(targetNamed(name), { server: transport }, planned, options);
  return { audited, exchanges: transport.exchanges() };
};

const wordOf = (bytes: Uint8Array): string => /[\w.\\]{4,30}/.exec(Buffer.from(bytes).toString('latin1'))?.[0] ?? '';

/** Every question that an audit puts to a healthy server, and the lines in which the product sends them. */
export const questionsOf = async (server: Server): Promise<{ questions: Question[]; lines: string[] }> => {
  const { exchanges } = await auditOf(server, 'vpn');
  return { questions: answersOf(server, exchanges.flat()), lines: exchanges.flatMap(linesOf) };
};

const answersOf = (server: Server, commands: readonly string[]): Question[] =>
  commands.map((command) => {
    const { stdout, stderr, exitCode } = answer(server, command);
    return { command, exitCode, said: wordOf(stdout), stdout, stderr };
  });

const linesOf = (commands: readonly string[]): string[] => {
  const lines: string[] = [];
  for (let rest = commands; rest.length > 0; ) {
    const { line, taken } = encode(rest, newNonce());
    if (line !== undefined) lines.push(line);
    rest = rest.slice(taken);
  }
  return lines;
};

/** Writes what a server answers to these commands, in the form that server.pl reads. */
export const writeAnswers = async (file: string, server: Server, commands: readonly string[]): Promise<void> => {
  const answers = answersOf(server, commands);
  const index = answers.map(({ command, exitCode, stdout, stderr }) =>
    [exitCode, stdout.length, stderr.length, command].join('\t'),
  );
  const bytes = answers.flatMap(({ stdout, stderr }) => [stdout, stderr]);
  await writeFile(file, Buffer.concat([Buffer.from(`${index.join('\n')}\n\n`), ...bytes]));
};
