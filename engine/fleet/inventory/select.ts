import { suggestion } from '../../document/suggest.ts';
import { Mistake } from '../../mistake.ts';
import { matches } from '../../profile/glob.ts';

/** What a pattern can choose: a server by its name, or by a group of it. */
export type Choosable = Readonly<{ name: string; groups: readonly string[] }>;

type Part = Readonly<{ sign: '' | '!' | '&'; pattern: string }>;

const HINT =
  'write hosts and groups, parted by commas or colons: tokyo:osaka takes both, :!vpn03 leaves out, :&production keeps those in both; * stands for any text';

/**
 * The servers that a pattern chooses, in their order: `tokyo:osaka` takes two groups, `tokyo:&production` what is in both,
 * `tokyo:!vpn03` leaves one out. Throws Mistake for a part that names nothing, and when nothing is left.
 */
export const chosen = <T extends Choosable>(servers: readonly T[], patterns: readonly string[]): readonly T[] => {
  const parts = patterns.flatMap(partsOf);
  if (parts.length === 0) throw new Mistake('--limit is empty', HINT);
  const known = [...new Set(servers.flatMap(({ name, groups }) => [name, ...groups]))];
  const idle = parts.filter(({ pattern }) => !known.some((name) => matches(pattern, name)));
  const wrong = idle.map(({ pattern }) => `--limit ${pattern} names no host and no group${suggestion(pattern, known)}`);
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  const left = servers.filter((server) => isChosen(server, parts));
  if (left.length === 0) throw new Mistake(`--limit ${patterns.join(',')} leaves no host`, HINT);
  return left;
};

const partsOf = (text: string): readonly Part[] =>
  text
    .split(/[,:]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): Part => {
      if (part.startsWith('!')) return { sign: '!', pattern: part.slice(1) };
      return part.startsWith('&') ? { sign: '&', pattern: part.slice(1) } : { sign: '', pattern: part };
    });

const isChosen = (server: Choosable, parts: readonly Part[]): boolean => {
  const fits = ({ pattern }: Part): boolean => [server.name, ...server.groups].some((name) => matches(pattern, name));
  const signed = (sign: Part['sign']): readonly Part[] => parts.filter((part) => part.sign === sign);
  const taken = signed('');
  return (taken.length === 0 || taken.some(fits)) && signed('&').every(fits) && !signed('!').some(fits);
};
