import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { readKey } from '../../checks/facts/read/ask.ts';
import { defineFact, type Fact, type ServerFact, type Shell, Unknown } from '../../engine/define.ts';
import { gather } from '../../engine/gather.ts';
import { LIMITS } from '../../engine/limits.ts';
import type { Evidence, Reason } from '../../engine/model.ts';
import { newMemory } from '../../engine/recall.ts';
import type { Answer, Transport } from '../../engine/transports/transport.ts';
import { healthy, observedAt, SSTP_PARAMETERS } from '../server/healthy.ts';
import { deny, removeKey, type Server, transportTo } from '../server/state.ts';

const options = { signal: new AbortController().signal, keep: async () => {} };
const fact = <T>(id: string, ask: ServerFact<T>['ask']): Fact<T> =>
  defineFact({ id, vantage: 'server', right: 'none', ask });
const learn = async <T>(wanted: Fact<T>, transport: Transport = transportTo(healthy(), { recordedAt: observedAt })) =>
  (await gather({ server: transport }, [wanted], options)).readingOf(wanted);

const state = fact('state', async ($) => (await $`sc.exe query SstpSvc`).stdout.includes('RUNNING'));
const port = fact('port', async ($) => (await readKey($, SSTP_PARAMETERS))?.names().length);

test('questions of one tick travel together, each once', async (t) => {
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  const again = fact('again', async ($) => (await $`sc.exe query SstpSvc`).exitCode);
  const gathered = await gather({ server: transport }, [state, port, again], options);
  t.is(transport.exchanges().length, 1);
  t.is(transport.exchanges()[0]?.filter((command) => command === 'sc.exe query SstpSvc').length, 1);
  t.like(gathered.readingOf(state), { known: true, value: true });
  t.is(gathered.os, 'Windows Server 2022 Standard (build 20348)');
});

test('what only a view from outside shows is not known where only the server is asked', async (t) => {
  const outside = defineFact({ id: 'outside', vantage: 'network', ask: async () => 1 });
  t.like(await learn(outside), { known: false, reason: 'not-recorded' });
});

test('a question that depends on an answer goes out in the next exchange', async (t) => {
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  const chain = fact('chain', async ($) => {
    await $`sc.exe query RasMan`;
    return (await $`sc.exe query HTTP`).exitCode;
  });
  t.like(await learn(chain, transport), { known: true, value: 0 });
  t.is(transport.exchanges().length, 2);
});

test('facts share what they learn, and what one does not know the other does not know', async (t) => {
  const denied = fact<number>('denied', async () => {
    throw new Unknown('denied', 'no right');
  });
  const needing = fact('needing', async (_$, facts) => (await facts.need(denied)) + 1);
  const reading = fact('reading', async (_$, facts) => (await facts.read(denied)).known);
  t.like(await learn(needing), { known: false, reason: 'denied', detail: 'no right' });
  t.like(await learn(reading), { known: true, value: false });
});

test('an exit code that a fact does not expect is not an answer', async (t) => {
  const unexpected = fact('unexpected', async ($) => (await $`sc.exe query NoSuchService`).stdout);
  t.like(await learn(unexpected), { known: false, reason: 'unreadable' });
});

for (const [name, sync] of Object.entries({
  '$.sync': fact('sync', async ($) => $.sync`sc.exe query RasMan`.stdout),
  '$({ sync: true })': fact('sync', async ($) => $({ sync: true })`sc.exe query RasMan`.stdout),
}))
  test(`${name} cannot wait for a server: the fact is unknown, and the process goes on`, async (t) => {
    const detail = 'sync: TypeError: $.sync is not available: a fact asks a server';
    t.like(await learn(sync), { known: false, reason: 'bug', detail });
    await setTimeout(10);
  });

test('what a fact throws by mistake is a bug, not a verdict', async (t) => {
  const broken = fact('broken', async () => (undefined as unknown as { length: number }).length);
  t.like(await learn(broken), { known: false, reason: 'bug' });
});

test('a command that could write never leaves', async (t) => {
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  const writing = fact('writing', async ($) => (await $`reg.exe delete HKLM\\SOFTWARE`.nothrow()).exitCode);
  const reading = await learn(writing, transport);
  t.like(reading, { known: false, reason: 'bug' });
  t.false(
    transport
      .exchanges()
      .flat()
      .some((command) => command.includes('delete')),
  );
});

test('a fact that asks for ever is stopped', async (t) => {
  let asked = 0;
  const endless = fact('endless', async ($) => {
    for (;;) {
      const output = await $`sc.exe query S${asked++}`.nothrow();
      if (output.exitCode === -1) throw new Unknown('bug', 'stopped');
    }
  });
  t.like(await learn(endless), { known: false, reason: 'bug' });
  t.is(asked, LIMITS.exchangesPerTarget + 1);
});

/** Answers whose `missing` says why they are not whole, whatever was asked. */
const broken = (reason: Reason): Transport => ({
  kind: 'evidence',
  exchange: async (commands) =>
    commands.map(
      (command): Answer => ({
        command,
        stdout: Buffer.from('SstpSvc RUNNING'),
        stderr: new Uint8Array(),
        exitCode: 0,
        startedAt: observedAt.toISOString(),
        tookMs: 1,
        missing: { reason, detail: 'broken' },
      }),
    ),
  close: async () => {},
});

