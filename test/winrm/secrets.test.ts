/** A secret is planted in every source of a password, and looked for everywhere. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { MAIN } from '../program.ts';
import { runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import { command, type Ran } from './command.ts';
import { at, fault } from './misbehaviour.ts';
import { type Misbehaviour, type ServerOptions, startServer } from './server.ts';
import { CA, SERVER } from './tls.ts';

const SECRET = 'pl4nted-s3cret & <"xyzzy">';
/** The secret as a log, a header or a page could hold it. */
const TRACES = [
  SECRET,
  'pl4nted-s3cret',
  encodeURIComponent(SECRET),
  Buffer.from(SECRET, 'utf16le').toString('latin1'),
  Buffer.from(`audit:${SECRET}`).toString('base64'),
  Buffer.from(SECRET).toString('hex'),
];

const windows = healthy();
const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-secrets-'));
const ca = path.join(folder, 'ca.pem');
await writeFile(ca, CA);
test.after.always(() => rm(folder, { recursive: true }));

/** Slow enough for every process to be seen. */
const slowly = async function* (line: string) {
  await setTimeout(300);
  yield* runLine(windows, line);
};

type Source = Readonly<{ args: readonly string[]; env?: Record<string, string>; input?: string }>;
const program = path.join(folder, 'vault');
const file = path.join(folder, 'password');
const SOURCES: Readonly<Record<string, () => Promise<Source>>> = {
  'the variable': async () => ({ args: [], env: { SSTP_AUDIT_PASSWORD: SECRET } }),
  'another variable': async () => ({
    args: ['--password-from', 'env:SSTP_AUDIT_PASSWORD_VPN'],
    env: { SSTP_AUDIT_PASSWORD_VPN: SECRET },
  }),
  'a file': async () => {
    await writeFile(file, `${SECRET}\n`, { mode: 0o600 });
    return { args: ['--password-from', `file:${file}`] };
  },
  'standard input': async () => ({ args: ['--password-from', 'stdin'], input: `${SECRET}\n` }),
  'a program': async () => {
    await writeFile(program, `#!/bin/bash\ncat '${file}.vault'\n`, { mode: 0o700 });
    await writeFile(`${file}.vault`, `${SECRET}\n`, { mode: 0o600 });
    return { args: ['--password-from', `command:${program}`] };
  },
};

let runs = 0;
const audited = async (address: string, { args, env, input }: Source): Promise<Ran & { written: string }> => {
  const out = path.join(folder, `run-${runs++}`);
  const reports = ['cli', `json:${out}/a.json`, `junit:${out}/a.xml`, `html:${out}/a.html`];
  const all = [
    'run',
    address,
    '--input',
    'publicNames=vpn.example.com',
    '--evidence',
    `${out}/evidence`,
    '-r',
    ...reports,
    '--ca',
    ca,
    ...args,
  ];
  const ran = await command(all, env, input);
  return { ...ran, written: await textBelow(out) };
};

const textBelow = async (where: string): Promise<string> => {
  const entries = await readdir(where, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  return (await Promise.all(files.map((one) => readFile(one, 'latin1')))).join('\n');
};

const nowhere = (t: ExecutionContext, { stdout, stderr, argv, written }: Awaited<ReturnType<typeof audited>>): void => {
  t.true(written.length > 1_000, 'reports and evidence were written');
  t.true(
    [...argv].some((line) => line.includes(MAIN)),
    'the run itself was seen',
  );
  const places = { stdout, stderr, written, argv: [...argv].join('\n') };
  for (const [place, said] of Object.entries(places))
    for (const trace of TRACES) t.false(said.includes(trace), `${place} holds ${JSON.stringify(trace)}`);
};

const withServer = async <T>(options: Partial<ServerOptions>, work: (port: number) => Promise<T>): Promise<T> => {
  const server = await startServer({ play: slowly, users: { audit: SECRET }, schemes: ['ntlm'], ...options });
  try {
    return await work(server.port);
  } finally {
    await server.close();
  }
};

for (const [name, source] of Object.entries(SOURCES))
  test.serial(`the secret of ${name} signs in, and is found nowhere`, (t) =>
    withServer({}, async (port) => {
      const ran = await audited(`winrm+http://audit@127.0.0.1:${port}`, await source());
      t.regex(ran.stdout, /PASS/, ran.stderr);
      nowhere(t, ran);
    }),
  );

/** A server that repeats everything it was told, in every field that we read. */
const echoing: Misbehaviour = (exchange) => {
  const token = exchange.request.headers.authorization ?? '';
  const told = `${token} ${Buffer.from(token.replace('Basic ', ''), 'base64')}`.replace(
    /[&<>"]/g,
    (c) => `&#${c.charCodeAt(0)};`,
  );
  return fault(5, told.replace(/\s/g, '_'), told)(exchange);
};

test.serial('a server that repeats the password has it in no report and no message of ours', (t) =>
  withServer({ tls: SERVER, schemes: ['basic'], misbehave: at('Create', echoing) }, async (port) => {
    const source = { args: [], env: { SSTP_AUDIT_PASSWORD: SECRET } };
    const ran = await audited(`winrm://audit@localhost:${port}?auth=basic`, source);
    t.regex(`${ran.stdout}${ran.stderr}`, /may not open a remote shell.*•••/s);
    nowhere(t, ran);
  }),
);

test.serial('a rejected secret is found nowhere', (t) =>
  withServer({ users: { audit: 'another' } }, async (port) => {
    const ran = await audited(`winrm+http://audit@127.0.0.1:${port}`, {
      args: [],
      env: { SSTP_AUDIT_PASSWORD: SECRET },
    });
    t.regex(ran.stdout, /rejected the user name or the password/);
    nowhere(t, ran);
  }),
);

test.serial('a secret in an address is a mistake that does not repeat it', async (t) => {
  const address = `winrm://audit:${encodeURIComponent(SECRET)}@vpn01`;
  const { exitCode, stdout, stderr } = await command(['run', address]);
  t.is(exitCode, 2);
  for (const trace of TRACES) t.false(`${stdout}${stderr}`.includes(trace));
});

test.serial('ssh takes the same secret through SSH_ASKPASS, and its arguments do not hold it', async (t) => {
  const bin = await mkdtemp(path.join(tmpdir(), 'sstp-audit-ssh-'));
  const settings = `[ "$1" = -G ] && printf '%s\\n' 'user audit' 'hostname vpn01' && exit`;
  const script = `#!/bin/bash\n${settings}\n"$SSH_ASKPASS" "audit@vpn01's password: " > '${bin}/asked'; echo "user $SSTP_AUDIT_PASSWORD" > '${bin}/seen'; sleep 0.3; echo 'Permission denied' >&2; exit 255\n`;
  await writeFile(path.join(bin, 'ssh'), script);
  await chmod(path.join(bin, 'ssh'), 0o755);
  const source = (await SOURCES['standard input']?.()) ?? t.fail();
  const ran = await audited('ssh://audit@vpn01', { ...source, env: { PATH: `${bin}:${process.env['PATH']}` } });
  t.is(await readFile(path.join(bin, 'asked'), 'utf8'), `${SECRET}\n`);
  t.is(await readFile(path.join(bin, 'seen'), 'utf8'), 'user \n');
  nowhere(t, ran);
  await rm(bin, { recursive: true });
});
