/**
 * The collector: the questions as a batch file for servers that nothing can reach, and its two output files read again.
 *
 * It prints SNAP/1 (see snap.ts) with a header in front: `::` nonce `:8:1::` on both streams, then `::` nonce `:7:` digits
 * `::`, which name the list of questions, so that no answer is taken for that to another question.
 */
import { createHash } from 'node:crypto';
import type { Ignorance } from './model.ts';
import type { Question } from './questions.ts';
import { decode } from './snap.ts';
import type { Answer, Transport } from './transports/transport.ts';
import { unanswered } from './transports/unanswered.ts';

type Streams = Readonly<{ stdout: Buffer; stderr: Buffer }>;

/** 18 digits that stand for the questions and their order. */
export const listName = (commands: readonly string[]): string => {
  const hash = createHash('sha256').update(commands.join('\n')).digest();
  return String(hash.readBigUInt64BE() % 10n ** 18n).padStart(18, '0');
};

const both = (marker: string): readonly string[] => [`echo ${marker}`, `>&2 echo ${marker}`];

const asked = ({ command, facts, rights }: Question, id: number): readonly string[] => [
  '',
  `rem ${facts.join(', ')}; right: ${rights.join('; ')}`,
  ...both(`::%N%:0:${id}::`),
  // Sets the exit code to 0, so that a program that sets none does not show its predecessor's.
  '(call )',
  command,
  `echo ::%N%:1:${id}:%errorlevel%::`,
  `>&2 echo ::%N%:1:${id}::`,
];

/** The batch file; every question in it only reads (see allowed.ts). Lines end as cmd.exe wants them. */
export const collectorScript = (questions: readonly Question[], version: string): string =>
  [...opening(version), ...asking(questions), ''].join('\r\n');

const opening = (version: string): readonly string[] => [
  '@echo off',
  `rem collect.cmd, made by sstp-audit ${version}. It reads settings of RRAS and SSTP, and changes nothing.`,
  'rem',
  'rem   collect.cmd          writes COMPUTERNAME.out and COMPUTERNAME.err into the current folder',
  'rem   collect.cmd -        prints the answers (for a forced command of an SSH server)',
  'rem',
  'rem Then, on the machine of the auditor: sstp-audit import COMPUTERNAME.out COMPUTERNAME.err --evidence FOLDER',
  'setlocal EnableExtensions DisableDelayedExpansion',
  'if "%~1"=="-" goto ask',
  'if exist "%COMPUTERNAME%.out" goto taken',
  'if exist "%COMPUTERNAME%.err" goto taken',
  'call "%~f0" - 1>"%COMPUTERNAME%.out" 2>"%COMPUTERNAME%.err"',
  'if not exist "%COMPUTERNAME%.out" goto unwritten',
  // A folder may be called A&B: quotes keep cmd.exe from reading two commands.
  'echo written: "%CD%\\%COMPUTERNAME%.out" and "%COMPUTERNAME%.err"',
  'exit /b 0',
  '',
  ':taken',
  'echo "%CD%" holds answers of this server already: go to another folder, and run this again.',
  'exit /b 1',
  '',
  ':unwritten',
  'echo The answers cannot be written into "%CD%": go to a folder that you may write to, and run this again.',
  'exit /b 1',
];

const asking = (questions: readonly Question[]): readonly string[] => [
  '',
  ':ask',
  // cmd.exe draws its numbers from the second in which it starts (belief): text that was written earlier cannot know it.
  'rem A number that no answer can know beforehand, so that none can pretend to be another.',
  'set /a A=10000+%RANDOM%',
  'set /a B=10000+%RANDOM%',
  'set /a C=10000+%RANDOM%',
  'set /a D=100+%RANDOM%%%900',
  'set N=%A%%B%%C%%D%',
  ...both('::%N%:8:1::'),
  `echo ::%N%:7:${listName(questions.map(({ command }) => command))}::`,
  ...questions.flatMap(asked),
  '',
  `echo ::%N%:9:${questions.length}::`,
  'exit /b 0',
];

/** What a header says: the nonce of a collection, and the list of questions that it answers. */
type Header = Readonly<{ nonce: string; list: string }>;

/** A header may stand behind a banner, but not far. */
const HEADER_WITHIN = 4_096;

const headerOf = ({ stdout, stderr }: Streams): Header | undefined => {
  const [, nonce, list] =
    /::(\d{18}):8:1::[ \t]*\r?\n::\1:7:(\d{18})::/.exec(stdout.toString('latin1', 0, HEADER_WITHIN)) ?? [];
  if (nonce === undefined || list === undefined) return;
  return stderr.toString('latin1', 0, HEADER_WITHIN).includes(`::${nonce}:8:1::`) ? { nonce, list } : undefined;
};

/**
 * Sees the progress of a collector in what it prints, by the markers that follow its header. Nothing else counts, so an
 * answer cannot buy itself time.
 */
export const collectorProgress = (): ((chunk: Buffer) => boolean) => {
  let nonce: string | undefined;
  return (chunk) => {
    nonce ??= /::(\d{18}):8:1::/.exec(chunk.toString('latin1', 0, HEADER_WITHIN))?.[1];
    return nonce !== undefined && chunk.includes(`::${nonce}:`);
  };
};

const CUT: Ignorance = { reason: 'truncated', detail: 'the collected answer has no end' };

/** Why streams cannot be read, and what to do about it. */
export type Unreadable = Readonly<{ message: string; hint: string }>;
const FOREIGN: Unreadable = {
  message: 'this is not the output of collect.cmd',
  hint: 'give the .out file first, then the .err file, as collect.cmd wrote them: > of PowerShell changes the bytes',
};
const OTHER_QUESTIONS: Unreadable = {
  message: 'this was collected with the questions of another version',
  hint: 'make collect.cmd anew with sstp-audit collector, and run it again',
};

/** Whether the streams were printed by a collector. */
export const isCollected = (streams: Streams): boolean => headerOf(streams) !== undefined;

/** The answers in what a collector printed, one per command; `startedAt` is given to all of them. `cut` says why some have no end. */
export const readCollected = (
  streams: Streams,
  commands: readonly string[],
  startedAt: string,
  cut: Ignorance = CUT,
): readonly Answer[] | Unreadable => {
  const header = headerOf(streams);
  if (!header) return FOREIGN;
  if (header.list !== listName(commands)) return OTHER_QUESTIONS;
  return decode(streams, header.nonce, commands.length).map((segment, at) => ({
    command: commands[at] ?? '',
    stdout: segment?.stdout ?? new Uint8Array(),
    stderr: segment?.stderr ?? new Uint8Array(),
    exitCode: segment?.complete ? segment.exitCode : null,
    startedAt,
    tookMs: 0,
    ...(!segment?.complete && { missing: cut }),
  }));
};

/** Answers to commands, of those that were collected; a collector asks what it was made for and nothing more. */
export const answersTo = (
  commands: readonly string[],
  collectedAnswers: readonly Answer[],
  startedAt: string,
): readonly Answer[] => {
  const known = new Map(collectedAnswers.map((answer) => [answer.command, answer]));
  return commands.map((command) => known.get(command) ?? unanswered(command, NOT_COLLECTED, startedAt));
};

const NOT_COLLECTED: Ignorance = { reason: 'not-recorded', detail: 'the collector does not ask this' };

/** A server that answers what was collected on it. */
export const collected = (answers: readonly Answer[], recordedAt: Date): Transport => ({
  kind: 'collector',
  recordedAt,
  exchange: async (commands) => answersTo(commands, answers, recordedAt.toISOString()),
  close: async () => {},
});
