/** Addresses of names: the hosts file first, then DNS, within a deadline of our own. */
import { promises as dns } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import type { Ignorance } from '../model.ts';
import { awaited, lasting, seconds } from './patience.ts';
import type { Resolved } from './seen.ts';

/** The addresses of a name, that it has none, or why that could not be learned. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<Resolved | Ignorance>;

export type ResolverOptions = Readonly<{
  ms: number;
  /** DNS servers to ask in place of the machine's own, as `address` or `address:port`. */
  nameServers?: readonly string[];
  hostsFile?: string;
}>;

const HOSTS =
  process.platform === 'win32'
    ? path.join(process.env['SystemRoot'] ?? String.raw`C:\Windows`, String.raw`System32\drivers\etc\hosts`)
    : '/etc/hosts';

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Lines of a hosts file: an address, then its names; `#` begins a comment. */
const addressesIn = (hosts: string, name: string): readonly string[] => {
  const found = hosts.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) && names.some((other) => plain(other) === name) ? [address] : [];
  });
  return [...new Set(found)];
};

/** A name that DNS knows not to exist, or to have no address of this family. */
const NONE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name does not exist (NXDOMAIN)',
  ENODATA: 'the name has no address',
};

type Answered = Readonly<{ addresses: readonly string[] } | { code: string }>;

const settled = async (asked: Promise<readonly string[]>): Promise<Answered> =>
  asked.then(
    (addresses) => ({ addresses }),
    (error: NodeJS.ErrnoException) => ({ code: error.code ?? error.message }),
  );

/** Both families together: a DNS server that fails for one of them does not hide the other. */
const judged = (name: string, answers: readonly Answered[]): Resolved | Ignorance => {
  const addresses = [...new Set(answers.flatMap((answer) => ('addresses' in answer ? answer.addresses : [])))];
  const codes = answers.flatMap((answer) => ('code' in answer ? [answer.code] : []));
  const failed = codes.find((code) => !(code in NONE));
  if (addresses.length > 0) return { name, addresses };
  if (failed === undefined) return { name, addresses, missing: NONE[codes[0] ?? ''] ?? 'the name has no address' };
  const late = failed === 'ETIMEOUT' || failed === 'ECANCELLED';
  return { reason: late ? 'timed-out' : 'unreachable', detail: `DNS did not answer for ${name}: ${failed}` };
};

const byDns = async (name: string, { ms, nameServers }: ResolverOptions, signal: AbortSignal) => {
  const resolver = new dns.Resolver({ timeout: Math.ceil(ms / 3), tries: 2 });
  if (nameServers) resolver.setServers(nameServers);
  const cancel = (): void => resolver.cancel();
  const timer = setTimeout(cancel, ms);
  signal.addEventListener('abort', cancel, { once: true });
  const asked = [settled(resolver.resolve4(name)), settled(resolver.resolve6(name))];
  // Only what was asked can be cancelled.
  if (signal.aborted) cancel();
  const answers = await Promise.all(asked);
  clearTimeout(timer);
  signal.removeEventListener('abort', cancel);
  return judged(name, answers);
};

/** The operating system's own way, which alone knows search domains. It cannot be stopped, only left behind. */
const byMachine = async (name: string, ms: number, signal: AbortSignal): Promise<Resolved | Ignorance> => {
  const went = await awaited<Answered>(
    (report) => {
      const asked = dns.lookup(name, { all: true, order: 'verbatim' });
      void settled(asked.then((found) => found.map(({ address }) => address))).then((value) => report({ value }));
      return () => {};
    },
    { ms, signal },
    () => `no answer within ${seconds({ ms })}`,
  );
  return judged(name, ['value' in went ? went.value : { code: 'ETIMEOUT' }]);
};

/**
 * DNS within our deadline; where it knows no address, the machine's own way may: it has search domains, and other sources.
 * The machine alone knows what a name without a dot means.
 */
const byBoth = async (name: string, options: ResolverOptions, signal: AbortSignal): Promise<Resolved | Ignorance> => {
  const left = lasting({ ms: options.ms, signal });
  const found = name.includes('.') || options.nameServers ? await byDns(name, options, signal) : undefined;
  if (found && (('addresses' in found && found.addresses.length > 0) || options.nameServers)) return found;
  const own = await byMachine(name, left().ms, signal);
  return found && 'reason' in own ? found : own;
};

export const resolver = (options: ResolverOptions): Resolve => {
  let hosts: Promise<string> | undefined;
  return async (asked, signal) => {
    const name = plain(asked);
    if (isIP(name)) return { name: asked, addresses: [name] };
    hosts ??= readFile(options.hostsFile ?? HOSTS, 'utf8').catch(() => '');
    const known = addressesIn(await hosts, name);
    if (known.length > 0) return { name: asked, addresses: known };
    // Names below localhost never leave the machine. Source: RFC 6761.
    if (name === 'localhost' || name.endsWith('.localhost')) return { name: asked, addresses: ['127.0.0.1', '::1'] };
    return byBoth(name, options, signal);
  };
};
