/** Reads reports back, one result after the other. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { namesByKey, type Side, sideOf } from '../diff/side.ts';
import { OUR_SCHEMAS } from '../document/validate.ts';
import { reading } from '../file-trouble.ts';
import { Mistake } from '../mistake.ts';
import type { Report, Result, TargetNote } from '../model.ts';
import { printable } from '../printable.ts';
import { serverKey } from '../server-name.ts';
import { type Bytes, openBytes } from './bytes.ts';
import { elementsOf, layoutOf } from './layout.ts';
import type { List } from './scan.ts';

/** A report in a file. `close` when nothing more is wanted of it. */
export type OpenReport = Side & Readonly<{ close(): void }>;

const HINT = 'name a report that -r json:FILE wrote, a run such as run:latest, or, for diff, a folder of evidence';

/** The byte order marks of UTF-8 and UTF-16. */
const MARKS = /^(?:\xef\xbb|\xff\xfe|\xfe\xff)/;
const REWRITTEN = 'something saved it in another encoding, as > of PowerShell does; -r json:FILE writes it itself';

/** What a report holds beside its servers and results; longer than this it is none of ours. */
const LONGEST_HEAD = 33_554_432;

/**
 * Opens a report that was written as JSON. `schema` is the published one; `hint` says what to name instead. Throws Mistake for
 * what is no report, here or when a part of it is read later.
 */
export const openReport = (file: string, schema: object, hint = HINT): OpenReport => {
  const bytes = reading(file, hint, () => openBytes(file));
  const wrong = (says: string, cause?: unknown): Mistake =>
    new Mistake(printable(`${file} is not a report of sstp-audit: ${says}`), hint, { cause });
  const forms = formsOf(schema);
  if (MARKS.test(bytes.read(0, Math.min(2, bytes.size)).toString('latin1'))) throw wrong(REWRITTEN);
  const { lists, sha256 } = layoutOf(bytes);
  if (!lists) throw wrong('it is not JSON, or it was cut off');
  const parse = <T>(text: string, form: ValidateFunction<T>, part: string): T => {
    const data = parsed(text, (cause) => wrong(`${part} is not JSON`, cause));
    if (form(data)) return data;
    const [first] = form.errors ?? [];
    const says = first?.keyword === 'const' ? `must be ${first.params['allowedValue']}` : first?.message;
    throw wrong(`${part}${first?.instancePath ?? ''} ${says ?? 'is wrong'}`);
  };
  const named = new Map(lists.map((list) => [nameOf(bytes, list), list]));
  const [targets, results] = [named.get('targets'), named.get('results')];
  if (!targets || !results) throw wrong('it holds no targets and results');
  const head = parse(headOf(bytes, [targets, results], wrong), forms.report, 'it');
  // Both were taken away: what is left stands there once more, and other readers would take that.
  if (head.targets.length + head.results.length > 0) throw wrong('it holds its targets or results twice');
  const targetIn = (element: Buffer): TargetNote => parse(element.toString(), forms.target, 'a target');
  const places = placesOf(bytes, targets, targetIn);
  const servers = namesByKey([...places.keys()]);
  if (servers.size < targets.elements.length / 2) throw wrong('two of its targets have one name');
  return {
    ...sideOf(head, { kind: 'report', name: file, sha256 }),
    servers,
    *slots() {
      for (const element of elementsOf(bytes, results))
        yield { bytes: element, read: () => parse<Result>(element.toString(), forms.result, 'a result') };
    },
    targetOf: (name) => {
      const named = servers.get(serverKey(name)) ?? name;
      const place = places.get(named);
      const note = place && targetIn(bytes.read(...place));
      if (note && note.name !== named) throw wrong('one of its targets has two names');
      return note;
    },
    close: bytes.close,
  };
};

/** Both sides of a comparison have the same schema. */
const KNOWN = new WeakMap<object, ReturnType<typeof formsBy>>();

const formsOf = (schema: object): ReturnType<typeof formsBy> => {
  const forms = KNOWN.get(schema) ?? formsBy(schema);
  KNOWN.set(schema, forms);
  return forms;
};

const formsBy = (schema: object) => {
  const ajv = new Ajv2020(OUR_SCHEMAS);
  const report = ajv.compile<Report>(schema);
  const part = <T>(name: string): ValidateFunction<T> =>
    ajv.compile<T>({ $ref: `${Reflect.get(schema, '$id')}#/$defs/${name}` });
  return { report, result: part<Result>('result'), target: part<TargetNote>('target') };
};

const parsed = (text: string, wrong: (cause: unknown) => Mistake): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong(cause);
  }
};

const nameOf = (bytes: Bytes, { name }: List): string => bytes.read(name.start + 1, name.end - 1).toString();

/** The report with nothing in some of its lists. */
const headOf = (bytes: Bytes, without: readonly List[], wrong: (says: string) => Mistake): string => {
  const gaps = without.map(({ span }) => span).toSorted((a, b) => a.start - b.start);
  const starts = [0, ...gaps.map(({ end }) => end)];
  const ends = [...gaps.map(({ start }) => start), bytes.size];
  const parts = starts.map((start, at) => ({ start, end: ends[at] ?? start }));
  if (parts.reduce((sum, { start, end }) => sum + end - start, 0) > LONGEST_HEAD) throw wrong('it is too large');
  return parts.map(({ start, end }) => bytes.read(start, end).toString()).join('[]');
};

/** The name of a server without an escape, where it is the first member, as in reports of ours. */
const FIRST_NAME = /^\{\s*"name"\s*:\s*"([^"\\\u0000-\u001f]*)"/;
/** Such a name stands in so many bytes: what a server answered follows it, and is not read for a name. */
const NAME_BYTES = 1_024;

type Place = readonly [start: number, end: number];

/** Where each server stands, by its name. */
const placesOf = (
  bytes: Bytes,
  { elements }: List,
  whole: (element: Buffer) => TargetNote,
): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>();
  for (let at = 0; at < elements.length; at += 2) {
    const place = [elements[at] ?? 0, elements[at + 1] ?? 0] as const;
    const head = bytes.read(place[0], Math.min(place[0] + NAME_BYTES, place[1])).toString();
    const [, name = whole(bytes.read(...place)).name] = FIRST_NAME.exec(head) ?? [];
    places.set(name, place);
  }
  return places;
};
