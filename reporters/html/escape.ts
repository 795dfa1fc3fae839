/** HTML that cannot be broken out of: whatever a template is given is escaped, unless a template made it. */
import { cut, NAME_LIMIT } from '../text.ts';

/** Text that a browser may read as HTML. Only `markup` makes it. */
export type Markup = Readonly<{ html: string }>;
type Part = string | number | Markup | readonly Markup[];

/** Longest text that the page prints in one place, in UTF-16 units; the JSON report holds the whole. */
const TEXT_LIMIT = 4_000;

/** C0, C1, everything that is not seen but reorders or hides what stands beside it, and what is no character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}\u2028\u2029]/gu;
/** A CI system that prints the page obeys `##vso[` anywhere and `::` at the start of a line: neither stays whole. */
const SPECIAL = /[&<>"'\t]|(?<=#)#|:(?=:)/g;

/** A tag for templates: strings are escaped and cut, numbers and markup are taken as they are. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  html: strings.reduce((html, string, at) => html + printed(parts[at - 1] ?? '') + string),
});

export const NOTHING: Markup = { html: '' };

/** The markup when there is reason for it. */
export const when = (reason: boolean, make: () => Markup): Markup => (reason ? make() : NOTHING);

/** One after the other, something between them. */
export const joined = (parts: readonly Markup[], between: string): Markup => ({
  html: parts.map(({ html }) => html).join(between),
});

/** A name in a piece of text of its own, so that letters written from the right do not turn its neighbours round. */
export const nameOf = (name: string): Markup => markup`<bdi>${label(name)}</bdi>`;

/** The same for an attribute or an option. */
export const label = (name: string): string =>
  cut(visible(cut(name, NAME_LIMIT * 2)).replaceAll('\n', ' '), NAME_LIMIT);

/** A value in the letters of a machine, cut with a word about how much is missing. */
export const literal = (value: string, missing: (characters: number) => string): Markup => {
  const shown = markup`<code class="value">${value}</code>`;
  const left = value.length - TEXT_LIMIT;
  // The ellipsis takes the place of one more.
  return left > 0 ? markup`${shown} <em class="missing">${missing(left + 1)}</em>` : shown;
};

const printed = (part: Part): string => {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(({ html }) => html).join('');
};

const escaped = (text: string): string => shown(text).replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);

/** The text as the page shows it, before it is markup: for data that a script shows. */
export const shown = (text: string): string => visible(cut(text, TEXT_LIMIT));

/** Most texts: nothing of them has to be replaced, and this is found out in a quarter of the time. */
const PLAIN = /^[\t\n -~]*$/;

export const visible = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .toWellFormed()
        .replace(/\r\n?/g, '\n')
        .replace(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : '\ufffd'));
