/** Writes the requests of a WS-Management shell: one SOAP 1.2 envelope each. */
import { randomUUID } from 'node:crypto';
import { ACTIONS, CMD_SHELL, CTRL_C, NS } from './namespaces.ts';

/** What is asked of the server, without the address and the number that an envelope adds. */
export type Request = Readonly<{
  action: string;
  shell?: string;
  options?: Readonly<Record<string, string>>;
  body: string;
}>;

/**
 * WINRS_CODEPAGE is left out, so that the shell's console has the page that every console of this server has. Programs
 * then print what the server's own console would print, and the registry's OEMCP, which is what the code page question
 * asks, names the page of the bytes. 65001 would change what programs print, 437 would turn names into question marks.
 * (Belief: an absent option means the OEM page; pypsrp leaves it out on real servers.)
 * IdleTimeOut ends a shell that we could not delete.
 */
export const create = (): Request => ({
  action: ACTIONS.create,
  options: { WINRS_NOPROFILE: 'TRUE' },
  body:
    '<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams>' +
    '<rsp:IdleTimeOut>PT120S</rsp:IdleTimeOut></rsp:Shell>',
});

/**
 * WinRS starts `cmd.exe /c` with our line, whose own `cmd.exe /c "..."` reads it again: the same two readers as over SSH,
 * for which snap.ts escapes. WINRS_SKIP_CMD_SHELL could leave the first one out, but servers from 2012 R2 on ignore it.
 * Console mode for stdin means that nothing is ever sent to it.
 */
export const command = (shell: string, line: string): Request => ({
  action: ACTIONS.command,
  shell,
  options: { WINRS_CONSOLEMODE_STDIN: 'TRUE', WINRS_SKIP_CMD_SHELL: 'FALSE' },
  body: `<rsp:CommandLine><rsp:Command>${escaped(line)}</rsp:Command></rsp:CommandLine>`,
});

export const receive = (shell: string, id: string): Request => ({
  action: ACTIONS.receive,
  shell,
  options: { WSMAN_CMDSHELL_OPTION_KEEPALIVE: 'TRUE' },
  body: `<rsp:Receive><rsp:DesiredStream CommandId="${escaped(id)}">stdout stderr</rsp:DesiredStream></rsp:Receive>`,
});

/** Stops a running command as Ctrl+C does. */
export const interrupt = (shell: string, id: string): Request => ({
  action: ACTIONS.signal,
  shell,
  body: `<rsp:Signal CommandId="${escaped(id)}"><rsp:Code>${CTRL_C}</rsp:Code></rsp:Signal>`,
});

/** Ends the shell and whatever runs in it. */
export const remove = (shell: string): Request => ({ action: ACTIONS.delete, shell, body: '' });

/** The size that servers from 2008 on agree to. */
const ENVELOPE_BYTES = 153_600;
/** How long the server may hold a request back while there is no output. */
const OPERATION_SECONDS = 20;

const DECLARATIONS = Object.entries(NS)
  .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
  .join(' ');

/** The envelope, and the id that its answer must repeat. `to` is the URL that it is posted to. */
export const write = ({ action, shell, options, body }: Request, to: string): { id: string; xml: string } => {
  const id = `uuid:${randomUUID().toUpperCase()}`;
  const selectors = shell && `<w:SelectorSet><w:Selector Name="ShellId">${escaped(shell)}</w:Selector></w:SelectorSet>`;
  const xml = [
    `<s:Envelope ${DECLARATIONS}><s:Header>`,
    `<a:To>${escaped(to)}</a:To>`,
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${NS.a}/role/anonymous</a:Address></a:ReplyTo>`,
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${ENVELOPE_BYTES}</w:MaxEnvelopeSize>`,
    `<a:MessageID>${id}</a:MessageID>`,
    '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>',
    `<w:OperationTimeout>PT${OPERATION_SECONDS}S</w:OperationTimeout>`,
    `<w:ResourceURI s:mustUnderstand="true">${CMD_SHELL}</w:ResourceURI>`,
    `<a:Action s:mustUnderstand="true">${action}</a:Action>`,
    selectors ?? '',
    options ? optionSet(options) : '',
    `</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  ].join('');
  return { id, xml };
};

const optionSet = (options: Readonly<Record<string, string>>): string =>
  `<w:OptionSet>${Object.entries(options)
    .map(([name, value]) => `<w:Option Name="${name}">${escaped(value)}</w:Option>`)
    .join('')}</w:OptionSet>`;

/** Text for an element or a quoted attribute. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"'\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
