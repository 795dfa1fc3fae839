/** Reads the XML of a server, which is hostile until proven otherwise: no DOCTYPE, no entities, bounded depth and count. */
import { SaxesParser } from 'saxes';

/** An element with its namespace resolved. `attributes` are those without a namespace; `text` is its own, not its children's. */
export type Element = Readonly<{
  namespace: string;
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly Element[];
  text: string;
}>;

/** A SOAP fault has some twelve levels, an answer with output some hundred elements. */
const DEPTH = 40;
const ELEMENTS = 5_000;

type Open = { namespace: string; name: string; attributes: Record<string, string>; children: Element[]; text: string };

/** The root element. Throws SyntaxError for bytes that are no UTF-8 or text that is no well-formed XML. */
export const readXml = (bytes: Uint8Array): Element => {
  const text = decode(bytes);
  const parser = new SaxesParser({ xmlns: true });
  const path: Open[] = [];
  let root: Open | undefined;
  let elements = 0;
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('it has a DOCTYPE'));
  parser.on('opentag', ({ uri, local, attributes }) => {
    if (path.length >= DEPTH || ++elements > ELEMENTS) refuse('it has too many elements');
    const plain = Object.values(attributes).filter((attribute) => attribute.uri === '');
    const element = {
      namespace: uri,
      name: local,
      attributes: Object.fromEntries(plain.map((attribute) => [attribute.local, attribute.value])),
      children: [],
      text: '',
    };
    path.at(-1)?.children.push(element);
    root ??= element;
    path.push(element);
  });
  const add = (said: string): void => {
    const open = path.at(-1);
    if (open) open.text += said;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => path.pop());
  parser.write(text).close();
  return root ?? refuse('it is empty');
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError('this is no XML that we read: it is no UTF-8', { cause });
  }
};

const refuse = (why: string): never => {
  throw new SyntaxError(`this is no XML that we read: ${why}`);
};

/** The first element below with this name, in document order. */
export const find = (within: Element, namespace: string, name: string): Element | undefined => {
  for (const child of within.children) {
    const found = child.namespace === namespace && child.name === name ? child : find(child, namespace, name);
    if (found) return found;
  }
};

/** The elements directly below with this name. */
export const childrenOf = (within: Element | undefined, namespace: string, name: string): readonly Element[] =>
  within?.children.filter((child) => child.namespace === namespace && child.name === name) ?? [];
