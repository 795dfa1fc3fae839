/** A domain of our own: Debian's Kerberos on loopback, with one user and one server. Nothing outside its folder is touched. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import type { Accept } from './schemes.ts';

const REALM = 'VPN.TEST';
const PYTHON = '/usr/bin/python3';
const SBIN = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/bin` };

const runs = (file: string, ...args: string[]): boolean => spawnSync(file, args, { env: SBIN }).status === 0;

/** Why it cannot run here, or undefined. */
export const whyNoKerberos = (): string | undefined => {
  const missing = [
    ...(runs('which', 'krb5kdc', 'kdb5_util') ? [] : ['krb5-kdc']),
    ...(runs('which', 'kadmin.local') ? [] : ['krb5-admin-server']),
    ...(runs('which', 'kinit') ? [] : ['krb5-user']),
    ...(runs(PYTHON, '-c', 'import gssapi') ? [] : ['python3-gssapi']),
    ...(spawnSync('curl', ['--version']).stdout?.includes('SPNEGO') ? [] : ['curl']),
  ];
  return missing.length > 0 ? `not installed: ${missing.join(', ')} (ci/setup-debian.sh installs them)` : undefined;
};

export type Domain = Readonly<{
  /** For programs of users who signed in to the domain. */
  env: NodeJS.ProcessEnv;
  /** The same, with tickets that end after so many seconds. */
  signedInFor(seconds: number): Promise<NodeJS.ProcessEnv>;
  /** The same without any ticket. */
  withoutTickets: NodeJS.ProcessEnv;
  /** The server's half: who a token is from. */
  accept: Accept;
  stop(): Promise<void>;
}>;

/** Reads tokens line by line, and says who they are from. */
const ACCEPTOR = `
import base64, gssapi, json, sys
credentials = gssapi.Credentials(usage='accept')
for line in sys.stdin:
    try:
        context = gssapi.SecurityContext(creds=credentials, usage='accept')
        answer = context.step(base64.b64decode(line)) or b''
        said = {'user': str(context.initiator_name), 'token': base64.b64encode(answer).decode()}
    except Exception as error:
        said = {'error': str(error)}
    print(json.dumps(said), flush=True)
`;

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .on('connect', () => resolve(true))
      .on('connect', () => socket.destroy())
      .on('error', () => resolve(false));
  });

/** Runs a program with this input; throws with what it says when it fails. */
const run = (env: NodeJS.ProcessEnv, input: string, file: string, ...args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = execFile(file, args, { env }, (error, stdout, stderr) =>
      error ? reject(new Error(`${file}: ${stdout}${stderr}`)) : resolve(),
    );
    // What a program does not read before it ends is lost, and how it ended says enough.
    child.stdin?.on('error', () => {}).end(input);
  });

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once('exit', resolve))
    : Promise.resolve();

const configure = async (folder: string, port: number): Promise<void> => {
  const kdc = `127.0.0.1:${port}`;
  const client = [
    '[libdefaults]',
    `default_realm = ${REALM}`,
    'dns_lookup_kdc = false',
    'dns_lookup_realm = false',
    'dns_canonicalize_hostname = false',
    'rdns = false',
    '[realms]',
    `${REALM} = {`,
    `kdc = ${kdc}`,
    '}',
    '[domain_realm]',
    `localhost = ${REALM}`,
    '.other.test = OTHER.TEST',
  ];
  const server = [
    '[kdcdefaults]',
    `kdc_listen = ${kdc}`,
    `kdc_tcp_listen = ${kdc}`,
    '[realms]',
    `${REALM} = {`,
    `database_name = ${folder}/db`,
    `key_stash_file = ${folder}/stash`,
    `acl_file = ${folder}/acl`,
    'supported_enctypes = aes256-cts:normal',
    '}',
  ];
  await writeFile(path.join(folder, 'krb5.conf'), `${client.join('\n')}\n`);
  await writeFile(path.join(folder, 'kdc.conf'), `${server.join('\n')}\n`);
};

export const startDomain = async (): Promise<Domain> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-kdc-'));
  const port = await freePort();
  await configure(folder, port);
  const env = {
    ...SBIN,
    KRB5_CONFIG: path.join(folder, 'krb5.conf'),
    KRB5_KDC_PROFILE: path.join(folder, 'kdc.conf'),
    KRB5CCNAME: `FILE:${folder}/tickets`,
  };
  const password = randomBytes(12).toString('hex');
  await run(env, '', 'kdb5_util', 'create', '-s', '-P', randomBytes(12).toString('hex'), '-r', REALM);
  const requests = [
    `addprinc -pw ${password} audit`,
    'addprinc -randkey HTTP/localhost',
    `ktadd -k ${folder}/keytab HTTP/localhost`,
  ];
  await run(env, `${requests.join('\n')}\n`, 'kadmin.local');
  const kdc = spawn('krb5kdc', ['-n'], { env, stdio: 'ignore' });
  const acceptor = spawn(PYTHON, ['-c', ACCEPTOR], {
    env: { ...env, KRB5_KTNAME: path.join(folder, 'keytab'), KRB5RCACHENAME: 'none:' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const killed = (): void => {
    kdc.kill();
    acceptor.kill();
  };
  process.once('exit', killed);
  while (!(await answers(port))) {
    if (kdc.exitCode !== null) throw new Error(`krb5kdc ended with ${kdc.exitCode}`);
    await setTimeout(20);
  }
  await run(env, `${password}\n`, 'kinit', `audit@${REALM}`);
  const lines = createInterface(acceptor.stdout)[Symbol.asyncIterator]();
  const accept: Accept = async (token) => {
    acceptor.stdin.write(`${token}\n`);
    const said = JSON.parse((await lines.next()).value ?? '{}') as { user?: string; token?: string };
    return said.user === undefined ? undefined : { user: said.user, token: said.token ?? '' };
  };
  return {
    env,
    withoutTickets: { ...env, KRB5CCNAME: `FILE:${folder}/none` },
    signedInFor: async (seconds) => {
      const short = { ...env, KRB5CCNAME: `FILE:${folder}/short` };
      await run(short, `${password}\n`, 'kinit', '-l', `${seconds}s`, `audit@${REALM}`);
      return short;
    },
    accept,
    stop: async () => {
      killed();
      process.off('exit', killed);
      await Promise.all([ended(kdc), ended(acceptor)]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
