import { Unknown } from '../../../engine/define.ts';
import { spelledAddress } from './address.ts';

/** A TCP socket of the server, by its own address, without brackets and scope: `0.0.0.0`, `::`. */
export type Socket = Readonly<{ address: string; port: number; pid: number }>;
/** Sockets that wait for connections, and those that are, or were, one end of a connection. */
export type Sockets = Readonly<{ listening: readonly Socket[]; connected: readonly Socket[] }>;

const ADDRESS = String.raw`(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+(?:%\d+)?\]):(\d{1,5})`;
/** Protocol, local address, foreign address, a state in any language, the owner. */
const ROW = new RegExp(String.raw`^ +TCP +${ADDRESS} +${ADDRESS} +(\S.{0,40}?) +(\d{1,10}) *$`, 'i');
/** A title and the names of the columns, in any language. */
const HEADER_LINES = 2;

const unreadable = (detail: string): never => {
  throw new Unknown('unreadable', detail);
};

/** A listener is known by its foreign address, which is nobody's: the word for its state is translated. */
const waits = ([, , , foreign = '', foreignPort]: RegExpExecArray): boolean =>
  foreignPort === '0' && ['0.0.0.0', '::'].includes(spelledAddress(foreign));

const socketIn = ([, local = '', port, , , , pid]: RegExpExecArray): Socket => ({
  address: spelledAddress(local.replace(/(?:%\d+)?(?=\]$)/, '')),
  port: Number(port),
  pid: Number(pid),
});

/**
 * What `netstat.exe -ano -p TCP` or `-p TCPv6` printed, in any display language. A host without IPv6
 * prints the header alone. Throws Unknown `unreadable` for anything that netstat does not print. Source: windows-facts 4.
 */
export const parseSockets = (text: string): Sockets => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = lines.slice(0, HEADER_LINES);
  if (header.length < HEADER_LINES || header.some((line) => ROW.test(line) || /[\u0000-\u001f]/.test(line)))
    unreadable(`netstat.exe printed no table: ${(header[0] ?? 'nothing').slice(0, 80)}`);
  const rows = lines
    .slice(HEADER_LINES)
    .map((line) => ROW.exec(line) ?? unreadable(`netstat.exe does not print such a row: ${line.trim().slice(0, 80)}`));
  return {
    listening: rows.filter(waits).map(socketIn),
    connected: rows.filter((row) => !waits(row)).map(socketIn),
  };
};
