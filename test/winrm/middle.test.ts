/** What happens when a conversation is under way: silence, floods, deadlines, and the last words to the server. */
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { lockOutGuard } from '../../engine/transports/winrm/lock-out.ts';
import type { WinrmOptions } from '../../engine/transports/winrm.ts';
import { type Printed, runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import { at, fault, first, hang, reset } from './misbehaviour.ts';
import { ask, credentialsOf, USERS } from './ours.ts';
import { type ServerOptions, startServer, type WinrmServer } from './server.ts';

const windows = healthy();
const COMMANDS = ['sc.exe query RemoteAccess', 'sc.exe query SstpSvc', 'sc.exe query RasMan'];
const NEVER = new Promise<never>(() => undefined);

/** Runs lines as they should be, but `before` may take its time or throw before the second command prints. */
const playing = (before: (line: number) => Promise<void>) => {
  let lines = 0;
  return async function* (line: string): AsyncGenerator<Printed> {
    const number = lines++;
    for (const printed of runLine(windows, line)) {
      if (printed.stdout.includes('SstpSvc')) await before(number);
      yield printed;
    }
  };
};

type Asked = Partial<WinrmOptions> & { signal?: AbortSignal };
const withServer = async <T>(
  more: Partial<ServerOptions>,
  ours: Asked,
  check: (answers: Awaited<ReturnType<typeof ask>>, server: WinrmServer) => T,
): Promise<T> => {
  const play = (line: string) => runLine(windows, line);
  const server = await startServer({ play, users: USERS, schemes: ['ntlm'], ...more });
  try {
    const answers = await ask(`winrm+http://audit@127.0.0.1:${server.port}`, COMMANDS, ours);
    await setTimeout(20);
    return check(answers, server);
  } finally {
    await server.close();
  }
};
const reasons = (answers: Awaited<ReturnType<typeof ask>>) => answers.map(({ missing }) => missing?.reason);

test.serial(
  'a command that hangs is timed out alone; its shell is deleted, and those behind it are asked in a new one',
  (t) =>
    withServer(
      { play: playing((line) => (line === 0 ? NEVER : Promise.resolve())) },
      { commandMs: 2_000 },
      (answers, server) => {
        t.deepEqual(reasons(answers), [undefined, 'timed-out', undefined]);
        t.is(server.shells.open(), 0);
        const after = server.steps.filter((step) => step !== 'Receive');
        const signIn = ['Negotiate', 'Authenticate'];
        t.deepEqual(after.slice(4, 8), [...signIn, 'Signal', 'Delete']);
        t.deepEqual(after.slice(8), [...signIn, 'Create', 'Command', 'Delete']);
      },
    ),
);

test.serial('an endless answer is truncated alone', (t) => {
  const flood = async function* (line: string): AsyncGenerator<Printed> {
    for (const printed of runLine(windows, line)) {
      yield printed;
      if (!printed.stdout.includes('SstpSvc')) continue;
      for (;;) {
        await setTimeout(5);
        yield { ...printed, stdout: Buffer.alloc(200_000, 'x') };
      }
    }
  };
  return withServer({ play: flood }, { commandMs: 30_000 }, (answers, server) => {
    t.deepEqual(reasons(answers).slice(0, 2), [undefined, 'truncated']);
    t.regex(answers[1]?.missing?.detail ?? '', /larger than 16 MB/);
    t.is(server.shells.open(), 0);
  });
});

test.serial('a server that has nothing to say yet is asked again', (t) =>
  withServer(
    {
      play: playing(() => setTimeout(300)),
      misbehave: (exchange) =>
        exchange.before < 3 && at('Receive', fault(0x80338029, 'TimedOut'), { always: true })(exchange),
    },
    {},
    (answers, server) => {
      t.deepEqual(reasons(answers), [undefined, undefined, undefined]);
      t.true(server.steps.filter((step) => step === 'Receive').length >= 4);
    },
  ),
);

test.serial('a server that never has anything to say is timed out', (t) =>
  withServer(
    { misbehave: at('Receive', fault(0x80338029, 'TimedOut'), { always: true }) },
    { commandMs: 400 },
    (answers, server) => {
      t.deepEqual(reasons(answers), ['timed-out', 'timed-out', 'timed-out']);
      t.is(server.shells.open(), 0);
    },
  ),
);

test.serial('a connection that breaks in mid-answer costs the answer that it broke, and the rest is asked again', (t) =>
  withServer(
    {
      play: playing((line) => (line === 0 ? setTimeout(300) : Promise.resolve())),
      misbehave: (exchange) => exchange.step === 'Receive' && exchange.before === 1 && reset(exchange),
    },
    {},
    (answers, server) => {
      t.deepEqual(reasons(answers), [undefined, 'truncated', undefined]);
      t.regex(answers[1]?.missing?.detail ?? '', /ended in the middle/);
      t.is(server.shells.open(), 0);
    },
  ),
);

for (const step of ['Negotiate', 'Create', 'Command', 'Receive'] as const)
  test.serial(`the deadline of the target ends a hanging ${step}, and a stopped run too`, async (t) => {
    // A Create that comes late is waited for, so that its shell can be deleted.
    const late = (exchange: Parameters<typeof hang>[0]) =>
      step === 'Create' ? setTimeout(400, false) : hang(exchange);
    await withServer({ misbehave: at(step, late) }, { signal: AbortSignal.timeout(200) }, (answers, server) => {
      t.deepEqual(reasons(answers), ['timed-out', 'timed-out', 'timed-out']);
      t.is(answers[0]?.missing?.detail, 'the deadline of the target passed');
      t.is(server.shells.open(), 0);
    });
    const controller = new AbortController();
    const stopping = setTimeout(200).then(() => controller.abort(new Error('SIGINT')));
    await withServer({ misbehave: at(step, late) }, { signal: controller.signal }, (answers, server) => {
      t.deepEqual(reasons(answers), ['cancelled', 'cancelled', 'cancelled']);
      t.is(server.shells.open(), 0);
    });
    await stopping;
  });

test.serial('a server that does not even take the farewell is left after a short while', async (t) => {
  const started = Date.now();
  const deaf = first(at('Receive', hang, { always: true }), at('Signal', hang), at('Delete', hang));
  await withServer({ misbehave: deaf }, { commandMs: 400 }, (answers) => {
    t.deepEqual(reasons(answers), ['timed-out', 'timed-out', 'timed-out']);
    t.true(Date.now() - started < 9_000);
  });
});

test.serial('a password that one server rejected is not tried on the next', async (t) => {
  const guard = lockOutGuard();
  const credentials = credentialsOf('wrong');
  const servers = await Promise.all(
    [1, 2, 3, 4].map(() => startServer({ play: () => [], users: USERS, schemes: ['ntlm'] })),
  );
  const answers = await Promise.all(
    servers.map(({ port }) => ask(`winrm+http://VPN%5Caudit@127.0.0.1:${port}`, COMMANDS, { guard, credentials })),
  );
  t.deepEqual(new Set(answers.flatMap(reasons)), new Set(['refused']));
  const tries = servers.flatMap(({ steps }) => steps).filter((step) => step === 'Authenticate').length;
  t.is(tries, 1, 'one failure for the account, though all servers were asked at once');
  const details = answers.map(([answer]) => answer?.missing?.detail ?? '');
  t.is(details.filter((detail) => /rejected the user name or the password/.test(detail)).length, 1);
  t.is(details.filter((detail) => /not tried again, so that the account is not locked out/.test(detail)).length, 3);
  const leave = { guard: lockOutGuard({ tryAgain: true }), credentials };
  for (const { port } of servers) await ask(`winrm+http://VPN%5Caudit@127.0.0.1:${port}`, COMMANDS, leave);
  t.is(servers.flatMap(({ steps }) => steps).filter((step) => step === 'Authenticate').length, 5);
  await Promise.all(servers.map(({ close }) => close()));
});
