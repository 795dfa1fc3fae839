/** Characters for texts that nobody expects. */
import fc from 'fast-check';

/** Any character of Unicode, and halves of one. fast-check's own `binary` first makes a table of them all, for a second. */
export const anyCharacter = fc.nat(0x10_ff_ff).map((code) => String.fromCodePoint(code));
