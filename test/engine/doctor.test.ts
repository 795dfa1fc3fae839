/** What an account can learn of a pretended server that refuses a part of it. */
import test from 'ava';
import { grantsFor } from '../../checks/grants.ts';
import { checks } from '../../checks/index.ts';
import { BUILT_INS } from '../../engine/cli/built-ins.ts';
import type { Diagnosis } from '../../engine/cli/doctor.ts';
import { doctorText } from '../../engine/cli/doctor-text.ts';
import { everyQuestion } from '../../engine/cli/questions.ts';
import { examine } from '../../engine/doctor.ts';
import type { Report } from '../../engine/model.ts';
import { loadProfile } from '../../engine/profile.ts';
import type { Step } from '../../engine/transports/transport.ts';
import { ask } from '../command.ts';
import { FIREWALL_RULES, healthy, observedAt, SSL_BINDINGS } from '../server/healthy.ts';
import { vpn } from '../server/pki.ts';
import { deny, type Server, transportTo } from '../server/state.ts';
import { uninstall } from '../server/stores.ts';

const profile = await loadProfile('baseline', { checks, builtIns: BUILT_INS });
const baseline = profile.entries.map(({ check }) => check);
const signal = new AbortController().signal;

const examined = (sabotage: (server: Server) => void = () => {}, steps?: readonly Step[]) => {
  const server = healthy();
  sabotage(server);
  const transport = transportTo(server, { recordedAt: observedAt });
  return examine({ server: steps ? { ...transport, steps: async () => steps } : transport }, baseline, signal);
};
const gapsOf = ({ checks: all }: Awaited<ReturnType<typeof examined>>, wanted: string) =>
  all.find(({ id }) => id === wanted)?.gaps ?? [];
/** What would help, in one line each. */
const helped = (found: Awaited<ReturnType<typeof examined>>, account = 'ACCOUNT') =>
  grantsFor(
    found.checks.flatMap(({ gaps }) => gaps).flatMap(({ answers, detail }) => answers.map((it) => ({ ...it, detail }))),
    account,
  ).map(({ type }) => type.join('\n'));

test('an account that may read everything has no gap, and is told no grant', async (t) => {
  const found = await examined();
  t.deepEqual(
    found.checks.filter(({ gaps }) => gaps.length > 0),
    [],
  );
  t.is(found.answered, found.asked);
  t.true(found.asked > 40 && found.checks.length > 20);
  t.is(found.os, 'Windows Server 2022 Standard (build 20348)');
  t.deepEqual(helped(found), []);
});

