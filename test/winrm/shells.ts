/** What a WinRM service does with envelopes: shells, commands, output. It knows nothing of HTTP. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { escaped } from '../../engine/transports/winrm/envelope.ts';
import { FAULT_DETAIL, NS } from '../../engine/transports/winrm/namespaces.ts';
import { type Element, find, readXml } from '../../engine/transports/winrm/xml.ts';
import type { Printed } from '../server/cmd.ts';

/** Runs a command line, and tells what it prints when it prints it. */
export type Play = (line: string) => Iterable<Printed> | AsyncIterable<Printed>;

/** A request as it was understood: `step` is the last word of its action, such as `Create`. */
export type Asked = Readonly<{ step: string; id: string; envelope: Element }>;
export type Said = Readonly<{ status: number; xml: string }>;

type Command = {
  stdout: Buffer[];
  stderr: Buffer[];
  exitCode?: number;
  wake: () => void;
  news: Promise<void>;
  gone: boolean;
};
type Shell = { user: string; options: ReadonlyMap<string, string>; commands: Map<string, Command> };

export type Shells = Readonly<{
  open(): number;
  /** The options of every Create so far, such as WINRS_CODEPAGE. */
  created: readonly ReadonlyMap<string, string>[];
  /** Every command line so far, as it arrived. */
  lines: readonly string[];
  answer(asked: Asked, user: string): Promise<Said>;
}>;

/** As much output as fits into an envelope of 150 KB. */
const PIECE_BYTES = 100_000;

export const understood = (bytes: Uint8Array): Asked => {
  const envelope = readXml(bytes);
  const action = find(envelope, NS.a, 'Action')?.text.trim() ?? '';
  return { step: action.split('/').at(-1) ?? '', id: find(envelope, NS.a, 'MessageID')?.text.trim() ?? '', envelope };
};

const wrapped = (id: string, body: string): string =>
  `<s:Envelope xml:lang="en-US" xmlns:s="${NS.s}" xmlns:a="${NS.a}" xmlns:w="${NS.w}" xmlns:rsp="${NS.rsp}" xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer">` +
  `<s:Header><a:MessageID>uuid:${randomUUID().toUpperCase()}</a:MessageID><a:RelatesTo>${id}</a:RelatesTo></s:Header><s:Body>${body}</s:Body></s:Envelope>`;

/** A fault as Windows words it. */
export const faultWith = (id: string, code: number, kind: string, text: string): Said => ({
  status: 500,
  xml: wrapped(
    id,
    `<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:${kind}</s:Value></s:Subcode></s:Code>` +
      `<s:Reason><s:Text xml:lang="en-US">${text}</s:Text></s:Reason>` +
      `<s:Detail><f:WSManFault xmlns:f="${FAULT_DETAIL}" Code="${code}" Machine="vpn01"><f:Message>${text}</f:Message></f:WSManFault></s:Detail></s:Fault>`,
  ),
});

const optionsIn = (envelope: Element): ReadonlyMap<string, string> => {
  const set = find(envelope, NS.w, 'OptionSet')?.children ?? [];
  return new Map(set.map(({ attributes, text }) => [attributes['Name'] ?? '', text.trim()]));
};

const newCommand = (): Command => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { stdout: [], stderr: [], wake: resolve, news: promise, gone: false };
};

const FULL_BYTES = 500_000;
const waiting = ({ stdout, stderr }: Command): number =>
  [...stdout, ...stderr].reduce((sum, { length }) => sum + length, 0);

const pump = async (command: Command, printed: Iterable<Printed> | AsyncIterable<Printed>): Promise<void> => {
  let exitCode = 0;
  for await (const piece of printed) {
    // A program waits when nobody takes what it prints, as at a full pipe.
    while (!command.gone && waiting(command) > FULL_BYTES) await setTimeout(1);
    if (command.gone) return;
    command.stdout.push(piece.stdout);
    command.stderr.push(piece.stderr);
    exitCode = piece.exitCode;
    if (piece.stdout.length + piece.stderr.length > 0) command.wake();
  }
  command.exitCode = exitCode;
  command.wake();
};

/** Takes as much of what was printed as a piece holds. */
const taken = (chunks: Buffer[], most: number): Buffer => {
  const all = Buffer.concat(chunks);
  const rest = all.subarray(most);
  chunks.splice(0, chunks.length, ...(rest.length > 0 ? [rest] : []));
  return all.subarray(0, most);
};

