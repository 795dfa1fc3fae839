import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { CODE_PAGE_QUESTION } from '../../engine/code-page.ts';
import { defineFact, type Fact, type ServerFact, type Shell, Unknown } from '../../engine/define.ts';
import { gather } from '../../engine/gather.ts';
import { collect } from '../../engine/lean.ts';
import type { Reading } from '../../engine/model.ts';
import { newMemory } from '../../engine/recall.ts';
import type { Transport } from '../../engine/transports/transport.ts';
import { emptyServer, transportTo } from '../server/state.ts';

type Said = Readonly<Record<string, string>>;
type Told = Readonly<{ reading: Reading<unknown>; exchanges: readonly (readonly string[])[] }>;

const serverThat = (said: Said, codePage = 437): ReturnType<typeof transportTo> => {
  const programs = new Map(
    Object.entries(said).map(([name, stdout]) => [
      `sc.exe query ${name}`,
      { stdout, exitCode: stdout === 'gone' ? 1060 : 0 },
    ]),
  );
  programs.set(CODE_PAGE_QUESTION, { stdout: `\nHKEY\n    OEMCP    REG_SZ    ${codePage}\n`, exitCode: 0 });
  return transportTo({ ...emptyServer(), programs, codePage });
};

/** Facts whose scripts count how often they run, and a way to learn them of one server after another. */
const bench = () => {
  const memory = newMemory();
  const runs: Record<string, number> = {};
  return {
    runs,
    fact: <T>(id: string, ask: ServerFact<T>['ask']): Fact<T> =>
      defineFact<T>({
        id,
        vantage: 'server',
        right: 'none',
        ask: (...given) => {
          runs[id] = (runs[id] ?? 0) + 1;
          return ask(...given);
        },
      }),
    learn: async (fact: Fact<unknown>, server: ReturnType<typeof transportTo>): Promise<Told> => {
      const options = { signal: new AbortController().signal, keep: async () => {}, memory };
      const { readingOf } = await gather({ server }, [fact], options);
      return { reading: readingOf(fact), exchanges: server.exchanges() };
    },
  };
};

test('answers that came twice are read no more, and what they say rests on the answers of each server', async (t) => {
  const { runs, fact, learn } = bench();
  const state = fact('state', async ($) => ({ is: (await $`sc.exe query A`).stdout.trim() }));
  const first = await learn(state, serverThat({ A: 'runs' }));
  for (const B of ['this', 'that', 'else']) t.deepEqual(await learn(state, serverThat({ A: 'runs', B })), first);
  t.like(first.reading, { known: true, value: { is: 'runs' } });
  t.is(first.reading.evidence.length, 1);
  t.deepEqual(runs, { state: 2 });
});

test('another answer, another exit code and another code page are read anew', async (t) => {
  const { runs, fact, learn } = bench();
  const state = fact('state', async ($) => (await $`sc.exe query A`.nothrow()).stdout.trim());
  const values: unknown[] = [];
  for (let round = 1; round <= 3; round++)
    for (const server of [serverThat({ A: 'é' }, 850), serverThat({ A: 'Θ' }, 737), serverThat({ A: 'gone' })]) {
      const { reading } = await learn(state, server);
      values.push(reading.known && reading.value);
    }
  t.deepEqual(values, ['é', 'Θ', 'gone', 'é', 'Θ', 'gone', 'é', 'Θ', 'gone']);
  t.deepEqual(runs, { state: 6 });
});

