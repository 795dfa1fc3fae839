import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { parseEvents } from '../../../checks/facts/read/event-xml.ts';
import { Unknown } from '../../../engine/define.ts';
import { anyCharacter } from '../../characters.ts';
import { eventXml } from '../../server/healthy.ts';

const SAMPLE = path.join(import.meta.dirname, '../../../../shared/samples/httpevent-en-1.txt');
const AT = '2026-10-31T18:04:11.1234567Z';
const CRASH = eventXml({
  provider: 'Service Control Manager',
  id: 7031,
  at: AT,
  level: 2,
  data: ['Routing and Remote Access', '1', ''],
  binary: '52006D00',
});
const ERROR = eventXml({ provider: 'Microsoft-Windows-RasSstp', id: 24, at: AT, level: 2 });
const rooted = (...events: readonly string[]): string => `<Events>\r\n${events.join('\r\n')}\r\n</Events>\r\n`;

test('events are read in their order, with all that no language changes', (t) => {
  t.deepEqual(parseEvents(rooted(CRASH, ERROR)), [
    {
      provider: 'Service Control Manager',
      id: 7031,
      level: 2,
      at: new Date('2026-10-31T18:04:11.123Z'),
      data: ['Routing and Remote Access', '1', ''],
      binary: '52006D00',
    },
    { provider: 'Microsoft-Windows-RasSstp', id: 24, level: 2, at: new Date('2026-10-31T18:04:11.123Z'), data: [] },
  ]);
});

test('events without a root element are read as well', (t) => {
  t.deepEqual(parseEvents(`${CRASH}\r\n${ERROR}\r\n`), parseEvents(rooted(CRASH, ERROR)));
});

test('a root element without events says that there are none', (t) => {
  t.deepEqual(parseEvents('<Events>\r\n</Events>\r\n'), []);
  t.deepEqual(parseEvents('<Events/>'), []);
});

test('zero characters between events do not matter', (t) => {
  t.is(parseEvents(`<Events>\0${ERROR}\0\r\n</Events>\0`).length, 1);
});

test('the five entities and numbers stand for characters, in values and attributes', (t) => {
  const text = ERROR.replace('<EventData>', '<EventData><Data>&lt;&amp;&gt;&quot;&apos;&#33258;&#x52D5;</Data>');
  t.deepEqual(parseEvents(text)[0]?.data, ['<&>"\'自動']);
});

test('values of a provider with a form of its own are read', (t) => {
  const own =
    '<UserData><EventXML xmlns="x"><Type>server</Type><More><Code>0x8009030d</Code></More></EventXML></UserData>';
  t.deepEqual(parseEvents(ERROR.replace('<EventData></EventData>', own))[0]?.data, ['server', '0x8009030d']);
});

test('a value is cut, not lost, however long it is', (t) => {
  const text = ERROR.replace('<EventData>', `<EventData><Data>${'x'.repeat(1_000_000)}</Data>`);
  t.is(parseEvents(text)[0]?.data[0]?.length, 2_000);
});

const refused = test.macro((t, text: string, says: RegExp = /./) => {
  const error = t.throws(() => parseEvents(text), { instanceOf: Unknown });
  t.is(error?.reason, 'unreadable');
  t.regex(error?.message ?? '', says);
});
test('an empty answer is no list of events', refused, '', /nothing/);
test('blanks are no list of events', refused, ' \r\n', /nothing/);
test('a localised table is no list of events', refused, 'Event[0]:\r\n  Protokollname: System\r\n');
test('text beside events is refused', refused, `${ERROR}\r\nFailed to read events.`);
test('text between events is refused', refused, rooted(ERROR, 'and', ERROR));
test('another root element is refused', refused, '<Log></Log>', /the element Log/);
test('two root elements are refused', refused, '<Events></Events><Events></Events>');
test('another element among the events is refused', refused, rooted(ERROR, '<Bookmark/>'), /Bookmark/);
test('an event that does not end is refused', refused, rooted(ERROR.slice(0, -8)));
test('a root element that does not end is refused', refused, `<Events>${ERROR}`);
test('a document type is refused', refused, `<!DOCTYPE Events [<!ENTITY a "b">]>${rooted(ERROR)}`);
test('an entity of its own is refused', refused, rooted(ERROR.replace('vpn01', '&vpn;')), /entity/);
test('an instruction is refused', refused, `<?xml-stylesheet href="x"?>${rooted(ERROR)}`, /instruction/);
test('control characters are refused', refused, rooted(ERROR.replace('vpn01', '\u0007')), /character/);
test('an event without a system part is refused', refused, rooted('<Event><EventData/></Event>'), /System/);
test('an event without a provider is refused', refused, rooted(ERROR.replace(/<Provider[^>]*>/, '')), /provider/);
test('an event without an id is refused', refused, rooted(ERROR.replace(/<EventID.*?<\/EventID>/, '')), /id/);
test('an id that is no number is refused', refused, rooted(ERROR.replace('>24<', '>24a<')), /24a/);
test('an event without a level is refused', refused, rooted(ERROR.replace(/<Level>.*?<\/Level>/, '')), /level/);
test('an event without a time is refused', refused, rooted(ERROR.replace(/<TimeCreated[^>]*>/, '')), /time/);
test('a local time is refused', refused, rooted(ERROR.replace(AT, '31.10.2026 18:04:11')), /time/);
test('a day that does not exist is refused', refused, rooted(ERROR.replace('10-31', '13-31')), /time/);
test(
  'elements within elements without end are refused',
  refused,
  rooted(ERROR.replace('<EventData>', '<EventData>'.repeat(40))),
);
test('a flood of elements is refused', refused, rooted('<Event/>'.repeat(100_001)), /too many/);

test('the recorded parameters of HTTP events, which are no XML, are refused', (t) => {
  if (!existsSync(SAMPLE)) {
    t.log(`SKIPPED: the recorded answers are not at hand (${SAMPLE})`);
    return t.pass();
  }
  const text = readFileSync(SAMPLE, 'utf8');
  for (const part of [text, text.replace(/^.*\n/, ''), ...text.split('\n')])
    t.throws(() => parseEvents(part), { instanceOf: Unknown }, part);
});

/** Whatever it is given, it reads events or says that it cannot. */
const readsOrSays = (text: string): number => {
  try {
    return parseEvents(text).length;
  } catch (error) {
    if (error instanceof Unknown) return -1;
    throw error;
  }
};

test('no text makes the reader fail in another way', (t) => {
  const pieces = [
    '<Events>',
    '</Events>',
    ERROR,
    CRASH,
    '<Event>',
    '</Event>',
    '<System>',
    '&lt;',
    '&x;',
    ']]>',
    '<![CDATA[',
    '<!--',
    '\0',
  ];
  fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => void readsOrSays(text)));
  fc.assert(fc.property(fc.array(fc.constantFrom(...pieces)), (some) => void readsOrSays(some.join(''))));
  t.pass();
});

test('an answer that was cut anywhere is refused', (t) => {
  const whole = rooted(CRASH, ERROR).trimEnd();
  for (let at = 0; at < whole.length; at++) t.is(readsOrSays(whole.slice(0, at)), -1, whole.slice(0, at));
});

test('an answer from which something was lost never gains an event', (t) => {
  const whole = rooted(CRASH, ERROR);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(whole.length), (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      t.true(readsOrSays(whole.slice(0, from) + whole.slice(to)) <= 2);
    }),
  );
});