for (const reason of ['truncated', 'timed-out', 'unreachable', 'cancelled'] as const)
  test(`an answer that is ${reason} makes the fact unknown, even when the script swallows it`, async (t) => {
    const swallowing = fact('swallowing', async ($) => (await $`sc.exe query SstpSvc`.nothrow()).stdout.length);
    for (const wanted of [state, port, swallowing])
      t.like(await learn<unknown>(wanted, broken(reason)), { known: false, reason });
  });

const registryCase = async (sabotage: (server: Server) => void) => {
  const server = healthy();
  sabotage(server);
  return learn(port, transportTo(server, { recordedAt: observedAt }));
};

test('a key that its readable parent does not list is absent', async (t) => {
  t.like(await registryCase((server) => removeKey(server, SSTP_PARAMETERS)), { known: true, value: undefined });
});

test('a key that its readable parent lists is denied', async (t) => {
  t.like(await registryCase((server) => deny(server, SSTP_PARAMETERS)), { known: false, reason: 'denied' });
});

test('an absent key below an unreadable parent is not known to be absent', async (t) => {
  const reading = await registryCase((server) => {
    removeKey(server, SSTP_PARAMETERS);
    deny(server, SSTP_PARAMETERS.replace('\\Parameters', ''));
  });
  t.like(reading, { known: false, reason: 'denied' });
});

test('every answer is kept before the gathering ends, also one that no fact waits for, and none comes later', async (t) => {
  const kept: string[] = [];
  const hasty = fact('hasty', async ($) => {
    const [first] = [$`sc.exe query SstpSvc`, $`sc.exe query RasMan`.then(() => $`sc.exe query HTTP`.nothrow())];
    return (await first).exitCode;
  });
  const keep = async ({ command }: Evidence): Promise<void> => {
    await setTimeout(20);
    kept.push(command);
  };
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  const { evidence } = await gather({ server: transport }, [hasty], { ...options, keep });
  t.true(kept.includes('sc.exe query RasMan'));
  await setTimeout(100);
  t.deepEqual(kept.toSorted(), evidence.map(({ command }) => command).toSorted());
});

test('an answer that cannot be kept ends the gathering with the reason, and leaves nobody waiting', async (t) => {
  const chain = fact('chain', async ($) => {
    await $`sc.exe query RasMan`;
    return (await $`sc.exe query HTTP`).exitCode;
  });
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  const keep = () => Promise.reject(new Error('no space left'));
  await t.throwsAsync(gather({ server: transport }, [state, port, chain], { ...options, keep }), {
    message: 'no space left',
  });
  t.is(transport.exchanges().length, 1, 'nothing more is asked');
});

test('a transport that throws makes every question unknown, and leaves nobody waiting', async (t) => {
  const transport: Transport = {
    kind: 'ssh',
    exchange: () => Promise.reject(new Error('no temporary folder')),
    close: async () => {},
  };
  const gathered = await gather({ server: transport }, [state, port], options);
  for (const one of [state, port]) t.like(gathered.readingOf<unknown>(one), { known: false, reason: 'bug' });
  t.regex(JSON.stringify(gathered.readingOf(state)), /no temporary folder/);
});

test('what an unknown rests on does not depend on how fast answers are kept', async (t) => {
  const wanted = fact('wanted', async ($, { need }) => {
    await Promise.all([$`sc.exe query NoSuchService`, $`sc.exe query HTTP`, need(state)]);
  });
  const restingOn = async (keep: () => Promise<void>): Promise<readonly string[]> => {
    const server = transportTo(healthy(), { recordedAt: observedAt });
    return (await gather({ server }, [wanted], { ...options, keep })).readingOf(wanted).evidence;
  };
  const fast = await restingOn(async () => {});
  t.is(fast.length, 3);
  t.deepEqual(await restingOn(() => setTimeout(20)), fast);
});

test('of several obstacles the same one is told, whichever answer came first', async (t) => {
  const told = ($: Shell, name: string) =>
    $`sc.exe query ${name}`.then(({ stdout }) => {
      throw new Unknown('unreadable', `${name}: ${stdout.length}`);
    });
  const before = fact('before', async ($) => (await $`sc.exe query HTTP`).exitCode);
  const both = fact('both', ($) => Promise.all([told($, 'RasMan'), told($, 'HTTP')]));
  const toldOf = async (facts: readonly Fact<unknown>[], transport: Transport) => {
    const slow = { ...options, keep: () => setTimeout(5), memory: newMemory() };
    const reading = (await gather({ server: transport }, facts, slow)).readingOf<unknown>(both);
    return reading.known ? t.fail() : reading.detail;
  };
  const cut = (answer: Answer): Answer => ({ ...answer, missing: { reason: 'truncated', detail: 'cut' } });
  const whole = transportTo(healthy(), { recordedAt: observedAt });
  const broken: Transport = {
    ...whole,
    exchange: async (...asked) =>
      (await whole.exchange(...asked)).map((answer) => (/HTTP|RasMan/.test(answer.command) ? cut(answer) : answer)),
  };
  t.regex((await toldOf([both], whole)) ?? '', /^RasMan: /);
  t.regex((await toldOf([before, both], whole)) ?? '', /^RasMan: /);
  t.is(await toldOf([both], broken), 'cut (sc.exe query RasMan)');
});
