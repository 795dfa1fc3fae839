/** What `ssh -v` says, and which step it means. Recorded from OpenSSH 9.2; names and keys are changed. */
import test from 'ava';
import { isProxied, placeIn, sshSteps } from '../../engine/transports/ssh-steps.ts';

const WHY = { reason: 'refused', detail: 'why' } as const;

const CONNECTED = `OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026
debug1: Reading configuration data /home/auditor/.ssh/config
debug1: Connecting to vpn01.corp [2001:db8::7] port 22.
debug1: connect to address 2001:db8::7 port 22: Connection refused
debug1: Connecting to vpn01.corp [192.0.2.7] port 22.
debug1: Connection established.
debug1: identity file /home/auditor/.ssh/id_ed25519 type 3
`;
const GREETED = `debug1: Remote protocol version 2.0, remote software version OpenSSH_for_Windows_8.1
debug1: Authenticating to vpn01.corp:22 as 'svc-audit'
debug1: SSH2_MSG_KEXINIT received
debug1: kex: algorithm: curve25519-sha256
debug1: kex: host key algorithm: ssh-ed25519
debug1: Server host key: ssh-ed25519 SHA256:1mhuYf1DCH2qEkzrCA58GcSmYYmmYrMT+UdC4amndtg
`;
const KNOWN = "debug1: Host 'vpn01.corp' is known and matches the ED25519 host key.\n";
const ASKED = 'debug1: Authentications that can continue: publickey,password,keyboard-interactive\n';
const SIGNED_IN = `${ASKED}Authenticated to vpn01.corp ([192.0.2.7]:22) using "publickey".\n`;
const told = (said: string, place?: Parameters<typeof sshSteps>[2]) =>
  sshSteps(Buffer.from(said.replaceAll('\n', '\r\n')), WHY, place).map(
    ({ step, said: words, missing }) => `${missing ? 'not ' : ''}${step}: ${words}`,
  );

const WHOLE = [
  'name: 192.0.2.7',
  'tcp: port 22',
  'ssh: OpenSSH_for_Windows_8.1',
  'host-key: ssh-ed25519 SHA256:1mhuYf1DCH2qEkzrCA58GcSmYYmmYrMT+UdC4amndtg',
  'sign-in: svc-audit, publickey',
];

test('a sign-in is told step by step, with the address that answered', (t) => {
  t.deepEqual(told(CONNECTED + GREETED + KNOWN + SIGNED_IN), WHOLE);
});

test('OpenSSH 7 says of a sign-in something else', (t) => {
  const old = `${CONNECTED}${GREETED}${KNOWN}${ASKED}debug1: Authentication succeeded (publickey).\n`;
  t.deepEqual(told(old), WHOLE);
});

for (const [name, said, last] of [
  ['a name that nobody knows', 'ssh: Could not resolve hostname vpn01: Name or service not known\n', 'not name: '],
  ['a port that nobody serves', CONNECTED.replace(/debug1: Connection established[\s\S]*/, ''), 'not tcp: port 22'],
  ['a silent server', CONNECTED, 'not ssh: '],
  [
    'a server without a common algorithm',
    `${CONNECTED}${GREETED.replace(/debug1: kex[\s\S]*/, '')}Unable to negotiate\n`,
    'not ssh: OpenSSH_for_Windows_8.1',
  ],
  [
    'an unknown host key, with its fingerprint',
    `${CONNECTED}${GREETED}Host key verification failed.\n`,
    'not host-key: ssh-ed25519 SHA256:1mhuYf1DCH2qEkzrCA58GcSmYYmmYrMT+UdC4amndtg',
  ],
  [
    'a sign-in that is refused, with what the server takes',
    `${CONNECTED}${GREETED}${KNOWN}${ASKED}svc-audit@vpn01: Permission denied (publickey).\n`,
    'not sign-in: svc-audit, publickey,password,keyboard-interactive',
  ],
] as const)
  test(`the last step is the one that failed: ${name}`, (t) => {
    const steps = told(said);
    t.is(steps.at(-1), last);
    t.is(steps.filter((step) => step.startsWith('not ')).length, 1);
  });

/** What a jump host says of itself, before the server says anything. */
const JUMP = `debug1: Executing proxy command: exec ssh -v -W '[vpn01.corp]:22' jump01
debug1: Connecting to jump01 [198.51.100.1] port 22.
debug1: Connection established.
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.9
debug1: Authenticating to jump01:22 as 'jumper'
debug1: kex: host key algorithm: ssh-ed25519
debug1: Server host key: ssh-ed25519 SHA256:jump
debug1: Host 'jump01' is known and matches the ED25519 host key.
Authenticated to jump01 ([198.51.100.1]:22) using "publickey".
`;
const PLACE = placeIn(Buffer.from('user svc-audit\nhostname vpn01.corp\nport 22\naddressfamily any\n'));

test('behind a jump host only what the server says counts', (t) => {
  t.true(isProxied(Buffer.from(JUMP)));
  t.false(isProxied(Buffer.from(CONNECTED)));
  const through = ['tcp: proxy command', ...WHOLE.slice(2)];
  t.deepEqual(told(JUMP + GREETED + KNOWN + SIGNED_IN, PLACE), through);
  t.deepEqual(told(`${JUMP}channel 0: open failed: connect failed\n`, PLACE), ['not tcp: proxy command']);
  const changed = told(`${JUMP}${GREETED}Host key verification failed.\n`, PLACE);
  t.is(changed.at(-1), `not ${WHOLE[3]}`);
});

test('what a server says before the sign-in is cut, and cannot name a step before its turn', (t) => {
  const banner = `${'x'.repeat(9_000)}\nAuthenticated to vpn01 using "publickey".\n`;
  const steps = sshSteps(Buffer.from(CONNECTED + GREETED.replace('_8.1', 'y'.repeat(9_000)) + banner), WHY, undefined);
  t.is(steps.at(-1)?.step, 'host-key');
  for (const { said } of steps) t.true(said.length <= 200);
});
