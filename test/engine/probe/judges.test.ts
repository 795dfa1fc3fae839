/** Other people's programs as judges: of the server that our tests pretend, and of the packets that the probe sends. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { endpointOf, probing } from '../../network/asking.ts';
import { captured, decoded } from '../../network/capture.ts';
import type { Mode } from '../../network/modes.ts';
import { pem, startRras } from '../../network/rras.ts';
import { SOFTETHER, startSoftEther } from '../../network/softether.ts';
import { issuing, leaf, root } from '../../server/pki.ts';
import { live } from '../../windows/live.ts';

const run = promisify(execFile);
const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-judges-'));

const localhost = await leaf({
  names: ['localhost'],
  notBefore: '2020-06-01T00:00:00Z',
  notAfter: '2039-12-31T00:00:00Z',
});
const chain = [localhost, issuing];
const trusted = path.join(folder, 'root.pem');
await writeFile(trusted, pem(root.der));
// Key logs and captures are secrets of the test.
test.after.always(() => rm(folder, { recursive: true }));

const works = (line: string): boolean => spawnSync('sh', ['-c', line]).status === 0;

/** A test that needs a program of Debian, and the right to do something. */
const judging = (program: string, right: string, body: (t: ExecutionContext) => Promise<void>) => {
  const missing = works(`command -v ${program}`) ? undefined : `${program} is not installed: ci/setup-debian.sh`;
  const reason = missing ?? (works(right) ? undefined : `${program} needs root (${right})`);
  return live(body, { reason, mustRun: process.env['CI'] === 'true' });
};

/** What sstpc 1.0.18 says when it stumbles over itself after TLS, before it has said anything to the server. */
const STUMBLED = /The event loop terminated unsuccessfully/;
const MOST_TRIES = 30;

/** sstpc writes to a terminal only, which script gives it; what is asked of a person is answered with nothing. */
const sstpcOnce = async (port: number): Promise<string> => {
  const options = `--nolaunchpppd --log-stderr --log-level 4 --ca-cert ${trusted} --user nobody --password none`;
  // After a refusal it waits for a server that hangs up, and ours need not.
  const running = run('script', ['-qec', `sstpc ${options} localhost:${port}`, '/dev/null'], { timeout: 6_000 });
  running.child.stdin?.end();
  return (await running.catch((error: { stdout: string }) => error)).stdout;
};

const sstpc = async (port: number): Promise<string> => {
  let said = await sstpcOnce(port);
  for (let tries = 1; tries < MOST_TRIES && STUMBLED.test(said); tries++) said = await sstpcOnce(port);
  return said;
};
/** With TLS 1.3 it stumbles every other time. */
const tls = { maxVersion: 'TLSv1.2' } as const;

test.serial(
  'sstpc, a client for Linux, takes the pretended server for a real one',
  judging('sstpc', 'true', async (t) => {
    const server = await startRras({ chain, tls });
    t.teardown(server.close);
    const said = await sstpc(server.port);
    t.regex(said, /TYPE\(2\): CONNECT ACK/);
    t.regex(said, /CRYPTO BIND REQ\(4\): 40/);
    t.notRegex(said, /error|fail/i);
  }),
);

for (const [mode, word] of [
  ['http-404', /Expected HTTP code 200/],
  ['http-503', /Expected HTTP code 200/],
  ['sstp-nak', /TYPE\(3\): CONNECT NAK/],
  ['sstp-abort', /TYPE\(5\): ABORT/],
] as const satisfies readonly (readonly [Mode, RegExp])[])
  test.serial(
    `sstpc understands a server that is ${mode}, too`,
    judging('sstpc', 'true', async (t) => {
      const server = await startRras({ mode, chain, tls });
      t.teardown(server.close);
      t.regex(await sstpc(server.port), word);
    }),
  );

const nmap = async (port: number): Promise<string> =>
  (await run('nmap', ['-Pn', '-n', '-p', String(port), '--script', '+sstp-discover,+ssl-cert', '127.0.0.1'])).stdout;

