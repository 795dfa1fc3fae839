/** Debian's WinRM client for Python, unmodified: a witness that our test server is one that others understand. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';

/** Debian's packages are invisible to another Python in the PATH. */
const PYTHON = '/usr/bin/python3';

const folder = mkdtempSync(path.join(tmpdir(), 'sstp-audit-pywinrm-'));
const at = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

/** NTLM needs MD4, which OpenSSL 3 has in its legacy provider only. */
const OPENSSL_CONF = at(
  'openssl.cnf',
  [
    'openssl_conf = init',
    '[init]',
    'providers = providers',
    '[providers]',
    'default = on',
    'legacy = on',
    '[on]',
    'activate = 1',
    '',
  ].join('\n'),
);
const ENV = { ...process.env, OPENSSL_CONF, PYTHONWARNINGS: 'ignore', LC_ALL: 'C.UTF-8' };

const PROBE = 'import winrm, requests_ntlm, hashlib; hashlib.new("md4")';
/** Why it cannot run here, or undefined. */
export const whyNoPywinrm = (): string | undefined =>
  spawnSync(PYTHON, ['-c', PROBE], { env: ENV }).status === 0
    ? undefined
    : 'not installed: python3-winrm, python3-requests-ntlm (ci/setup-debian.sh installs them)';

export type Asking = Readonly<{
  endpoint: string;
  transport: 'ntlm' | 'basic' | 'certificate';
  username?: string;
  password?: string;
  message_encryption?: 'always' | 'never' | 'auto';
  operation_timeout_sec?: number;
  read_timeout_sec?: number;
  ca?: string;
  certificate?: Readonly<{ cert: string; key: string }>;
  lines: readonly string[];
}>;

export type Output = Readonly<{ stdout: Buffer; stderr: Buffer; exitCode: number }>;

const SCRIPT = `
import base64, json, os, winrm
asking = json.loads(os.environ['ASKING'])
lines = asking.pop('lines')
protocol = winrm.protocol.Protocol(**asking)
shell = protocol.open_shell()
found = []
for line in lines:
    command = protocol.run_command(shell, line)
    out, err, code = protocol.get_command_output(shell, command)
    protocol.cleanup_command(shell, command)
    found.append([base64.b64encode(out).decode(), base64.b64encode(err).decode(), code])
protocol.close_shell(shell)
print(json.dumps(found))
`;

/** Runs the lines in one remote shell. Rejects with what Python says. */
export const pywinrm = async ({ ca, certificate, ...asking }: Asking): Promise<readonly Output[]> => {
  const settings = {
    ...asking,
    ...(ca && { ca_trust_path: at('ca.pem', ca) }),
    ...(certificate && {
      cert_pem: at('client.pem', certificate.cert),
      cert_key_pem: at('client.key', certificate.key),
    }),
  };
  const env = { ...ENV, ASKING: JSON.stringify(settings) };
  const child = spawn(PYTHON, ['-W', 'ignore', '-c', SCRIPT], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err] = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  if ((await ended) !== 0) throw new Error(err.toString().trim().split('\n').slice(-4).join('\n'));
  const found: [string, string, number][] = JSON.parse(out.toString());
  return found.map(([stdout, stderr, exitCode]) => ({
    stdout: Buffer.from(stdout, 'base64'),
    stderr: Buffer.from(stderr, 'base64'),
    exitCode,
  }));
};
