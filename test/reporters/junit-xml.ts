import { SaxesParser } from 'saxes';

export type Node = Readonly<{
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: Node[];
  text: string[];
}>;

/** The root element of a document; throws for one that is not well-formed. */
export const parse = (text: string): Node => {
  const parser = new SaxesParser({ xmlns: false });
  const root: Node = { name: '', attributes: {}, children: [], text: [] };
  const open: Node[] = [root];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, attributes: attributes as Record<string, string>, children: [], text: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (piece) => open.at(-1)?.text.push(piece));
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  const [only] = root.children;
  if (!only) throw new Error('no element');
  return only;
};

/** What an element and all below it break of the rules. */
export const offences = ({ name, attributes, children, text }: Node): readonly string[] => {
  const rule = RULES[name];
  if (!rule) return [`element ${name}`];
  const allowed = rule.attributes.split(' ');
  const known = allowed.map((one) => one.replace('!', ''));
  return [
    ...Object.keys(attributes)
      .filter((one) => !known.includes(one))
      .map((one) => `${name} ${one}`),
    ...allowed
      .filter((one) => one.endsWith('!') && !Object.hasOwn(attributes, one.slice(0, -1)))
      .map((one) => `${name} without ${one}`),
    ...(name === 'testsuite' && !TIME.test(attributes['time'] ?? '') ? [`time ${attributes['time']}`] : []),
    ...(!rule.text && text.join('').trim() !== '' ? [`text in ${name}`] : []),
    ...children
      .filter((child) => !rule.children.split(' ').includes(child.name))
      .map((child) => `${child.name} in ${name}`),
    ...children.flatMap(offences),
  ];
};

/** What Jenkins' xUnit plugin accepts: attributes (those with ! are required) and children of each element. */
const RULES: Readonly<Record<string, Readonly<{ attributes: string; children: string; text?: true }>>> = {
  testsuites: { attributes: 'name time tests failures errors', children: 'testsuite' },
  testsuite: {
    attributes: 'name! tests! failures! errors! group time skipped timestamp hostname id package file log url',
    children: 'testsuite properties testcase system-out system-err',
  },
  properties: { attributes: '', children: 'property' },
  property: { attributes: 'name! value!', children: '' },
  testcase: { attributes: 'name! time classname group', children: 'skipped error failure system-out system-err' },
  failure: { attributes: 'type message', children: '', text: true },
  error: { attributes: 'type message', children: '', text: true },
  skipped: { attributes: 'type message', children: '', text: true },
  'system-out': { attributes: '', children: '', text: true },
};
const TIME = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?$/;
