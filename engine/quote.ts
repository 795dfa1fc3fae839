/** Argument that needs no quotes in cmd.exe. */
const PLAIN = /^[\w.\-:\\/@=,+]+$/;

/**
 * Quotes one argument for cmd.exe and the C runtime of the program behind it.
 * What cannot be carried safely is refused with a TypeError, never mangled.
 */
export const quoteForCmd = (argument: string): string => {
  if (PLAIN.test(argument)) return argument;
  if (/[\0\r\n%!^"]/.test(argument))
    throw new TypeError(`cmd.exe cannot carry this argument: ${JSON.stringify(argument)}`);
  return `"${argument.replace(/\\+$/, '$&$&')}"`;
};