const pieceOf = (command: Command, id: string): string => {
  const [stdout, stderr] = [taken(command.stdout, PIECE_BYTES / 2), taken(command.stderr, PIECE_BYTES / 2)];
  const stream = (name: string, bytes: Buffer, end: boolean): string =>
    (bytes.length > 0 ? `<rsp:Stream Name="${name}" CommandId="${id}">${bytes.toString('base64')}</rsp:Stream>` : '') +
    (end ? `<rsp:Stream Name="${name}" CommandId="${id}" End="true"/>` : '');
  const done = command.exitCode !== undefined && command.stdout.length + command.stderr.length === 0;
  const state = `<rsp:CommandState CommandId="${id}" State="${NS.rsp}/CommandState/${done ? 'Done' : 'Running'}">${done ? `<rsp:ExitCode>${command.exitCode}</rsp:ExitCode>` : ''}</rsp:CommandState>`;
  return `<rsp:ReceiveResponse>${stream('stdout', stdout, done)}${stream('stderr', stderr, done)}${state}</rsp:ReceiveResponse>`;
};

const receive = async (command: Command, commandId: string, asked: Asked): Promise<Said> => {
  const seconds = Number(/^PT([\d.]+)S$/.exec(find(asked.envelope, NS.w, 'OperationTimeout')?.text ?? '')?.[1] ?? 60);
  if (command.stdout.length + command.stderr.length === 0 && command.exitCode === undefined) {
    const late = new AbortController();
    await Promise.race([
      command.news,
      // A question that nobody waits for any more keeps no test file from ending.
      setTimeout(seconds * 1_000, undefined, { signal: late.signal, ref: false }).catch(() => undefined),
    ]);
    late.abort();
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  [command.news, command.wake] = [promise, resolve];
  if (command.stdout.length + command.stderr.length === 0 && command.exitCode === undefined)
    return faultWith(
      asked.id,
      0x80338029,
      'TimedOut',
      'The operation did not complete within the time specified in OperationTimeout.',
    );
  return { status: 200, xml: wrapped(asked.id, pieceOf(command, commandId)) };
};

const ok = ({ id }: Asked, body: string): Said => ({ status: 200, xml: wrapped(id, body) });

/** `play` runs the command lines. */
export const shellsOf = (play: Play): Shells => {
  const shells = new Map<string, Shell>();
  const created: ReadonlyMap<string, string>[] = [];
  const lines: string[] = [];

  const create = (asked: Asked, user: string): string => {
    const id = randomUUID().toUpperCase();
    const options = optionsIn(asked.envelope);
    created.push(options);
    shells.set(id, { user, options, commands: new Map() });
    return (
      `<x:ResourceCreated><a:Address>http://vpn01/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>${NS.rsp}/cmd</w:ResourceURI>` +
      `<w:SelectorSet><w:Selector Name="ShellId">${id}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>` +
      `<rsp:Shell><rsp:ShellId>${id}</rsp:ShellId><rsp:Owner>${escaped(user)}</rsp:Owner></rsp:Shell>`
    );
  };

  const start = (shell: Shell, asked: Asked): string => {
    const id = randomUUID().toUpperCase();
    const { children = [] } = find(asked.envelope, NS.rsp, 'CommandLine') ?? {};
    const line = children.map(({ text }) => text).join(' ');
    const command = newCommand();
    shell.commands.set(id, command);
    lines.push(line);
    pump(command, play(line)).catch((error: unknown) => {
      command.stderr.push(Buffer.from(`${error}\r\n`));
      command.exitCode = 255;
      command.wake();
    });
    return `<rsp:CommandResponse><rsp:CommandId>${id}</rsp:CommandId></rsp:CommandResponse>`;
  };

  const end = (shell: Shell): void => {
    for (const command of shell.commands.values()) command.gone = true;
  };

  const withCommand = (shell: Shell, asked: Asked): Said | Promise<Said> => {
    const named = find(asked.envelope, NS.rsp, 'DesiredStream') ?? find(asked.envelope, NS.rsp, 'Signal');
    const commandId = named?.attributes['CommandId'] ?? '';
    const command = shell.commands.get(commandId);
    if (!command) return faultWith(asked.id, 0x80338012, 'InvalidParameter', 'There is no such command.');
    if (asked.step === 'Receive') return receive(command, commandId, asked);
    command.gone = true;
    return ok(asked, '<rsp:SignalResponse/>');
  };

  const answer: Shells['answer'] = async (asked, user) => {
    if (asked.step === 'Create') return ok(asked, create(asked, user));
    const shellId = find(asked.envelope, NS.w, 'Selector')?.text.trim() ?? '';
    const shell = shells.get(shellId);
    if (!shell || shell.user !== user)
      return faultWith(asked.id, 0x8033805b, 'InvalidSelectors', 'The shell was not found on the server.');
    if (asked.step === 'Command') return ok(asked, start(shell, asked));
    if (asked.step !== 'Delete') return withCommand(shell, asked);
    end(shell);
    shells.delete(shellId);
    return ok(asked, '');
  };
  return { open: () => shells.size, created, lines, answer };
};
