import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { collectorScript } from '../../engine/collector.ts';
import { Mistake } from '../../engine/mistake.ts';
import { ssh } from '../../engine/transports/ssh.ts';
import { blame } from '../../engine/transports/ssh-sayings.ts';

/** A program named ssh that does what the script says with the line it was given; $line holds it, $n its nonce. */
const pretend = async (script: string): Promise<string> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-ssh-'));
  const file = path.join(folder, 'ssh');
  await writeFile(
    file,
    `#!/bin/bash
case $1 in
  -V) echo OpenSSH_9.2p1 >&2; exit ;;
  -G) printf '%s\\n' 'user admin' 'hostname VPN01' 'port 2222'; exit ;;
esac
printf '%s\\n' "$@" > '${folder}/argv'; env > '${folder}/env'; echo x >> '${folder}/calls'
line="\${@: -1}"; n=$(sed -E 's/.*set n=::([0-9]+):&.*/\\1/' <<<"$line")
calls=$(wc -l < '${folder}/calls')
begin() { echo "::$n:0:$1::"; echo "::$n:0:$1::" >&2; }
end() { echo "::$n:1:$1:\${2:-0}::"; echo "::$n:1:$1::" >&2; }
${script}
`,
  );
  await chmod(file, 0o755);
  process.env['PATH'] = `${folder}:${originalPath}`;
  return folder;
};
const originalPath = process.env['PATH'];
const COMMANDS = ['sc.exe query A', 'sc.exe query B', 'sc.exe query C'];
const exchange = (signal = new AbortController().signal, commandMs = 3_000) =>
  ssh(new URL('ssh://admin@vpn01:2222'), { commandMs }).exchange(COMMANDS, { signal });
const calls = async (folder: string) => (await readFile(path.join(folder, 'calls'), 'utf8')).length / 2;

test.serial('three answers come in one connection', async (t) => {
  const folder = await pretend('begin 0; echo one; end 0; begin 1; end 1 1060; begin 2; end 2');
  const answers = await exchange();
  t.deepEqual(
    answers.map(({ exitCode, missing }) => [exitCode, missing]),
    [
      [0, undefined],
      [1060, undefined],
      [0, undefined],
    ],
  );
  t.is(Buffer.from(answers[0]?.stdout ?? []).toString(), 'one\n');
  t.is(await calls(folder), 1);
  const argv = await readFile(path.join(folder, 'argv'), 'utf8');
  for (const strict of ['StrictHostKeyChecking=yes', 'BatchMode=yes', 'ForwardAgent=no', 'ControlPath=none'])
    t.true(argv.includes(strict));
  t.true(argv.includes('-l\nadmin\n-p\n2222\n--\nvpn01\n'));
});

for (const [said, reason] of [
  ['Host key verification failed.', 'untrusted'],
  ['@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @', 'untrusted'],
  ['admin@vpn01: Permission denied (publickey).', 'refused'],
  ['ssh: connect to host vpn01 port 22: Connection refused', 'refused'],
  ['ssh: connect to host vpn01 port 22: Connection timed out', 'unreachable'],
  ['ssh: Could not resolve hostname vpn01: Name or service not known', 'unreachable'],
] as const)
  test.serial(`"${said}" is ${reason}, for every question, after one try`, async (t) => {
    const folder = await pretend(`echo '${said}' >&2; exit 255`);
    const answers = await exchange();
    t.deepEqual(
      answers.map(({ missing }) => missing?.reason),
      [reason, reason, reason],
    );
    t.true(answers[0]?.missing?.detail.includes(said));
    t.is(await calls(folder), 1);
  });

test.serial('a command that hangs is timed out alone; those behind it are asked again', async (t) => {
  const folder = await pretend(
    'if [ $calls = 1 ]; then begin 0; end 0; begin 1; exec sleep 60; else begin 0; echo last; end 0; fi',
  );
  const answers = await exchange(undefined, 2_000);
  t.deepEqual(
    answers.map(({ missing }) => missing?.reason),
    [undefined, 'timed-out', undefined],
  );
  t.is(Buffer.from(answers[2]?.stdout ?? []).toString(), 'last\n');
  t.is(await calls(folder), 2);
});

