/** The conversation with a server through its own shell. */
import { refusalOf } from './allowed.ts';
import { type Asker, type AskerOptions, asker } from './asker.ts';
import { CODE_PAGE_QUESTION, codePageIn, decodeText } from './code-page.ts';
import type { Shell } from './define.ts';
import { LIMITS } from './limits.ts';
import type { Evidence } from './model.ts';
import { withShell } from './shell.ts';
import type { Transport } from './transports/transport.ts';

/** Where Windows states its version; asked of every target, so that evidence says what it came from. */
const VERSION_QUESTION = 'reg.exe query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"';

export type Speech = Readonly<{
  ask: Asker['ask'];
  /** Runs a script with zx's `$`, whose commands are put by `put`. */
  run<T>(script: ($: Shell) => T, put: Asker['ask']): T;
  evidence: Asker['evidence'];
  end: Asker['end'];
  codePage: Promise<number | undefined>;
  /** Windows version as the server states it, or null. */
  os: Promise<string | null>;
}>;

/** Begins a conversation: what is asked before the first answer travels in one exchange. */
export const speakTo = (transport: Transport, options: Pick<AskerOptions, 'signal' | 'keep'>): Speech => {
  const { ask, evidence, end } = asker(transport, {
    ...options,
    exchanges: LIMITS.exchangesPerTarget,
    ids: '',
    refusalOf,
  });
  const codePage = ask(CODE_PAGE_QUESTION).then(({ stdout, missing }) => (missing ? undefined : codePageIn(stdout)));
  const version = ask(VERSION_QUESTION);
  return {
    ask,
    run: (script, put) =>
      withShell(async (command) => {
        const { missing, stdout, stderr, exitCode } = await put(command);
        // Nothing is read of an answer that is not whole: it may be 50 MB.
        if (missing) return { stdout: '', stderr: '', exitCode: null };
        const page = await codePage;
        return {
          stdout: decodeText(stdout, page),
          stderr: decodeText(stderr, page),
          exitCode,
        };
      }, script),
    evidence,
    end,
    codePage,
    os: Promise.all([version, codePage]).then(([answer, page]) => versionIn(answer, page)),
  };
};

const versionIn = ({ missing, stdout }: Evidence, codePage: number | undefined): string | null => {
  if (missing) return null;
  const text = decodeText(stdout, codePage);
  const value = (name: string) => new RegExp(`^ {4}${name} {4}REG_SZ {4}(.{1,80}?)\\s*$`, 'm').exec(text)?.[1];
  const product = value('ProductName');
  const build = value('CurrentBuild(?:Number)?');
  return product && build ? `${product} (build ${build})` : null;
};
