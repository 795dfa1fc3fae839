/** Data that the script of a fleet's page reads: JSON in base64, which cannot end its element whatever a server said. */
import type { ReporterOptions } from '../../reporter.ts';
import type { Markup } from '../escape.ts';

export type Deflate = ReporterOptions['deflate'];

/** A piece of base64: a multiple of three bytes, so that pieces can stand one behind the other. */
const PIECE = 18_432;

/** An element with data, piece by piece; small where the caller can pack. Its name comes from us. */
export const dataElement = function* (name: string, value: unknown, deflate: Deflate): Iterable<Markup> {
  const json = Buffer.from(JSON.stringify(value));
  const bytes = Buffer.from(deflate?.(json) ?? json);
  yield { html: `<script type="application/octet-stream" id="own:${name}" data-packed="${deflate !== undefined}">` };
  for (let from = 0; from < bytes.length; from += PIECE)
    yield { html: bytes.toString('base64', from, Math.min(from + PIECE, bytes.length)) };
  yield { html: '</script>\n' };
};

/** Texts by number: each is kept once. */
export type Numbered = Readonly<{ texts: readonly string[]; numberOf(text: string): number }>;

export const numbered = (): Numbered => {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    numberOf: (text) => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
  };
};