const WHOLE = 'begin 0; echo one; end 0; begin 1; end 1; begin 2; end 2 7';
for (const [who, held] of [
  ['the server', 'exec sleep 60'],
  ['a program that it left behind', 'sleep 60 &'],
  ['a server that goes on talking', 'while :; do echo noise; echo noise >&2; sleep 0.1; done'],
] as const)
  test.serial(`an answer that is whole does not wait for a connection that ${who} holds open`, async (t) => {
    const folder = await pretend(`${WHOLE}; ${held}`);
    const startedAt = performance.now();
    const answers = await exchange(undefined, 30_000);
    t.true(performance.now() - startedAt < 15_000);
    t.deepEqual(
      answers.map(({ exitCode, missing, stdout }) => [exitCode, missing, Buffer.from(stdout).toString()]),
      [
        [0, undefined, 'one\n'],
        [0, undefined, ''],
        [7, undefined, ''],
      ],
    );
    t.is(await calls(folder), 1);
  });

for (const [missing, last] of [
  ['on standard error', 'echo "::$n:1:2:0::"'],
  ['on standard output', 'echo "::$n:1:2::" >&2'],
  ['with its exit code', 'printf "::$n:1:2:"; echo "::$n:1:2::" >&2'],
  ['of the last question', ':'],
] as const)
  test.serial(`a connection is waited for as long as the end marker is not there ${missing}`, async (t) => {
    await pretend(`begin 0; end 0; begin 1; end 1; begin 2; ${last}; exec sleep 60`);
    const startedAt = performance.now();
    const answers = await exchange(undefined, 2_500);
    t.true(performance.now() - startedAt >= 2_400);
    t.deepEqual(
      answers.map((answer) => answer.missing?.reason),
      [undefined, undefined, 'timed-out'],
    );
  });

test.serial('an endless answer is truncated alone', async (t) => {
  await pretend(
    'if [ $calls = 1 ]; then begin 0; exec yes 0123456789012345678901234567890123456789; else begin 0; end 0; begin 1; end 1; fi',
  );
  const answers = await exchange(undefined, 20_000);
  t.deepEqual(
    answers.map(({ missing }) => missing?.reason),
    ['truncated', undefined, undefined],
  );
});

test.serial('a connection that breaks in the middle is truncated, and not tried for ever', async (t) => {
  const folder = await pretend('begin 0; echo half; exit 255');
  const answers = await exchange();
  t.deepEqual(
    answers.map(({ missing }) => missing?.reason),
    ['truncated', 'truncated', 'truncated'],
  );
  t.true((await calls(folder)) <= 4);
});

test.serial('a login shell other than cmd.exe is said so', async (t) => {
  await pretend('echo "The term set is not recognized" >&2; exit 1');
  const [answer] = await exchange();
  t.is(answer?.missing?.reason, 'unreadable');
  t.regex(answer?.missing?.detail ?? '', /must be cmd\.exe/);
});

test.serial('a cmd.exe that OpenSSH does not know as one is said so', async (t) => {
  await pretend(`printf 'Microsoft Windows [Version 10.0.20348.587]\\r\\n(c) Microsoft Corporation.\\r\\n'; exit 0`);
  const [answer] = await exchange();
  t.is(answer?.missing?.reason, 'unreadable');
  t.regex(answer?.missing?.detail ?? '', /cmd\.exe that was not given the questions: .*DefaultShell/);
});

test.serial('a silent server ends at the deadline, a stopped run at once', async (t) => {
  await pretend('exec sleep 60');
  t.is((await exchange(undefined, 200))[0]?.missing?.reason, 'timed-out');
  t.is((await exchange(AbortSignal.timeout(200), 20_000))[2]?.missing?.reason, 'timed-out');
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('SIGINT')), 100);
  t.is((await exchange(controller.signal, 20_000))[0]?.missing?.reason, 'cancelled');
});

