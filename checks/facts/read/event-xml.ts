import { SaxesParser } from 'saxes';
import { Unknown } from '../../../engine/define.ts';

/** One entry of an event log, in words that no language changes. */
export type LoggedEvent = Readonly<{
  provider: string;
  id: number;
  /** 1 critical, 2 error, 3 warning, 4 information. */
  level: number;
  at: Date;
  /** Its values, in their order. */
  data: readonly string[];
  /** Hexadecimal; the service control manager puts the name of the service here. */
  binary?: string;
}>;

type Element = { name: string; attributes: Readonly<Record<string, string>>; children: Element[]; text: string };

/** The largest honest answer has a thousand events of some thirty elements, five deep; a value is a line or two. */
const MOST_ELEMENTS = 100_000;
const DEEPEST = 16;
const LONGEST_VALUE = 2_000;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

const refuse = (what: string): never => {
  throw new Unknown('unreadable', `the events are not what wevtutil.exe prints: ${what.slice(0, 120)}`);
};

/** The elements of an answer, below one that stands for all of it. Entities are the five of XML, and numbers. */
const treeOf = (text: string): Element => {
  const whole: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [whole];
  let count = 0;
  const parser = new SaxesParser({ xmlns: false, fragment: true, position: false });
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('a document type'));
  parser.on('processinginstruction', () => refuse('a processing instruction'));
  parser.on('opentag', ({ name, attributes }) => {
    if (++count > MOST_ELEMENTS || open.length > DEEPEST) refuse('too many elements');
    const element: Element = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const add = (more: string): void => {
    const element = open.at(-1);
    if (element && element.text.length < LONGEST_VALUE) element.text += more.slice(0, LONGEST_VALUE);
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(text).close();
  return open.length > 1 ? refuse('an element that does not end') : whole;
};

const child = ({ children }: Element, name: string): Element | undefined => children.find((it) => it.name === name);

const number = (text: string | undefined, what: string): number =>
  /^\d{1,5}$/.test(text?.trim() ?? '') ? Number(text) : refuse(`${what} ${text ?? 'is missing'}`);

const timeOf = (text = ''): Date => {
  const at = new Date(text.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  return TIME.test(text) && !Number.isNaN(at.getTime()) ? at : refuse(`the time ${text}`);
};

const leaves = (element: Element | undefined): readonly string[] =>
  (element?.children ?? []).flatMap((it) => (it.children.length > 0 ? leaves(it) : [it.text.trim()]));

const eventOf = (event: Element): LoggedEvent => {
  const system = child(event, 'System') ?? refuse('an event without System');
  const provider = child(system, 'Provider')?.attributes['Name'];
  const data = child(event, 'EventData');
  const binary = data && child(data, 'Binary')?.text.trim();
  const values = data && { ...data, children: data.children.filter(({ name }) => name === 'Data') };
  return {
    provider: provider || refuse('an event without a provider'),
    id: number(child(system, 'EventID')?.text, 'the id'),
    level: number(child(system, 'Level')?.text, 'the level'),
    at: timeOf(child(system, 'TimeCreated')?.attributes['SystemTime']),
    data: [...leaves(values), ...leaves(child(event, 'UserData'))],
    ...(binary && { binary }),
  };
};

const isBlank = ({ text }: Element): boolean => text.trim() === '';

/**
 * Reads what `wevtutil.exe qe LOG /f:xml /e:Events` printed: events in a root element (belief: even where there is no
 * event), or events one after another. Throws Unknown `unreadable` for everything else, an empty answer included.
 * Source: windows-facts 10.3.
 */
export const parseEvents = (text: string): readonly LoggedEvent[] => {
  // Belief: some wevtutil.exe end an event with a zero character.
  const whole = treeOf(text.replaceAll('\0', ''));
  const [first] = whole.children;
  const list = first?.name === 'Events' && whole.children.length === 1 ? first : whole;
  if (!first || !isBlank(whole) || !isBlank(list)) return refuse(text.trim() || 'nothing');
  const stranger = list.children.find(({ name }) => name !== 'Event');
  return stranger ? refuse(`the element ${stranger.name}`) : list.children.map(eventOf);
};
