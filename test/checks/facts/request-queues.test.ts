import test from 'ava';
import { parseRequestQueues, urlsIn } from '../../../checks/facts/read/request-queues.ts';
import { Unknown } from '../../../engine/define.ts';
import { said } from '../../server/asked.ts';
import { healthy } from '../../server/healthy.ts';
import { register, SHOW_REQUEST_QUEUES, SSTP_URL_PATH } from '../../server/http.ts';
import { sample } from './samples.ts';

const told = (...urls: readonly string[]): string => {
  const server = healthy();
  register(server, urls);
  return said(server, SHOW_REQUEST_QUEUES).out;
};
const OWN = ['HTTP://+:5985/WSMAN/', 'HTTP://+:47001/WSMAN/'];

test('URLs are read with scheme, host, port and path', (t) => {
  const read = parseRequestQueues(
    told(`HTTPS://+:443:${SSTP_URL_PATH}`, 'http://*:80/', 'HTTP://[2001:DB8::1]:8080/A/'),
  );
  t.deepEqual(
    read.slice(OWN.length).map(({ https, host, port, path }) => [https, host, port, path]),
    [
      [true, '+', 443, SSTP_URL_PATH],
      [false, '*', 80, '/'],
      [false, '[2001:DB8::1]', 8080, '/A/'],
    ],
  );
});

test('a URL with its address after the port is read, too', (t) => {
  t.like(urlsIn('            HTTPS://203.0.113.10:443:203.0.113.10/A/')[0], {
    host: '203.0.113.10',
    port: 443,
    path: '/A/',
  });
});

test('labels may be of any language', (t) => {
  const text = told()
    .replace(/^(.*): /gm, 'ラベル: ')
    .replace('Snapshot', 'スナップショット');
  t.deepEqual(
    parseRequestQueues(text).map((url) => url.text),
    OWN,
  );
});

for (const [name, text] of [
  ['nothing', ''],
  ['words', 'The system cannot find the file specified.\r\n'],
  ['a title alone', told().replace(/^.*HTTP:\/\/.*$/gm, '')],
  ['URLs without a title', told().replace(/^-+ *$/m, '')],
  ['control characters', `${told()}\u0001`],
  ['a list of reservations', `${told()}    Reserved URL            : http://+:443/ \r\n`],
] as const)
  test(`${name} is no answer`, (t) => {
    t.throws(() => parseRequestQueues(text), { instanceOf: Unknown });
  });

test('a text that begins URLs without end is read in time', (t) => {
  const began = process.cpuUsage().user;
  t.deepEqual(urlsIn('http://['.repeat(60_000)), []);
  t.true(process.cpuUsage().user - began < 5_000_000);
});

for (const name of ['urlacl-en-1-list.txt', 'httpevent-en-1.txt'])
  test(`the recorded ${name} names URLs and is no answer`, (t) => {
    const text = sample(t, name);
    if (text === undefined) return;
    t.true(urlsIn(text).some(({ https, port, path }) => https && port === 443 && path.startsWith(SSTP_URL_PATH)));
    t.throws(() => parseRequestQueues(text), { instanceOf: Unknown });
  });