test.serial(
  'nmap finds SSTP on the pretended server, and the certificate that it was given',
  judging('nmap', 'true', async (t) => {
    const server = await startRras({ chain });
    t.teardown(server.close);
    const said = await nmap(server.port);
    t.regex(said, /sstp-discover: SSTP is supported\./);
    const thumbprint = /SHA-1: ([0-9a-f ]+)/.exec(said)?.[1]?.replaceAll(' ', '').toUpperCase();
    t.is(thumbprint, localhost.thumbprint);
  }),
);

test.serial(
  'nmap finds no SSTP where the server refuses it',
  judging('nmap', 'true', async (t) => {
    const server = await startRras({ mode: 'http-404', chain });
    t.teardown(server.close);
    t.notRegex(await nmap(server.port), /SSTP is supported/);
  }),
);

for (const mode of ['tls-1.2-only', 'healthy'] as const)
  test.serial(
    `tshark reads every packet of the probe, to a server that is ${mode}`,
    judging('tshark', 'dumpcap -L -i lo', async (t) => {
      const server = await startRras({ mode, chain });
      t.teardown(server.close);
      const [file, keys] = [path.join(folder, `${mode}.pcapng`), path.join(folder, `${mode}.keys`)];
      const probe = path.join(import.meta.dirname, '../../network/handshake.ts');
      await captured(server.port, file, async () => {
        await run(process.execPath, [`--tls-keylog=${keys}`, probe, String(server.port), 'localhost']);
      });
      const seen = { port: server.port, keys };
      const messages = await decoded(file, {
        ...seen,
        filter: 'sstp',
        fields: ['tcp.dstport', 'sstp.messagetype', 'sstp.length', 'sstp.encapsulatedprotocol', 'sstp.status'],
      });
      const ours = messages.filter((line) => line.startsWith(`${server.port},`));
      t.deepEqual(ours, [`${server.port},0x0001,14,0x0001,`, `${server.port},0x0005,20,,0x00000000`]);
      t.is(messages.length, 3, 'and the Call Connect Ack between them');
      const names = await decoded(file, {
        ...seen,
        filter: 'tls.handshake.type == 1',
        fields: ['tls.handshake.extensions_server_name'],
      });
      t.deepEqual(names, ['localhost']);
      const broken = await decoded(file, {
        ...seen,
        filter: '_ws.malformed || _ws.expert.severity == 0x00800000 || tcp.flags.reset == 1',
        fields: ['frame.number', '_ws.expert.message'],
      });
      t.deepEqual(broken, [], 'nothing is malformed, and nobody resets the connection');
    }),
  );

test.serial(
  "Debian's SoftEther answers HTTPS and hangs in SSTP, and the probe says just that",
  judging(SOFTETHER, 'unshare --mount true', async (t) => {
    const softEther = await startSoftEther(folder, localhost);
    t.teardown(softEther.stop);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = {
        host: '127.0.0.1',
        port: softEther.port,
        servername: 'localhost',
        ca: [root, issuing].map(({ der }) => pem(der)),
      };
      https.get(request, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    });
    t.is(status, 403, 'it is a web server to everyone else');
    const endpoint = endpointOf(softEther, { serverName: 'localhost' });
    const { steps, tls, http } = await probing(endpoint, { stageMs: 2_000 }).handshake('127.0.0.1', 'sstp');
    t.deepEqual(
      steps.map(({ stage, trouble }) => [stage, trouble?.kind]),
      [
        ['tcp', undefined],
        ['tls', undefined],
        ['http', 'timed-out'],
      ],
    );
    t.deepEqual([tls?.certificates.length, http], [1, undefined]);
    const offers = await probing(endpoint, { stageMs: 2_000 }).versions('127.0.0.1');
    t.true((offers.find(({ version }) => version === 'TLS 1.2')?.suites.length ?? 0) > 3);
  }),
);
