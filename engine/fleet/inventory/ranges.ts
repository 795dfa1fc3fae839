import { FLEET } from '../limits.ts';

/** `[01:20]`, `[a:f]`, `[0:100:10]`. The address of an IPv6 URI (`[2001:db8::1]`) is none. */
const RANGE = /\[([A-Za-z0-9]+):([A-Za-z0-9]+)(?::(\d+))?\]/;

/** Ranges in one name: a site, a rack and a number need three. */
const MOST_RANGES = 8;

/** The names that a text with ranges stands for; instead of them, what is wrong with it. */
export const expand = (text: string): readonly string[] | string =>
  text.split('[', MOST_RANGES + 2).length > MOST_RANGES + 1 ? `holds more than ${MOST_RANGES} ranges` : expanded(text);

const expanded = (text: string): readonly string[] | string => {
  const found = RANGE.exec(text);
  if (!found) return [text];
  const [whole, from = '', to = '', step = '1'] = found;
  const items = itemsOf(from, to, Number(step));
  if (typeof items === 'string') return `${whole} ${items}`;
  const rest = expanded(text.slice(found.index + whole.length));
  if (typeof rest === 'string') return rest;
  if (items.length * rest.length > FLEET.hosts) return ALONE_TOO_MANY;
  const before = text.slice(0, found.index);
  return items.flatMap((item) => rest.map((after) => before + item + after));
};

const ALONE_TOO_MANY = `stands for more than ${FLEET.hosts} hosts`;
/** Of the place at which an inventory, all of it up to there, gets too large. */
export const TOO_MANY = `makes more than ${FLEET.hosts} hosts`;

/** Numbers keep the width of the first one: 01, 02, … */
const itemsOf = (from: string, to: string, step: number): readonly string[] | string => {
  const numbers = /^\d+$/.test(from) && /^\d+$/.test(to);
  const letters = /^([a-z][a-z]|[A-Z][A-Z])$/.test(from + to);
  if (!numbers && !letters) return 'is no range: write two numbers, or two letters';
  const [first, last] = numbers ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  if (first > last || step < 1) return 'is no range: it counts up';
  if (numbers && from.length > 1 && from.startsWith('0') && from.length !== to.length)
    return 'is no range: write both ends as wide';
  if ((last - first) / step >= FLEET.hosts) return ALONE_TOO_MANY;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => {
    const number = first + at * step;
    return numbers ? String(number).padStart(from.length, '0') : String.fromCharCode(number);
  });
};
