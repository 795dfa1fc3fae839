/** `probe` as an operator meets it, against servers on loopback. */
import test from 'ava';
import { ask, run } from './command.ts';
import type { Mode } from './network/modes.ts';
import { type SiteOptions, startSite } from './network/site.ts';

type Case = Readonly<{ site?: SiteOptions; args?: readonly string[]; code: number; says: readonly RegExp[] }>;

const probing = test.macro(async (t, { site: given = {}, args = [], code, says }: Case) => {
  const site = await startSite(given);
  const { code: ended, stdout, stderr } = await ask('probe', site.at, ...site.options, ...args);
  await site.close();
  t.is(ended, code, stdout + stderr);
  for (const saying of says) t.regex(stdout, saying);
});

test('a server that accepts SSTP: every stage, its certificate, and what a client would see', probing, {
  code: 0,
  says: [
    /^ {2}PASS {5}TCP .*ms\)$/m,
    /^ {2}PASS {5}TLS +TLS 1\.3, TLS_AES_256_GCM_SHA384/m,
    /^ {2}PASS {5}HTTP +200, Microsoft-HTTPAPI\/2\.0/m,
    /^ {2}PASS {5}SSTP +the call is acknowledged; hashes: SHA-1, SHA-256/m,
    /certificate +CN=vpn\.example\.com/,
    /issued by +CN=Example Issuing CA, O=Example < CN=Example Root CA/,
    /^ {2}PASS {5}trust/m,
    /^ {2}PASS {5}dialled name/m,
    /^ {2}PASS {5}revocation +http:\/\/127\.0\.0\.1/m,
    /A Windows client would get as far as the sign-in\.\n {2}This was met at no public address/,
  ],
});

test('the dot of the DNS root is no part of the name that a certificate holds', probing, {
  args: ['--sni', 'vpn.example.com.'],
  code: 0,
  says: [/^ {2}PASS {5}dialled name/m],
});

test('the same in Japanese', probing, {
  args: ['--lang', 'ja'],
  code: 0,
  says: [/合格 +信頼/, /合格 +失効確認 +http/, /Windows クライアントはサインインまで進みます。/],
});

test('a server without current TLS: not every client gets that far', probing, {
  site: { mode: 'tls-1.0-only' },
  code: 0,
  says: [/PASS {5}TLS +TLS 1\.0/, /which newer Windows clients give up/],
});

const ONLY_NEW = /TLS 1\.3 only\. Windows clients before Windows 11 and\s+Server 2022 do not have it/;

test('a server that agrees on TLS 1.3: that says nothing of clients without it, until they are asked for', async (t) => {
  const [both, only] = await Promise.all([startSite(), startSite({ mode: 'tls-1.3-only' })]);
  const pictures = await Promise.all(
    [both, only].flatMap(({ at, options }) => [
      run('probe', at, ...options),
      run('probe', at, ...options, '--versions'),
    ]),
  );
  await Promise.all([both.close(), only.close()]);
  t.deepEqual(
    pictures.map(({ code }) => code),
    [0, 0, 0, 0],
  );
  t.deepEqual(
    pictures.map(({ stdout }) => [
      /whether\s+it takes TLS 1\.2, too, tells --versions/.test(stdout),
      ONLY_NEW.test(stdout),
    ]),
    [
      [true, false],
      [false, false],
      [true, false],
      [false, true],
    ],
  );
});

test('a server that sends no issuer: where clients have to fetch it', probing, {
  site: { sendsNoIssuer: true },
  code: 0,
  says: [/PASS {5}trust +CN=Example Issuing CA, O=Example is not sent by the server, but fetched\s+\| from http:/],
});

