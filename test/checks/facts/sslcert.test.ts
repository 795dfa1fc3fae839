import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parseSslcert, type ShownBinding } from '../../../checks/facts/read/sslcert.ts';
import { Unknown } from '../../../engine/define.ts';
import { said } from '../../server/asked.ts';
import { healthy } from '../../server/healthy.ts';
import { bind, SHOW_SSLCERT, SSTP_APP_ID } from '../../server/http.ts';
import type { Tongue } from '../../server/state.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../../shared/samples');
const SSTP = '{ba195980-cd49-458b-9e23-c84ee0adcd75}';
const IIS = '{4dc3e181-e14b-4a21-b022-59fc669b0914}';

const address = (endpoint: string, rest: Partial<ShownBinding>): ShownBinding => ({
  kind: 'address',
  endpoint,
  port: Number(/\d+$/.exec(endpoint)?.[0]),
  unreadable: [],
  ...rest,
});
const cut = (...unreadable: string[]) => ({ unreadable });

/** Line 1 of each sample is a note; what its author cut or redacted must come out as unreadable. */
const READ: Readonly<Record<string, readonly ShownBinding[]>> = {
  'sslcert-de-1.txt': [address('0.0.0.0:8091', cut('certificate hash', 'application id', 'store', 'flags'))],
  'sslcert-en-1.txt': [
    address('0.0.0.0:443', {
      hash: 'D0013E91AAB93F437A4443B13E6D18BD60F0279C',
      applicationId: '{00112233-4455-6677-8899-aabbccddeeff}',
      store: 'MY',
      flags: [],
    }),
  ],
  'sslcert-en-2-sstp-2008.txt': [
    address('0.0.0.0:443', {
      hash: '926AF74453AD0FCBB3FE9EE62E8843329A84C6AC',
      applicationId: SSTP,
      store: 'MY',
      flags: [],
    }),
    address('[::]:443', {
      hash: '926AF74453AD0FCBB3FE9EE62E8843329A84C6AC',
      applicationId: SSTP,
      store: 'MY',
      ...cut('flags'),
    }),
  ],
  'sslcert-en-3-2022full.txt': [
    address('0.0.0.0:44307', {
      hash: '61D34F532DA121BBAB64723C4871E72C92F03735',
      applicationId: '{214124cd-d05b-4309-9af9-9caa44b2b74a}',
      store: 'MY',
      flags: [],
    }),
  ],
  'sslcert-en-4-adfs-hostname.txt': [
    cut('endpoint'),
    address('0.0.0.0:443', {
      hash: 'BE22839CFFF71BAB0B118B69B0C8A2E33F02F04D',
      applicationId: '{5d89a20c-beab-4389-9447-324788eb944a}',
      store: 'MY',
      flags: [],
    }),
  ],
  'sslcert-en-5-tls13set.txt': [
    address('0.0.0.0:443', {
      hash: '2ACE368A90D2117BE7A0065DFE259B2E8C94F538',
      applicationId: IIS,
      store: 'My',
      flags: [],
      withheld: ['TLS 1.3'],
    }),
  ],
  'sslcert-en-6-2016.txt': [
    address('0.0.0.0:443', {
      hash: 'E0E9F94DF7F055979999A8641E00C75BA3A70249',
      applicationId: '{b46ab86f-c090-1a64-f966-ba2e0b30b1d7}',
      store: 'MY',
      flags: [],
    }),
  ],
  'sslcert-en-7-2025flags.txt': [address('0.0.0.0:21443', cut('certificate hash', 'application id', 'store', 'flags'))],
  'sslcert-en-8-backticks.txt': [
    address('0.0.0.0:7048', { flags: [], ...cut('certificate hash', 'application id', 'store') }),
  ],
  'sslcert-en-9-hostname-mixed.txt': [
    address('10.0.0.5:443', {
      hash: 'AABBCCDDEEFF00112233445566778899AABBCCDD',
      applicationId: '{12345678-1234-1234-1234-123456789012}',
      store: 'My',
      ...cut('flags'),
    }),
    address('0.0.0.0:8443', {
      hash: '112233445566778899001122334455667788990A',
      applicationId: '{87654321-4321-4321-4321-210987654321}',
      store: 'WebHosting',
      ...cut('flags'),
    }),
    address('host05.example-internal1.local:10443', {
      kind: 'host',
      hash: 'DAA61C502810CA0952DF77A0D4194C32085B5ABD',
      applicationId: '{65f12961-a6a1-4736-a36e-af476fd0d37a}',
      store: 'My',
      ...cut('flags'),
    }),
  ],
  'sslcert-fr-1.txt': [
    address('192.168.100.10:443', {
      hash: '9AD3113B038F01ABD70B5D5EC0F4B8E333C756E8',
      applicationId: IIS,
      store: 'MY',
      flags: [],
    }),
  ],
  'sslcert-fr-2.txt': [
    address('0.0.0.0:44300', {
      hash: '259A9A2AB37DBD4EE04877FD292A8FE62D56A3DD',
      applicationId: '{214124cd-d05b-4309-9af9-9caa44b2b74a}',
      store: 'MY',
      ...cut('flags'),
    }),
  ],
};

