import test from 'ava';
import { needKey, readKey } from '../../../checks/facts/read/ask.ts';
import type { Key } from '../../../checks/facts/read/registry.ts';
import { defineFact, type Shell } from '../../../engine/define.ts';
import { gather } from '../../../engine/gather.ts';
import type { Reading } from '../../../engine/model.ts';
import {
  addKey,
  deny,
  emptyServer,
  removeKey,
  type Server,
  setValue,
  type Tongue,
  transportTo,
} from '../../server/state.ts';

const TOP = String.raw`HKLM\SOFTWARE\Example`;
const KEY = `${TOP}\\Settings`;

/** A key with a value, and one below it. */
const example = (language: Tongue = 'en'): Server => {
  const server = emptyServer(language);
  setValue(server, KEY, 'Port', ['REG_DWORD', 443]);
  setValue(server, `${KEY}\\Below`, 'Port', ['REG_DWORD', 80]);
  for (const other of [`${TOP}\\Other`, 'HKLM\\SOFTWARE\\Other']) addKey(server, other);
  return server;
};

const asked = async (
  server: Server,
  ask: ($: Shell) => Promise<Key | undefined>,
): Promise<Readonly<{ reading: Reading<number | undefined>; exchanges: number }>> => {
  const fact = defineFact<number | undefined>({
    id: 'test/key',
    vantage: 'server',
    right: 'none',
    ask: async ($) => (await ask($))?.dword('Port'),
  });
  const transport = transportTo(server);
  const gathered = await gather({ server: transport }, [fact], {
    signal: new AbortController().signal,
    keep: async () => {},
  });
  return { reading: gathered.readingOf(fact), exchanges: transport.exchanges().length };
};

type Row = readonly [
  name: string,
  given: (server: Server) => void,
  ask: ($: Shell) => Promise<Key | undefined>,
  expected: Partial<Extract<Reading<unknown>, { known: true }>> | Partial<Extract<Reading<unknown>, { known: false }>>,
];
const nothing = (): void => {};
const ROWS: readonly Row[] = [
  ['a key is read', nothing, ($) => readKey($, KEY), { known: true, value: 443 }],
  ['a key is read with those below', nothing, ($) => readKey($, KEY, { recursive: true }), { known: true, value: 443 }],
  [
    'a key that its parent does not list is absent',
    (server) => removeKey(server, KEY),
    ($) => readKey($, KEY),
    { known: true, value: undefined },
  ],
  [
    'a needed key that is absent says so',
    (server) => removeKey(server, KEY),
    ($) => needKey($, KEY),
    { known: false, reason: 'absent' },
  ],
  [
    'a key whose parent is absent, too, is absent',
    (server) => removeKey(server, TOP),
    ($) => readKey($, `${KEY}\\Below`),
    { known: true, value: undefined },
  ],
  [
    'a key that its parent lists and that refuses is denied',
    (server) => deny(server, KEY),
    ($) => readKey($, KEY),
    { known: false, reason: 'denied' },
  ],
  [
    'a key below one that refuses is denied, whether or not it exists',
    (server) => deny(server, TOP),
    ($) => readKey($, `${TOP}\\Nowhere`),
    { known: false, reason: 'denied' },
  ],
  [
    'a key with one below that refuses is denied',
    (server) => deny(server, `${KEY}\\Below`),
    ($) => readKey($, KEY, { recursive: true }),
    { known: false, reason: 'denied' },
  ],
  [
    'a key with one below that refuses is read where a part is enough',
    (server) => deny(server, `${KEY}\\Below`),
    ($) => readKey($, KEY, { recursive: true, partial: true }),
    { known: true, value: 443 },
  ],
  [
    'an empty answer is unreadable',
    (server) => void server.programs.set(`reg.exe query ${KEY}`, { stdout: '\n', exitCode: 0 }),
    ($) => readKey($, KEY),
    { known: false, reason: 'unreadable' },
  ],
  [
    'a reg.exe that ends otherwise is unreadable',
    (server) => void server.programs.set(`reg.exe query ${KEY}`, { stdout: '', exitCode: 9009 }),
    ($) => readKey($, KEY),
    { known: false, reason: 'unreadable' },
  ],
  [
    'a parent that is answered emptily proves nothing',
    (server) => {
      removeKey(server, KEY);
      server.programs.set(`reg.exe query ${TOP}`, { stdout: '\n', exitCode: 0 });
    },
    ($) => readKey($, KEY),
    { known: false, reason: 'unreadable' },
  ],
];
for (const [name, given, ask, expected] of ROWS)
  test(name, async (t) => {
    for (const language of ['en', 'ja', 'de'] satisfies Tongue[]) {
      const server = example(language);
      given(server);
      t.like((await asked(server, ask)).reading, expected, language);
    }
  });

test('a key that is there takes one exchange, one that is not takes two', async (t) => {
  t.is((await asked(example(), ($) => readKey($, KEY))).exchanges, 1);
  t.is((await asked(example(), ($) => readKey($, `${TOP}\\Nowhere`))).exchanges, 2);
});

test('a key that is usually absent takes one exchange', async (t) => {
  const { reading, exchanges } = await asked(example(), ($) => readKey($, `${TOP}\\Nowhere`, { usuallyAbsent: true }));
  t.like(reading, { known: true, value: undefined });
  t.is(exchanges, 1);
});
