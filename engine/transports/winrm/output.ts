/** What the answers of a shell hold. All of these throw Unknown when the answer lacks what it must have. */
import { Unknown } from '../../define.ts';
import { DONE, NS } from './namespaces.ts';
import { childrenOf, type Element, find } from './xml.ts';

/** The id of the new shell, in the answer to Create. */
export const shellIn = (body: Element): string => idIn(find(body, NS.w, 'Selector') ?? find(body, NS.rsp, 'ShellId'));

/** The id of the running command, in the answer to Command. */
export const commandIn = (body: Element): string => idIn(find(body, NS.rsp, 'CommandId'));

const idIn = (element: Element | undefined): string => {
  const id = element?.text.trim();
  if (!id || id.length > 100) throw new Unknown('unreadable', 'the answer names no shell or no command');
  return id;
};

/** A piece of output, in the order of arrival. `exitCode` is there when the command has ended. */
export type Piece = Readonly<{
  chunks: readonly Readonly<{ stream: 'stdout' | 'stderr'; bytes: Buffer }>[];
  exitCode?: number;
}>;

/** What the answer to Receive brings. Exit codes are signed, 32 bits. */
export const pieceIn = (body: Element): Piece => {
  const answer = find(body, NS.rsp, 'ReceiveResponse');
  if (!answer) throw new Unknown('unreadable', 'the answer holds no output');
  const chunks = childrenOf(answer, NS.rsp, 'Stream').flatMap(({ attributes, text }) => {
    const stream = attributes['Name'];
    if (stream !== 'stdout' && stream !== 'stderr') return [];
    return [{ stream, bytes: decoded(text) } as const];
  });
  const state = find(answer, NS.rsp, 'CommandState');
  if (state?.attributes['State'] !== DONE) return { chunks };
  return { chunks, exitCode: Number(find(state, NS.rsp, 'ExitCode')?.text ?? 0) | 0 };
};

/** Node skips what is no base64; a byte that is not what the server sent must not become evidence. */
const decoded = (text: string): Buffer => {
  // One way to read it only: another text of blanks would take hours.
  if (!/^[A-Za-z0-9+/\s]*(?:=\s*){0,2}$/.test(text)) throw new Unknown('unreadable', 'the output is not base64');
  return Buffer.from(text, 'base64');
};