test('a service that may not be queried leaves its checks unknown; the grant names the service, and no other', async (t) => {
  const found = await examined(({ services }) => {
    services.set('MpsSvc', { state: 4, denied: true });
  });
  t.like(gapsOf(found, 'service/running')[0], { reason: 'denied', fact: 'service/states' });
  t.like(gapsOf(found, 'firewall/sstp-exception')[0], { reason: 'denied' });
  t.deepEqual(gapsOf(found, 'sstp/listening'), []);
  const [grant = '', ...others] = helped(found);
  t.deepEqual(others, []);
  t.regex(grant, /sdset scmanager/);
  t.regex(grant, /sdset MpsSvc/);
  t.notRegex(grant, /sdset \S+ [^"]/, 'PowerShell ends a command at what is not in quotes');
  t.notRegex(grant, /RasMan/);
});

test('a part of a fact that may not be read is a gap, too, and is granted', async (t) => {
  const found = await examined(({ services }) => {
    services.set('RasSstp', { state: 4, denied: true });
  });
  t.like(gapsOf(found, 'rras/sstp-ports'), [{ reason: 'denied', detail: 'the service RasSstp may not be queried' }]);
  const [grant = '', ...others] = helped(found);
  t.deepEqual(others, []);
  t.regex(grant, /sdset RasSstp/);
});

test('a bound certificate that no store has is no gap: every store was read', async (t) => {
  const found = await examined((server) => uninstall(server, vpn));
  t.deepEqual(gapsOf(found, 'certificate/installed'), []);
});

test('a key that may not be read is granted as that key alone, to the account that asked', async (t) => {
  const found = await examined((server) => deny(server, FIREWALL_RULES));
  t.like(gapsOf(found, 'firewall/sstp-exception')[0], { reason: 'denied', right: 'read HKLM (any user)' });
  const [grant = '', ...others] = helped(found, 'CORP\\svc-audit');
  t.deepEqual(others, []);
  const key = FIREWALL_RULES.replace('HKEY_LOCAL_MACHINE', 'HKLM:');
  t.true(grant.includes(`Set-Acl '${key}' $acl`), grant);
  t.true(grant.includes("'CORP\\svc-audit', 'ReadKey'"));
});

test('the event logs need a group, the settings of HTTP.sys an administrator', async (t) => {
  const found = await examined((server) => {
    deny(server, SSL_BINDINGS);
    for (const log of ['System', 'Application'])
      server.programs.set(`wevtutil.exe qe ${log}`, { stdout: '', stderr: 'Access is denied.\n', exitCode: 5 });
    for (const question of ['sslcert', 'servicestate view=requestq verbose=no'])
      server.programs.set(`netsh.exe http show ${question}`, { stdout: '', stderr: 'elevation\n', exitCode: 1 });
  });
  t.like(gapsOf(found, 'events/sstp-errors')[0], { reason: 'denied', right: 'Event Log Readers' });
  t.true(gapsOf(found, 'binding/wildcards').length > 0);
  t.true(gapsOf(found, 'sstp/url').length > 0);
  const grants = helped(found);
  t.is(grants.filter((grant) => /localgroup "Event Log Readers"/.test(grant)).length, 1);
  t.is(grants.filter((grant) => /localgroup Administrators/.test(grant)).length, 1);
  t.is(grants.filter((grant) => /Set-Acl .*SslBindingInfo/.test(grant)).length, 1);
  t.is(grants.length, 3, grants.join('\n\n'));
});

test('what is merely absent, garbled or late is granted nothing', async (t) => {
  const found = await examined((server) => {
    server.services.delete('SstpSvc');
    server.programs.set('netstat.exe -ano -p TCP', { stdout: 'garbage\n', exitCode: 0 });
  });
  t.true(gapsOf(found, 'sstp/listening').length > 0);
  t.deepEqual(helped(found), []);
  const late = {
    command: 'reg.exe query HKLM\\X',
    exitCode: null,
    detail: 'no answer within 30 s (reg.exe query HKLM\\X)',
  };
  t.deepEqual(grantsFor([late], 'ACCOUNT'), []);
});

test('where the way ends early, nothing is asked, and that is why every check is unknown', async (t) => {
  const missing = { reason: 'untrusted', detail: 'Host key verification failed.' } as const;
  const found = await examined(undefined, [
    { step: 'name', said: '[192.0.2.7]' },
    { step: 'host-key', said: 'ssh-ed25519 SHA256:x', missing },
  ]);
  t.is(found.asked, 0);
  t.true(found.checks.every(({ gaps }) => gaps.length > 0 && gaps.every(({ reason }) => reason === 'untrusted')));
  t.deepEqual(helped(found), []);
});

test('checks that look from outside are not counted against an account of the server', async (t) => {
  const found = await examine({ server: transportTo(healthy(), { recordedAt: observedAt }) }, checks, signal);
  t.true(found.elsewhere.includes('reach/tcp'));
  t.false(found.checks.some(({ id }) => id.startsWith('reach/')));
});

test('every question whose right is more than that of any user has a grant', async (t) => {
  for (const { command, rights } of await everyQuestion()) {
    const anyUser = rights.some((right) => /any user|^none/.test(right));
    const exitCode = /^(sc|wevtutil)/.test(command) ? 5 : 1;
    const key = /query "?([^"]*?)"?(?: \/.*)?$/.exec(command)?.[1];
    const grants = grantsFor([{ command, exitCode, detail: `${key} exists and cannot be read` }], 'ACCOUNT');
    t.true(anyUser || grants.length === 1, command);
  }
});