const sample = (t: ExecutionContext, name: string): string | undefined => {
  const file = path.join(SAMPLES, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').replace(/^.*\n/, '');
  t.log(`SKIPPED: the recorded answers are not at hand (${file})`);
  t.pass();
};

for (const [name, expected] of Object.entries(READ))
  test(`the recorded answer ${name} is read without a wrong value`, (t) => {
    const text = sample(t, name);
    if (text !== undefined) t.deepEqual(parseSslcert(text), expected);
  });

for (const language of ['en', 'fr', 'ja', 'de'] satisfies Tongue[])
  for (const windows of ['2008', '2012r2', '2016', '2022', '2025'] as const)
    test(`bindings of every kind are read from Server ${windows} in ${language}`, (t) => {
      const server = healthy({ language, windows });
      const hash = 'AB'.repeat(20);
      bind(server, '192.0.2.7:443', hash, { flags: 0x2 });
      bind(server, 'www.example.com:443', hash, { store: 'WebHosting' });
      bind(server, '8443');
      const read = parseSslcert(said(server, SHOW_SSLCERT).out);
      t.deepEqual(
        read.map(({ kind, endpoint, port }) => [kind, endpoint, port]),
        [
          ['address', '0.0.0.0:443', 443],
          ['address', '192.0.2.7:443', 443],
          ['address', '[::]:443', 443],
          ['host', 'www.example.com:443', 443],
          ['central', '8443', 8443],
        ],
      );
      t.deepEqual(
        read.map(({ unreadable }) => unreadable),
        [[], [], [], [], []],
      );
      t.true(read.every(({ applicationId }) => applicationId === SSTP_APP_ID));
      t.deepEqual(read[1]?.flags, ['Negotiate Client Certificate']);
      t.is(read[3]?.store, 'WebHosting');
      t.is(read[4]?.hash, undefined);
    });

test('the flags that keep clients out are told apart', (t) => {
  const server = healthy();
  bind(server, '0.0.0.0:443', 'AB'.repeat(20), { flags: 0x1008 });
  t.deepEqual(parseSslcert(said(server, SHOW_SSLCERT).out)[0]?.flags, ['Reject Connections', 'Disable TLS1.2']);
});

for (const language of ['en', 'fr'] satisfies Tongue[])
  test(`the flags that withhold protocols are told apart in ${language}`, (t) => {
    const server = healthy({ language });
    bind(server, '0.0.0.0:443', 'AB'.repeat(20), { flags: 0x440 });
    bind(server, '[::]:443', 'AB'.repeat(20), { flags: 0x1000 });
    const [four, six] = parseSslcert(said(server, SHOW_SSLCERT).out);
    t.deepEqual(four?.withheld, ['TLS 1.3', 'SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1']);
    t.deepEqual(six?.withheld, ['TLS 1.2']);
  });

const printed = said(healthy(), SHOW_SSLCERT).out;

test('translated values are not taken for flags', (t) => {
  const text = printed.replaceAll('Disabled', 'Deaktiviert');
  t.deepEqual(parseSslcert(text)[0]?.unreadable, ['flags']);
});

test('a binding whose endpoint is not recognised does not lend its values to another one', (t) => {
  const [first, second] = parseSslcert(printed.replace(': 0.0.0.0:443', ': <somewhere>'));
  t.deepEqual(first, { unreadable: ['endpoint'] });
  t.is(second?.endpoint, '[::]:443');
  t.deepEqual(parseSslcert(printed.replace(': [::]:443', ': <somewhere>'))[0]?.unreadable, ['flags']);
});

test('each lost line leaves a binding unreadable, flags of later builds apart', (t) => {
  const lines = printed.split('\r\n');
  for (const [at, line] of lines.entries()) {
    const read = parseSslcert(lines.toSpliced(at, 1).join('\r\n'));
    const isWhole = read.length === 2 && read.every(({ unreadable }) => unreadable.length === 0);
    t.is(isWhole, !/: (?!Not Set)\S/.test(line), line);
  }
});

test('a line that looks like endless addresses is read in no time', (t) => {
  const line = `IP:port : ${':['.repeat(500_000)}`;
  t.is(parseSslcert(printed.replace('\r\n', `\r\n${line}\r\n`)).length, parseSslcert(printed).length);
});

test('a list without bindings is empty, and control characters are no answer', (t) => {
  t.deepEqual(parseSslcert('\r\nSSL Certificate bindings:\r\n-------------------------\r\n\r\n'), []);
  t.throws(() => parseSslcert('\u0000\u0001garbage'), { instanceOf: Unknown });
});