test('a script that goes on with what it heard is followed question by question', async (t) => {
  const { runs, fact, learn } = bench();
  const chain = fact('chain', async ($) => {
    const [one, other] = await Promise.all([$`sc.exe query A`, $`sc.exe query B`]);
    return (await $`sc.exe query ${one.stdout.trim() + other.stdout.trim()}`).stdout.trim();
  });
  const servers: readonly Said[] = [
    { A: 'x', B: 'y', xy: 'first' },
    { A: 'x', B: 'z', xz: 'second' },
    { A: 'x', B: 'y', xy: 'third' },
  ];
  for (const round of [1, 2, 3])
    for (const said of servers) {
      const { reading, exchanges } = await learn(chain, serverThat(said));
      const { A, B, ...last } = said;
      t.like(reading, { known: true, value: Object.values(last)[0] }, `round ${round}`);
      t.deepEqual(
        exchanges.map((commands) => commands.filter((command) => command.startsWith('sc.exe'))),
        [['sc.exe query A', 'sc.exe query B'], [`sc.exe query ${A}${B}`]],
        'nothing is asked that the script would not ask',
      );
    }
  t.deepEqual(runs, { chain: 6 });
});

test('what a fact made of other facts is read anew when one of them is another', async (t) => {
  const { runs, fact, learn } = bench();
  const one = fact('one', async ($) => ({ is: (await $`sc.exe query A`).stdout.trim() }));
  const other = fact('other', async ($) => {
    const said = (await $`sc.exe query B`).stdout.trim();
    if (said === 'odd') throw new Unknown('unreadable', 'B is odd');
    return said;
  });
  const both = fact('both', async (_$, { need, read }) => [(await need(one)).is, (await read(other)).known]);
  const seen: unknown[] = [];
  for (const B of ['fine', 'odd', 'fine', 'odd', 'fine', 'odd'])
    for (const A of ['1', '2']) {
      const { reading } = await learn(both, serverThat({ A, B }));
      seen.push(reading.known && reading.value);
      t.is(reading.evidence.length, 2);
    }
  const once = [true, false].flatMap((known) => [
    ['1', known],
    ['2', known],
  ]);
  t.deepEqual(seen, [...once, ...once, ...once]);
  // What cannot be told is made out twice each time: the second time with every answer at hand.
  t.deepEqual(runs, { both: 8, one: 4, other: 6 });
});

test('servers that are asked at the same time are read no more once two of them answered alike', async (t) => {
  const { runs, fact, learn } = bench();
  const chain = fact('chain', async ($) => {
    const { stdout } = await $`sc.exe query A`;
    return (await $`sc.exe query ${stdout.trim()}`).stdout.trim();
  });
  const { promise: twoEnded, resolve: end } = Promise.withResolvers<void>();
  const late = (): ReturnType<typeof transportTo> => {
    const { exchange, ...rest } = serverThat({ A: 'B', B: 'same' });
    return { ...rest, exchange: (...asked) => twoEnded.then(() => exchange(...asked)) };
  };
  const soon = [1, 2].map(() => learn(chain, serverThat({ A: 'B', B: 'same' })));
  const later = [1, 2, 3].map(() => learn(chain, late()));
  const [first] = await Promise.all(soon);
  end();
  for (const one of await Promise.all(later)) t.deepEqual(one, first);
  t.deepEqual(runs, { chain: 2 });
});

test('what a script could not say of an answer, it cannot say of an equal one', async (t) => {
  const { runs, fact, learn } = bench();
  const state = fact('state', async ($) => (await $`sc.exe query A`).stdout);
  const first = await learn(state, serverThat({ A: 'gone' }));
  t.like(first.reading, { known: false, reason: 'unreadable' });
  for (let at = 0; at < 2; at++) t.deepEqual(await learn(state, serverThat({ A: 'gone' })), first);
  t.deepEqual(runs, { state: 4 });
});

for (const [when, failing] of [
  ['before the others', ($: Shell) => $`sc.exe query A`],
  [
    'with the last of them',
    ($: Shell) => $`sc.exe query B`.then(() => $`sc.exe query C`).then(() => $`sc.exe query A`),
  ],
] as const)
  test(`no question is lost of a script that fails of an answer ${when}`, async (t) => {
    const { runs, fact, learn } = bench();
    const leaving = fact('leaving', async ($) => {
      const later = $`sc.exe query B`.then(() => $`sc.exe query C`).then(() => $`sc.exe query D`);
      await Promise.all([failing($), later]);
    });
    for (let at = 1; at <= 5; at++) {
      const { reading, exchanges } = await learn(leaving, serverThat({ A: 'gone', B: 'b', C: 'c', D: 'd' }));
      t.like(reading, { known: false, reason: 'unreadable' });
      t.true(exchanges.flat().includes('sc.exe query D'), `server ${at}`);
    }
    t.deepEqual(runs, { leaving: 4 });
  });

