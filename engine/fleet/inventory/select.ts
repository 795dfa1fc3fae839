import { suggestion } from '../../document/suggest.ts';
import { Mistake } from '../../mistake.ts';
import { matcher } from '../../profile/glob.ts';

/** What a pattern can choose: a server by its name, or by a group of it. */
export type Choosable = Readonly<{ name: string; groups: readonly string[] }>;

type Part = Readonly<{ sign: '' | '!' | '&'; pattern: string }>;

const HINT =
  'write hosts and groups, parted by commas or colons: tokyo:osaka takes both, :!vpn03 leaves out, :&production keeps those in both; * stands for any text; a name that holds a colon stands between commas';

/**
 * The servers that a pattern chooses, in their order: `tokyo:osaka` takes two groups, `tokyo:&production` what is in both,
 * `tokyo:!vpn03` leaves one out. Throws Mistake for a part that names nothing, and when nothing is left.
 */
export const chosen = <T extends Choosable>(servers: readonly T[], patterns: readonly string[]): readonly T[] => {
  const known = [...new Set(servers.flatMap(({ name, groups }) => [name, ...groups]))];
  const parts = patterns.flatMap((text) => partsOf(text, known));
  if (parts.length === 0) throw new Mistake('--limit is empty', HINT);
  const named = parts.map((part): Named => ({ ...part, names: new Set(known.filter(matcher(part.pattern))) }));
  const idle = named.filter(({ names }) => names.size === 0);
  const wrong = idle.map(({ pattern }) => `--limit ${pattern} names no host and no group${suggestion(pattern, known)}`);
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  const left = chosenBy(named, servers);
  if (left.length === 0) throw new Mistake(`--limit ${patterns.join(',')} leaves no host`, HINT);
  return left;
};

/** A part, and all names that fit it. */
type Named = Part & Readonly<{ names: ReadonlySet<string> }>;

/** What stands between commas is one part where a name fits it as it is: 2001:db8::7, vpn01:2222. */
const partsOf = (text: string, known: readonly string[]): readonly Part[] =>
  text.split(',').flatMap((piece) => {
    const whole = partOf(piece.trim());
    const parts = known.some(matcher(whole.pattern)) ? [whole] : piece.split(':').map((part) => partOf(part.trim()));
    return parts.filter(({ sign, pattern }) => sign + pattern !== '');
  });

const partOf = (text: string): Part => {
  if (text.startsWith('!')) return { sign: '!', pattern: text.slice(1) };
  return text.startsWith('&') ? { sign: '&', pattern: text.slice(1) } : { sign: '', pattern: text };
};

const chosenBy = <T extends Choosable>(parts: readonly Named[], servers: readonly T[]): readonly T[] => {
  const signed = (sign: Part['sign']) => parts.filter((part) => part.sign === sign).map(({ names }) => names);
  const together = (sets: readonly ReadonlySet<string>[]) => new Set(sets.flatMap((names) => [...names]));
  const [plain, kept] = [signed(''), signed('&')];
  const [taken, left] = [together(plain), together(signed('!'))];
  return servers.filter(({ name, groups }) => {
    const isIn = (names: ReadonlySet<string>): boolean => names.has(name) || groups.some((group) => names.has(group));
    return (plain.length === 0 || isIn(taken)) && kept.every(isIn) && !isIn(left);
  });
};
