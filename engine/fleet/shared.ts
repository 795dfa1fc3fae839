/** Texts that are longer, or that are times, are hardly ever the same twice. */
const LONGEST = 300;
const TIME = /^\d{4}-\d\d-\d\dT/;
/** Texts that are remembered; beyond, most of them have not come again. */
const MOST = 50_000;

/**
 * Copies data in which like texts become one text: thousands of servers say mostly the same. A text that was cut out of an
 * answer holds on to all of it, so what is not the same yet is copied, too.
 */
export const sharing = (): (<T>(data: T) => T) => {
  const known = new Map<string, string>();
  const text = (value: string): string => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const own = JSON.parse(JSON.stringify(value)) as string;
    if (own.length <= LONGEST && known.size < MOST && !TIME.test(own)) known.set(own, own);
    return own;
  };
  const copy = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(copy);
    const own: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) own[key] = copy(inner);
    return own;
  };
  return <T>(data: T) => copy(data) as T;
};