/** What a client would show, by how the server fails. */
const SHOWN: Readonly<Partial<Record<Mode, RegExp>>> = {
  'tls-reset': /would show 0x80070040, or 0x80072746 \(confidence: medium/,
  'tls-close': /would show 0x80070040/,
  'tls-silent': /TLS .*0 bytes came \([2-9]\.\d s\)[\s\S]*would show 809 \(confidence: low/,
  'tls-plain-http': /would show 0x80090326, or 0x80090308 \(confidence: low/,
  'tls-alert-40': /would show 0x80090326, or 0x80090331 \(confidence: medium/,
  'http-401': /would show 0x800704C9 \(confidence: high; RasSstp logs event 4/,
  'http-503': /would show 0x800704C9 \(confidence: medium; RasSstp logs event 4/,
  'http-404': /would show 0x800704C9[\s\S]*another program answers there/,
  'http-1.0': /is not known \(confidence: medium; RasSstp logs event 3/,
  'http-silent': /is not known \(confidence: low; RasSstp logs event 2/,
  'sstp-nak': /FAIL {5}SSTP[\s\S]*CALL_CONNECT_NAK, status VALUE_NOT_SUPPORTED/,
};
for (const [mode, says] of Object.entries(SHOWN) as [Mode, RegExp][])
  test(`${mode}: what a client would show`, probing, {
    site: { mode },
    // Silence is waited for; nothing else may be cut short on a busy machine.
    ...(mode.endsWith('silent') && { args: ['--stage-timeout', '2'] }),
    code: 1,
    says: [says],
  });

for (const [name, site, says] of [
  ['a certificate that has expired', { daysLeft: -1 }, /would show 0x800B0101 \(confidence: high/],
  ['another name', { names: ['other.example.com'] }, /would show 0x800B010F \(confidence: high/],
  ['a list that cannot be had', { lists: 'missing' }, /would show 0x80092013 \(confidence: high/],
  ['a list that has ended', { lists: 'ended' }, /would show 0x80092013/],
  ['a revoked certificate', { lists: 'revoking' }, /would show 0x80092010 \(confidence: high/],
  [
    'a certificate that is too large, and has expired',
    { names: Array.from({ length: 2_000 }, (_, at) => `vpn${at}.example.com`), daysLeft: -1 },
    /would show 0x80090326 \(confidence: medium/,
  ],
] as const satisfies readonly (readonly [string, SiteOptions, RegExp])[])
  test(`${name}: what a client would show`, probing, { site, code: 1, says: [says] });

test('a closed port, and what is wrong with it', async (t) => {
  const site = await startSite();
  await site.server.close();
  const { code, stdout } = await ask('probe', site.at, ...site.options);
  await site.close().catch(() => {});
  t.is(code, 1);
  t.regex(stdout, /FAIL {5}TCP +the connection is refused: ECONNREFUSED/);
  t.regex(stdout, /A Windows client would show 809 \(confidence: high/);
  t.regex(stdout, /sstp-audit diagnose 809 looks for the cause/);
});

test('without the private root a client would not trust it', async (t) => {
  const site = await startSite();
  const { code, stdout } = await ask('probe', site.at, '--sni', 'vpn.example.com', '--allow-private');
  await site.close();
  t.is(code, 1);
  t.regex(stdout, /would show 0x800B0109, or 0x800B010A \(confidence: medium/);
  t.regex(stdout, /or it is a private root, which is given with\s+--roots/);
});

test('a list at an address that may not be asked is unknown, and no failure', async (t) => {
  const site = await startSite();
  const { code, stdout } = await ask('probe', site.at, '--sni', 'vpn.example.com', '--roots', site.roots);
  await site.close();
  t.is(code, 3, stdout);
  t.regex(stdout, /UNKNOWN {2}revocation/);
  t.regex(stdout, /Nothing is known that would stop a Windows client, but not everything could be looked at\./);
});

test('many servers at once come out in the order of the command line, as JSON too', async (t) => {
  const [good, bad] = await Promise.all([startSite(), startSite({ mode: 'http-503' })]);
  const { code, stdout } = await run('probe', bad.at, good.at, ...good.options, '--json', '--versions');
  await Promise.all([good.close(), bad.close()]);
  t.is(code, 1);
  const { format, targets } = JSON.parse(stdout);
  t.is(format, 'sstp-audit/probe/1');
  t.deepEqual(
    targets.map(({ target }: { target: string }) => target),
    [bad.at, good.at],
  );
  t.like(targets[0].shown[0], { code: '0x800704C9', confidence: 'medium', event: 4 });
  t.deepEqual(targets[1].shown, []);
  t.is(targets[1].connections[0].steps.length, 4);
  t.true(
    targets[1].versions[0].versions.some(
      ({ version, suites }: { version: string; suites: string[] }) => version === 'TLS 1.2' && suites.length > 0,
    ),
  );
});

test('one call is made, and it is ended', async (t) => {
  const site = await startSite();
  await run('probe', site.at, ...site.options);
  t.deepEqual([site.server.saw.connections, site.server.aborts()], [1, 1]);
  await site.close();
});

for (const [name, args, says] of [
  ['no host', ['probe'], /missing required argument/],
  ['a host that is none', ['probe', 'vpn example'], /vpn example is no name or address to dial/],
  [
    'a port that is none',
    ['probe', 'vpn.example.com:99999'],
    /is no name or address to dial\n.*a port is a number from 1 to 65535/,
  ],
  ['the port 0', ['probe', '[2001:db8::7]:0'], /is no name or address to dial\n.*a port is a number/],
  ['an address with a zone', ['probe', 'fe80::1%eth0'], /is no name or address to dial\n.*without its zone/],
  ['two hosts in one', ['probe', 'a.example,b.example'], /a\.example,b\.example is no name or address to dial/],
  ['the name of a wildcard', ['probe', '*.example.com'], /\*\.example\.com is no name or address to dial/],
  ['a host twice', ['probe', 'a.example', 'A.example:443'], /a\.example is named twice/],
  [
    'roots that are not there',
    ['probe', '--roots', '/nonexistent.pem', 'a.example'],
    /\/nonexistent\.pem cannot be read/,
  ],
  ['a proxy with a password', ['probe', 'a.example', '--proxy', 'u:p@proxy:8080'], /is no proxy/],
  ['a proxy without a port', ['probe', 'a.example', '--proxy', '::1'], /--proxy ::1 is no proxy/],
  [
    'a proxy with a port that is none',
    ['probe', 'a.example', '--proxy', 'proxy:65536'],
    /--proxy proxy:65536 is no proxy/,
  ],
  ['a proxy whose name ends early', ['probe', 'a.example', '--proxy', 'proxy?b:8080'], /is no proxy/],
  [
    'a deadline beyond that of Windows',
    ['probe', 'a.example', '--stage-timeout', '90'],
    /--stage-timeout 90 is too long/,
  ],
] as const)
  test(`${name} is a mistake`, async (t) => {
    const { code, stdout, stderr } = await ask(...args);
    t.is(code, 2, stdout);
    t.regex(stderr, says);
    t.is(stdout, '');
  });
