import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, type ErrorCode, LineCounter, visit } from 'yaml';
import { fileTrouble, isAbsence } from '../file-trouble.ts';
import { READ } from './beforehand.ts';
import { parse } from './parse.ts';
import { type Complaint, type Places, survey } from './places.ts';

/** What is read: in mistakes it goes by these names. A file that people write is not larger than `largest` bytes. */
export type Kind = Readonly<{ one: string; many: string; largest: number }>;

/** What was read, before anybody made sense of it. `file` is as the operator would name it. */
export type Text = Readonly<{ file: string; folder: string; bytes: Uint8Array; text: string }>;

/** One YAML file. */
export type Source = Text &
  Readonly<{
    lines: LineCounter;
    places: Places;
    /** The data that the file stands for; undefined when that cannot be told. */
    content: unknown;
    /** What is wrong with the file as a YAML document. */
    complaints: readonly Complaint[];
    /** Its content is of the right form: the build has seen to that. */
    formed?: boolean;
  }>;

/** Why there is no source; `absent` when there is no such file. */
export type Trouble = Readonly<{ trouble: string; absent: boolean }>;

/** Reads and parses one YAML file. */
export const readSource = async (file: string, kind: Kind): Promise<Source | Trouble> => {
  const read = await readText(file, kind.largest);
  if ('trouble' in read) return read;
  return READ.has(read.text) ? knownSource(read, kind) : sourceOf(read, kind);
};

/** What was read beforehand. Where in the text its parts stand only a mistake asks, of a profile that extends it. */
const knownSource = (read: Text, kind: Kind): Source => {
  let parsed: Source | undefined;
  const inText = (): Source => {
    parsed ??= sourceOf(read, kind);
    return parsed;
  };
  return {
    ...read,
    get lines() {
      return inText().lines;
    },
    get places() {
      return inText().places;
    },
    content: READ.get(read.text),
    complaints: [],
    formed: true,
  };
};

/** Reads one file of UTF-8 text. */
export const readText = async (file: string, largest: number): Promise<Text | Trouble> => {
  const name = shownName(file);
  try {
    const found = await stat(file);
    if (!found.isFile()) return { trouble: `${name} is not a file`, absent: false };
    if (found.size > largest) return { trouble: `${name} is larger than ${largest} bytes`, absent: false };
    return textOf(await readFile(file), { file: name, folder: path.dirname(file) });
  } catch (cause) {
    const absent = isAbsence(cause);
    return { trouble: `${name} cannot be read: ${absent ? ABSENT : fileTrouble(cause)}`, absent };
  }
};

/** Throws TypeError (ERR_ENCODING_INVALID_ENCODED_DATA) for what is not UTF-8. */
export const textOf = (bytes: Uint8Array, where: Pick<Text, 'file' | 'folder'>): Text => ({
  ...where,
  bytes,
  text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
});

const ABSENT = 'there is no such file';
const shownName = (file: string): string => {
  const relative = path.relative('', file);
  return relative === '' || relative.startsWith('..') ? file : relative;
};

/** Parses what was read. */
export const sourceOf = (read: Text, kind: Kind): Source => {
  const lines = new LineCounter();
  const document = parse(read.text, lines);
  const wrong = complaintsOf(document, read.text, kind);
  if (typeof document === 'number' || wrong.length > 0)
    return { ...read, lines, places: new Map(), content: undefined, complaints: wrong };
  const { places, complaints, plain } = survey(document, kind.many);
  return { ...read, lines, places, content: plain ? document.toJS() : undefined, complaints };
};

/** What is wrong with a document as YAML; a number is the offset at which it was given up. */
const complaintsOf = (document: Document | number, text: string, kind: Kind): readonly Complaint[] => {
  if (typeof document === 'number')
    return [{ at: '', on: document, says: 'lists and maps stand too deep in each other' }];
  const end = text.trimEnd().length;
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length === 0) return [];
  const quotes = quotesIn(document);
  return wrong.map(({ code, message, pos: [from] }) => {
    const quote = quotes.get(from);
    // The library tells of it where the text in quotes ends: at the end of the file, mostly.
    if (quote !== undefined && message.startsWith('Missing closing')) return { at: '', on: quote, says: UNCLOSED };
    const says = quote !== undefined && code === 'UNEXPECTED_TOKEN' ? AFTER_QUOTE : wordsFor(kind)[code];
    return { at: '', on: Math.min(from, end), says: says ?? `is not YAML: ${message}` };
  });
};

/** Where texts in quotes begin, by the offset at which they end. */
const quotesIn = (document: Document): ReadonlyMap<number, number> => {
  const quotes = new Map<number, number>();
  visit(document, {
    Scalar: (_key, { type, range }) => {
      if (range && type?.startsWith('QUOTE')) quotes.set(range[1], range[0]);
    },
  });
  return quotes;
};

const UNCLOSED = 'a quote opens here and is not closed';
const AFTER_QUOTE =
  'text goes on after a closing quote: one before it is missing, or it belongs to the text: then write \' twice in \'…\', or \\" in "…"';

const wordsFor = ({ one, many }: Kind): Readonly<Partial<Record<ErrorCode, string>>> => ({
  BAD_ALIAS: 'a text that is or begins with * must be written in quotes: "*"',
  BLOCK_AS_IMPLICIT_KEY: 'a second value on one line: indent it, or write a text with a colon in quotes',
  MULTIPLE_DOCS: `a second document begins here: ${one} is one`,
  TAB_AS_INDENT: 'a tab indents this line: YAML takes blanks only',
  TAG_RESOLVE_FAILED: `a tag that ${many} do not use: write the plain value`,
});
