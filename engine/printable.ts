/** One line that can be printed: what moves the cursor of a terminal, ends a line or turns the direction of text is a blank. */
export const printable = (text: string): string =>
  // GitHub, Azure and TeamCity obey `##[` and its like anywhere in a line of a log, and GitHub `::` at its start, behind blanks, too.
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
    .replace(/#(?=#)/g, '# ')
    .replace(/^(\s*):(?=:)/, '$1: ');