test.serial('a missing ssh program makes the server unreachable and says why', async (t) => {
  process.env['PATH'] = '/nonexistent';
  const [answer] = await exchange();
  process.env['PATH'] = originalPath;
  t.is(answer?.missing?.reason, 'unreachable');
  t.regex(answer?.missing?.detail ?? '', /ssh program of this machine cannot be started: install OpenSSH's client/);
});

test.serial('a password reaches ssh through SSH_ASKPASS and stands in no argument and no answer', async (t) => {
  process.env['SSTP_AUDIT_SSH_PASSWORD'] = 'correct horse';
  const asks = ["admin@vpn01's password: ", '(admin@vpn01) Password: ', 'Enter PIN for key: '];
  const [own, ...others] = asks.map((words) => `"$SSH_ASKPASS" "${words}"`);
  const folder = await pretend(`begin 0; ${own} | md5sum; end 0; begin 1; ${others.join('; ')}; end 1; begin 2; end 2`);
  const answers = await exchange();
  delete process.env['SSTP_AUDIT_SSH_PASSWORD'];
  const digest = createHash('md5').update('correct horse\n').digest('hex');
  t.is(Buffer.from(answers[0]?.stdout ?? []).toString(), `${digest}  -\n`);
  t.is(Buffer.from(answers[1]?.stdout ?? []).toString(), '', 'a prompt of the server and a key get none');
  t.false((await readFile(path.join(folder, 'argv'), 'utf8')).includes('correct horse'));
  t.false((await readFile(path.join(folder, 'argv'), 'utf8')).includes('BatchMode=yes'));
  const given = (await readFile(path.join(folder, 'env'), 'utf8')).match(/SSH_ASKPASS_REQUIRE=force/);
  t.truthy(given);
});

test.serial(
  'a jump host that asks for a password gets none, not even an empty one, and is not tried again',
  async (t) => {
    process.env['SSTP_AUDIT_SSH_PASSWORD'] = 'correct horse';
    const jump = `export Q="hop@bastion's password: "; sh -c '"$SSH_ASKPASS" "$Q"; echo tried >&2'`;
    await pretend(`${jump}; echo 'kex_exchange_identification: Connection closed by remote host' >&2; exit 255`);
    const [answer] = await exchange();
    delete process.env['SSTP_AUDIT_SSH_PASSWORD'];
    t.is(answer?.missing?.reason, 'refused');
    t.regex(
      answer?.missing?.detail ?? '',
      /hop@bastion's password: permission denied: .* a jump host, which needs a key/,
    );
    t.notRegex(answer?.missing?.detail ?? '', /tried/);
  },
);

test.serial('a password that the server repeats is in no reason', async (t) => {
  process.env['SSTP_AUDIT_SSH_PASSWORD'] = 'pässwörd & <co>';
  await pretend('echo "$SSTP_AUDIT_SSH_PASSWORD is wrong: Permission denied (password)." >&2; exit 255');
  const [answer] = await exchange();
  delete process.env['SSTP_AUDIT_SSH_PASSWORD'];
  t.deepEqual(answer?.missing, { reason: 'refused', detail: '••• is wrong: Permission denied (password).' });
});

for (const address of [
  'ssh://admin:secret@vpn01',
  'ssh://vpn01/path',
  'ssh://-oProxyCommand=x',
  'ssh://vpn01?x=1',
  'ssh://vpn01#x',
])
  test.serial(`${address.replace('secret', '…')} is a mistake that repeats no password`, (t) => {
    const error = t.throws(() => ssh(new URL(address)), { instanceOf: Mistake });
    t.false(error?.message.includes('secret'));
  });

const FIXED = ['sc.exe query A', 'sc.exe query B'];
const pinnedTo = async (
  list: readonly string[],
  answers = 'begin 0; echo one; end 0; begin 1; end 1 1060',
): Promise<string> => {
  const questions = list.map((command) => ({ command, facts: ['f'], rights: ['none'] }));
  const [, name = ''] = /%N%:7:(\d{18})::/.exec(collectorScript(questions, '0.1.0')) ?? [];
  return pretend(`n=123456789012345678; echo "::$n:8:1::"; echo "::$n:8:1::" >&2; echo "::$n:7:${name}::"; ${answers}`);
};
const asking = (transport: ReturnType<typeof ssh>) =>
  transport.exchange(COMMANDS, { signal: new AbortController().signal });

test.serial(
  'a server that runs the collector whatever it is sent is asked once, and answers what that asks',
  async (t) => {
    const folder = await pinnedTo(FIXED);
    const transport = ssh(new URL('ssh://admin@vpn01'), { collector: async () => FIXED });
    for (const answers of [await asking(transport), await asking(transport)])
      t.deepEqual(
        answers.map(({ exitCode, missing }) => [exitCode, missing?.reason]),
        [
          [0, undefined],
          [1060, undefined],
          [null, 'not-recorded'],
        ],
      );
    t.is(await calls(folder), 1);
  },
);

test.serial('a collector with other questions answers nothing', async (t) => {
  await pinnedTo(FIXED.toReversed());
  const answers = await asking(ssh(new URL('ssh://admin@vpn01'), { collector: async () => FIXED }));
  t.deepEqual(
    answers.map(({ missing }) => missing?.reason),
    ['unreadable', 'unreadable', 'not-recorded'],
  );
  t.regex(answers[0]?.missing?.detail ?? '', /make collect\.cmd anew/);
});

const pinned = (commandMs: number) => ssh(new URL('ssh://admin@vpn01'), { commandMs, collector: async () => FIXED });

test.serial('a password that a server with a collector repeats is in no reason, either', async (t) => {
  process.env['SSTP_AUDIT_SSH_PASSWORD'] = 'pässwörd & <co>';
  await pinnedTo(FIXED, 'begin 0; end 0; begin 1; echo "$SSTP_AUDIT_SSH_PASSWORD is wrong" >&2; exit 255');
  const answers = await asking(pinned(3_000));
  delete process.env['SSTP_AUDIT_SSH_PASSWORD'];
  t.is(answers[0]?.exitCode, 0);
  t.regex(answers[1]?.missing?.detail ?? '', /••• is wrong/);
});

test.serial('a collector has time for each of its answers, not for all of them together', async (t) => {
  await pinnedTo(FIXED, 'for i in 0 1; do sleep 0.8; begin $i; sleep 0.8; end $i; done');
  const answers = await asking(pinned(2_000));
  t.deepEqual(
    answers.map(({ missing }) => missing?.reason),
    [undefined, undefined, 'not-recorded'],
  );
});

test.serial(
  'a collector that hangs keeps what it answered, and what text looks like its marks buys no time',
  async (t) => {
    await pinnedTo(
      FIXED,
      'begin 0; echo one; end 0; begin 1; while :; do echo ::111111111111111111:8:1::; sleep 0.1; done',
    );
    const answers = await asking(pinned(3_000));
    t.deepEqual(
      answers.map(({ missing }) => missing?.reason),
      [undefined, 'timed-out', 'not-recorded'],
    );
  },
);

test.serial('the steps of a way that works, and of one that ends at the host key', async (t) => {
  const talk = (said: string) => `printf '%s\\r\\n' ${said} >&2`;
  const connected = talk(
    "'debug1: Connecting to vpn01 [192.0.2.7] port 2222.' 'debug1: Connection established.' 'debug1: kex: host key algorithm: ssh-ed25519'",
  );
  const known = talk('"debug1: Host \'[vpn01]:2222\' is known and matches the ED25519 host key."');
  const signedIn = talk('\'Authenticated to vpn01 ([192.0.2.7]:2222) using "publickey".\'');
  const stepsOf = async () => {
    const transport = ssh(new URL('ssh://admin@vpn01:2222'), { commandMs: 3_000 });
    const steps = await transport.steps?.({ signal: new AbortController().signal });
    return steps?.map(({ step, missing }) => (missing ? `${step}: ${missing.reason}` : step));
  };
  const folder = await pretend(`${connected}; ${known}; ${signedIn}; begin 0; echo one; end 0`);
  t.deepEqual(await stepsOf(), ['name', 'tcp', 'ssh', 'host-key', 'sign-in', 'shell', 'exchange']);
  t.true((await readFile(path.join(folder, 'argv'), 'utf8')).startsWith('-v\n'));
  await pretend(`${connected}; ${talk("'Host key verification failed.'")}; exit 255`);
  t.deepEqual(await stepsOf(), ['name', 'tcp', 'ssh', 'host-key: untrusted']);
  await pretend(`${connected}; ${known}; ${signedIn}; begin 0; exec sleep 60`);
  t.deepEqual(await stepsOf(), ['name', 'tcp', 'ssh', 'host-key', 'sign-in', 'shell', 'exchange: timed-out']);
  await pretend(`${connected}; ${known}; ${signedIn}; echo 'not recognized' >&2; exit 1`);
  t.deepEqual(await stepsOf(), ['name', 'tcp', 'ssh', 'host-key', 'sign-in', 'shell: unreadable']);
});

test('what a server said of questions that it has answered is not taken for words of ssh', (t) => {
  const mark = (kind: number, id: number): string => `::${'1'.repeat(18)}:${kind}:${id}::\r\n`;
  const stdout = Buffer.from(`::${'1'.repeat(18)}:0:0::\r\nx`);
  const answered = `${mark(0, 0)}ERROR: no such key\r\n${mark(1, 0)}${mark(0, 1)}`;
  const cut = (more: string) => blame({ stdout, stderr: Buffer.from(answered + more), exitCode: 255 }).detail;
  t.is(cut(''), 'the connection ended in the middle of the answer');
  t.regex(cut('client_loop: send disconnect: Broken pipe\r\n'), /answer: client_loop: send disconnect: Broken pipe$/);
});

test('what OpenSSH 10.1 says of the keys of a server is not taken for the reason', (t) => {
  const warning = [
    'WARNING: connection is not using a post-quantum key exchange algorithm.',
    'This session may be vulnerable to "store now, decrypt later" attacks.',
    'The server may need to be upgraded. See https://openssh.com/pq.html',
  ];
  const stderr = Buffer.from(warning.map((line) => `** ${line}\r\n`).join(''));
  t.regex(blame({ stdout: Buffer.alloc(0), stderr, exitCode: 0 }).detail, /must be cmd\.exe$/);
});