const DIAGNOSIS: Diagnosis = {
  name: 'vpn01',
  address: 'ssh://vpn01',
  os: null,
  steps: [
    {
      step: 'ssh',
      said: 'Open\u001b[2JSSH\n##[error]',
      failed: { reason: 'refused', detail: 'no\r\nword', advice: ['try'] },
    },
  ],
  questions: { asked: 0, answered: 0 },
  checks: [],
  elsewhere: [],
  grants: [],
};

test('what a server says cannot move the cursor, end a line or speak to a build server', (t) => {
  for (const lang of ['en', 'ja'] as const) {
    const text = doctorText(DIAGNOSIS, lang);
    t.notRegex(text, /[^\P{Cc}\n]|##\[/u);
    t.is(text.split('\n').length, 6);
  }
});

const doctor = (...args: readonly string[]) => ask('doctor', ...args);

test('recorded evidence is examined too: exit code 0 when all can be read, 3 when not', async (t) => {
  const whole = await doctor('evidence:test/evidence/vpn-london-01');
  t.is(whole.code, 0, whole.stderr);
  t.regex(whole.stdout, /ok {2}seal: SHA256SUMS/);
  t.regex(whole.stdout, /(\d+) of \1 checks can be judged/);
  const part = await doctor('evidence:test/evidence/vpn-paris-01', '--lang', 'ja');
  t.is(part.code, 3);
  t.regex(part.stdout, /Event Log Readers グループ/);
  t.regex(part.stdout, /不明/);
});

test('a server of which only the outside is named, and a profile that asks nothing there, are told', async (t) => {
  const { stdout, code } = await doctor('probe://localhost:1');
  t.is(code, 3);
  t.regex(stdout, /not asked this way, .*: \d+ checks/);
});

test('--json tells the same to a program', async (t) => {
  const { stdout, code } = await doctor('evidence:test/evidence/vpn-paris-01', '--json');
  t.is(code, 3);
  const [diagnosis]: Diagnosis[] = JSON.parse(stdout);
  t.is(diagnosis?.name, 'vpn-paris-01');
  t.deepEqual(
    diagnosis?.steps.map(({ step }) => step),
    ['folder', 'seal'],
  );
  t.true(diagnosis?.grants.some(({ checks: helps }) => helps.includes('events/sstp-errors')));
});

test('the checks that it calls unknown are those that an audit calls unknown', async (t) => {
  const PARIS = 'evidence:test/evidence/vpn-paris-01';
  const [diagnosis]: Diagnosis[] = JSON.parse((await doctor(PARIS, '--json')).stdout);
  const audit = await ask('run', PARIS, '--input', 'publicNames=vpn.example.com', '-r', 'json');
  const { results }: Report = JSON.parse(audit.stdout);
  t.deepEqual(
    diagnosis?.checks.filter(({ gaps }) => gaps.length > 0).map(({ check }) => check),
    results.filter(({ status }) => status === 'unknown').map(({ check }) => check),
  );
});

for (const [name, args, says] of [
  ['no target', [], /no target is given/],
  ['a folder without evidence', ['evidence:engine'], /holds no evidence/],
  ['an unknown profile', ['evidence:test/evidence/vpn-london-01', '-p', 'nonesuch'], /nonesuch/],
  ['local: where that is no Windows', ['local:'], /not Windows/],
] as const)
  test(`${name} is a mistake: exit code 2, said on stderr`, async (t) => {
    if (name.startsWith('local:') && process.platform === 'win32') return t.pass();
    const { code, stdout, stderr } = await doctor(...args);
    t.is(code, 2, stderr);
    t.regex(stderr, says);
    t.is(stdout, '');
  });

test('it has help with an example', async (t) => {
  t.regex((await doctor('--help')).stdout, /Example:\n {2}sstp-audit doctor /);
});
