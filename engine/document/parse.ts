import { Composer, type CST, type Document, Lexer, type LineCounter, Parser, YAMLParseError } from 'yaml';

/** Open lists and maps that are parsed further: many more than any file needs, and no more than can be built. */
const DEEPEST = 500;

// The library compares every key with every other one, which takes minutes for a hostile file; the survey does it in one pass.
const OPTIONS = { uniqueKeys: false, prettyErrors: false, schema: 'core', merge: false } as const;

/** The one document of a text; or the offset in it at which lists and maps stand so deep in each other that nobody meant it. */
export const parse = (text: string, lines: LineCounter): Document | number => {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let document: Document | undefined;
  for (const one of new Composer({ ...OPTIONS, lineCounter: lines }).compose(
    tokensOf(text, parser),
    true,
    text.length,
  )) {
    if (isTooDeep(parser)) return parser.offset;
    if (document) {
      document.errors.push(new YAMLParseError([one.range[0], one.range[1]], 'MULTIPLE_DOCS', 'a second document'));
      return document;
    }
    document = one;
  }
  if (!document) throw new Error('a text without a document');
  return document;
};

/** The library would read a megabyte of brackets to its end, for seconds, before it gave up. */
const tokensOf = function* (text: string, parser: Parser): Iterable<CST.Token> {
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (isTooDeep(parser)) return;
  }
  yield* parser.end();
};

const isTooDeep = ({ stack }: Parser): boolean => stack.length > DEEPEST;
