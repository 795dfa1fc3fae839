/**
 * Tells whether a whole text fits a pattern in which `*` stands for any text, also for none; nothing else is special, and case
 * does not count. Takes time in proportion to the text, whatever the pattern: texts come from servers.
 */
export const matcher = (pattern: string): ((text: string) => boolean) => {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (text) => {
    const whole = text.toLowerCase();
    if (last === undefined) return whole === first;
    if (!whole.startsWith(first)) return false;
    let from = first.length;
    for (const part of rest) {
      const found = whole.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return whole.length - last.length >= from && whole.endsWith(last);
  };
};

/** The same of one text. */
export const matches = (pattern: string, text: string): boolean => matcher(pattern)(text);
