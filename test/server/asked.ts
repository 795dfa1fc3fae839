import iconv from 'iconv-lite';
import { answer, type Server } from './state.ts';

/** What a server says to a command, decoded as a reader would decode it. */
export const said = (server: Server, command: string): { out: string; err: string; exitCode: number } => {
  const { stdout, stderr, exitCode } = answer(server, command);
  const text = (bytes: Uint8Array): string => iconv.decode(Buffer.from(bytes), `cp${server.codePage}`);
  return { out: text(stdout), err: text(stderr), exitCode };
};
