/** Texts that are longer, or that are times, are hardly ever the same twice. */
const LONGEST = 300;
const TIME = /^\d{4}-\d\d-\d\dT/;
/** Texts that are remembered; beyond, most of them have not come again. */
const MOST = 50_000;
/** The same of lists and objects, and their longest spelling as JSON. */
const MOST_PARTS = 20_000;
const LONGEST_PART = 2_000;

/** What is mostly one object for many servers already: what a check finds, and what it expects. */
const ONE_OBJECT: ReadonlySet<string> = new Set(['findings', 'expected']);

/**
 * Copies data in which like texts become one text, and like lists and objects one: thousands of servers say mostly the same.
 * A text that was cut out of an answer holds on to all of it, so what is not the same yet is copied, too. Nothing of the
 * copy may be changed.
 */
export const sharing = (): (<T>(data: T) => T) => {
  const text = sharedTexts();
  const parts = new Map<string, unknown>();
  /** Only what is small and holds nothing but what is remembered can be the same again; a result names its server. */
  const part = (own: object, children: readonly unknown[]): unknown => {
    if ('status' in own || !children.every(text.isKnown)) return own;
    const key = JSON.stringify(own);
    const found = parts.get(key);
    if (found !== undefined) return found;
    if (key.length <= LONGEST_PART && parts.size < MOST_PARTS) parts.set(key, text.keep(own));
    return own;
  };
  const copies = new WeakMap<object, unknown>();
  const once = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return copy(value);
    const own = copies.get(value) ?? copy(value);
    copies.set(value, own);
    return own;
  };
  const copy = (value: unknown): unknown => {
    if (typeof value === 'string') return text.of(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const own = value.map(copy);
      return part(own, own);
    }
    // A spread has as much room as it needs; an object that grows has more.
    const own: Record<string, unknown> = { ...value };
    for (const [key, inner] of Object.entries(own)) own[key] = ONE_OBJECT.has(key) ? once(inner) : copy(inner);
    return part(own, Object.values(own));
  };
  return <T>(data: T) => copy(data) as T;
};

const sharedTexts = () => {
  const known = new Map<string, string>();
  const kept = new WeakSet<object>();
  let time = '';
  const of = (value: string): string => {
    const found = known.get(value);
    if (found !== undefined) return found;
    // What was asked in one batch began at one time.
    if (value === time) return time;
    const own = JSON.parse(JSON.stringify(value)) as string;
    if (TIME.test(own)) time = own;
    else if (own.length <= LONGEST && known.size < MOST) known.set(own, own);
    return own;
  };
  const keep = (part: object): object => {
    kept.add(part);
    return part;
  };
  const isKnown = (value: unknown): boolean => {
    if (typeof value === 'string') return known.has(value);
    return typeof value !== 'object' || value === null || kept.has(value);
  };
  return { of, keep, isKnown };
};
