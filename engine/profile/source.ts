import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ErrorCode, LineCounter, parseDocument } from 'yaml';
import { type Complaint, type Places, survey } from './places.ts';

/** One YAML file of a profile. */
export type Source = Readonly<{
  /** The file as the operator would name it. */
  file: string;
  folder: string;
  bytes: Uint8Array;
  text: string;
  lines: LineCounter;
  places: Places;
  /** The data that the file stands for; undefined when that cannot be told. */
  content: unknown;
  /** What is wrong with the file as a YAML document. */
  complaints: readonly Complaint[];
}>;

/** Bytes. A profile is read by people; one of more than a mebibyte is not. */
const LARGEST = 1_048_576;

/** Why there is no source; `absent` when there is no such file. */
export type Trouble = Readonly<{ trouble: string; absent: boolean }>;

/** Reads one file. */
export const readSource = async (file: string): Promise<Source | Trouble> => {
  const name = shownName(file);
  try {
    const { size } = await stat(file).then((found) => (found.isFile() ? found : { size: -1 }));
    if (size < 0) return { trouble: `${name} is not a file`, absent: false };
    if (size > LARGEST) return { trouble: `${name} is larger than ${LARGEST} bytes`, absent: false };
    const bytes = await readFile(file);
    return sourceOf(file, bytes, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const words = TROUBLES[code] ?? message;
    return { trouble: `${name} cannot be read: ${words}`, absent: words === ABSENT };
  }
};

const ABSENT = 'there is no such file';
const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: ABSENT,
  ENOTDIR: ABSENT,
  EACCES: 'access is denied',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

const shownName = (file: string): string => {
  const relative = path.relative('', file);
  return relative.startsWith('..') ? file : relative;
};

const sourceOf = (file: string, bytes: Uint8Array, text: string): Source => {
  const lines = new LineCounter();
  // The library compares every key with every other one, which takes minutes for a hostile file; the survey does it in one pass.
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, schema: 'core', merge: false } as const;
  const document = parseDocument(text, options);
  const troubles = [...document.errors, ...document.warnings];
  const exhausted = troubles.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const end = text.trimEnd().length;
  const complaints = (exhausted ? [exhausted] : troubles).map(
    ({ code, message, pos }): Complaint => ({
      at: '',
      on: Math.min(pos[0], end),
      says: WORDS[code] ?? `is not YAML: ${message}`,
    }),
  );
  const readable = complaints.length === 0;
  const found = readable ? survey(document) : { places: new Map(), complaints, plain: false };
  return {
    file: shownName(file),
    folder: path.dirname(file),
    bytes,
    text,
    lines,
    places: found.places,
    content: found.plain ? document.toJS() : undefined,
    complaints: found.complaints,
  };
};

const WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'a text that is or begins with * must be written in quotes: "*"',
  BLOCK_AS_IMPLICIT_KEY: 'a second value on one line: indent it, or write a text with a colon in quotes',
  MULTIPLE_DOCS: 'a second document begins here: a profile is one',
  RESOURCE_EXHAUSTION: 'lists and maps stand too deep in each other',
  TAB_AS_INDENT: 'a tab indents this line: YAML takes blanks only',
  TAG_RESOLVE_FAILED: 'a tag that profiles do not use: write the plain value',
};