test('a script that knows enough and goes on asking is never spared: its questions would be lost', async (t) => {
  const { runs, fact, learn } = bench();
  const leaving = fact('leaving', async ($) => {
    void $`sc.exe query B`.then(() => $`sc.exe query C`);
    return (await $`sc.exe query A`).stdout.trim();
  });
  for (let at = 1; at <= 5; at++) {
    const { reading, exchanges } = await learn(leaving, serverThat({ A: 'a', B: 'b', C: 'c' }));
    t.like(reading, { known: true, value: 'a' });
    t.true(exchanges.flat().includes('sc.exe query C'), `server ${at}`);
  }
  t.deepEqual(runs, { leaving: 5 });
});

test('of what a script needs and nobody knows, it tells the first in its own order, whichever was learned first', async (t) => {
  const { fact, learn } = bench();
  const late = fact('late', async ($) => {
    await $`sc.exe query A`;
    return (await $`sc.exe query B`).stdout;
  });
  const soon = fact('soon', async ($) => (await $`sc.exe query C`).stdout);
  const both = fact('both', (_$, { need }) => Promise.all([need(late), need(soon)]));
  for (let round = 1; round <= 3; round++) {
    const { reading } = await learn(both, serverThat({ A: 'x', B: 'gone', C: 'gone' }));
    t.like(reading, { known: false, detail: 'late: the command ended with exit code 1060' }, `round ${round}`);
  }
});

test('what depends on the time is never remembered, nor what rests on it', async (t) => {
  const { runs, fact, learn } = bench();
  const now = fact('now', async (_$, { observedAt }) => observedAt);
  const age = fact('age', async ($, { need }) => [(await $`sc.exe query A`).exitCode, await need(now)]);
  for (let at = 0; at < 4; at++) await learn(age, serverThat({ A: 'x' }));
  t.deepEqual(runs, { now: 4, age: 4 });
});

test('an answer that is not whole is neither remembered nor taken for one that is', async (t) => {
  const { runs, fact, learn } = bench();
  const state = fact('state', async ($) => (await $`sc.exe query A`.nothrow()).stdout.trim());
  const { exchange, ...rest } = serverThat({ A: 'x' });
  const cutOff: Transport['exchange'] = async (...asked) => {
    const missing = { reason: 'truncated', detail: 'it ended early' } as const;
    const answers = await exchange(...asked);
    return answers.map((answer) => (answer.command === 'sc.exe query A' ? { ...answer, missing } : answer));
  };
  for (const isWhole of [false, true, false, true, true]) {
    const { reading } = await learn(state, { ...rest, exchange: isWhole ? exchange : cutOff });
    t.like(reading, isWhole ? { known: true, value: 'x' } : { known: false, reason: 'truncated' });
  }
  t.deepEqual(runs, { state: 4 });
});

test('what only one server told is not held on to', async (t) => {
  const { fact, learn } = bench();
  const state = fact('state', async ($) => ({ is: (await $`sc.exe query A`).stdout.trim() }));
  const kept = async (A: string): Promise<WeakRef<object>> => {
    const { reading } = await learn(state, serverThat({ A }));
    return new WeakRef(reading.known ? (reading.value as object) : {});
  };
  const values = [await kept('own'), await kept('shared'), await kept('shared')];
  // A reference that was just made holds until the next turn.
  await setImmediate();
  collect();
  t.deepEqual(
    values.map((value) => value.deref()),
    [undefined, undefined, { is: 'shared' }],
  );
});
