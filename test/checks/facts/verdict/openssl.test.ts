/** A second opinion: `openssl verify -crl_check_all`, wherever it is documented to decide as Windows does. */
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PemConverter } from '@peculiar/x509';
import test, { type ExecutionContext } from 'ava';
import type { Kind } from '../../../../checks/facts/read/verdict/conditions.ts';
import { parseCrl } from '../../../../checks/facts/read/verdict/crl.ts';
import type { Verdict } from '../../../../checks/facts/read/verdict/evaluate.ts';
import { crlOf } from '../../../server/crl.ts';
import { observedAt } from '../../../server/healthy.ts';
import type { Authority } from '../../../server/pki.ts';
import { type Variant, verdictOn } from './variant.ts';
import { variants } from './variants.ts';

const run = promisify(execFile);
const whyNot = await run('openssl', ['version']).then(
  ({ stdout }) => (/^OpenSSL 3\./.test(stdout) ? undefined : `this is ${stdout}, not OpenSSL 3`),
  () => 'openssl is not installed',
);

/** What the numbers of X509_V_ERR stand for. Source: x509_vfy.h of OpenSSL 3. */
const MEANS: Readonly<Record<number, readonly Kind[]>> = {
  3: ['revocation-offline', 'no-revocation-source'],
  7: ['not-signed'],
  8: ['revocation-offline'],
  9: ['not-yet-valid'],
  10: ['expired'],
  11: ['revocation-offline'],
  12: ['revocation-offline'],
  18: ['untrusted-root'],
  19: ['untrusted-root'],
  20: ['issuer-missing', 'other-key'],
  23: ['revoked'],
  24: ['not-an-authority'],
  25: ['below-path-length'],
  // An issuer must be fit for the purpose of issuing.
  26: ['wrong-purpose', 'not-an-authority', 'may-not-sign'],
  32: ['may-not-sign'],
  34: ['unknown-critical'],
  44: ['revocation-offline'],
  47: ['outside-name-constraints'],
  48: ['outside-name-constraints'],
  62: ['other-name'],
  64: ['other-name'],
  79: ['not-an-authority', 'may-not-sign'],
};

const pem = (der: Uint8Array, label: string): string => PemConverter.encode(new Uint8Array(der).buffer, label);

/** The CRLs that the addresses in a chain give. OpenSSL wants one for the root, too. */
const crlsFor = async ({ chain }: Verdict, { web, roots, sent }: Variant): Promise<readonly string[]> => {
  const bodies = chain.flatMap(({ crlUrls }) => crlUrls.slice(0, 4)).flatMap((url) => web[url] ?? []);
  const read = bodies.flatMap((body) => {
    try {
      return body instanceof Uint8Array
        ? [pem(new Uint8Array(parseCrl(new Uint8Array(body)).rawData), 'X509 CRL')]
        : [];
    } catch {
      return [];
    }
  });
  const tops = [
    ...roots,
    ...sent.filter((it): it is Authority => 'key' in it && it.certificate.subject === it.certificate.issuer),
  ];
  const named = await Promise.all(tops.map(async (root) => pem(await crlOf(root), 'X509 CRL')));
  return [...read, ...named];
};

const asked = async (folder: string, variant: Variant, verdict: Verdict): Promise<readonly number[]> => {
  const file = async (name: string, parts: readonly string[]): Promise<string> => {
    const place = path.join(folder, name);
    await writeFile(place, parts.join('\n'));
    return place;
  };
  const certificates = (list: readonly { der: Uint8Array }[]) => list.map(({ der }) => pem(der, 'CERTIFICATE'));
  const [own, ...sent] = variant.sent;
  const others = [...sent, ...verdict.fetched.flatMap((it) => it.certificates)];
  const options = [
    ...[
      '-no-CApath',
      '-no-CAstore',
      '-auth_level',
      '0',
      '-attime',
      String(observedAt.getTime() / 1000),
      '-purpose',
      'sslserver',
    ],
    ...['-CAfile', await file('roots.pem', certificates(variant.roots)), '-crl_check_all'],
    ...['-CRLfile', await file('crls.pem', await crlsFor(verdict, variant))],
    ...(others.length > 0 ? ['-untrusted', await file('others.pem', certificates(others))] : []),
    ...[isIP(variant.dialled) ? '-verify_ip' : '-verify_hostname', variant.dialled],
  ];
  const leaf = await file('leaf.pem', certificates(own ? [own] : []));
  const { stdout, stderr } = await run('openssl', ['verify', ...options, leaf]).catch((error: typeof FAILED) => error);
  const numbers = [...`${stdout}${stderr}`.matchAll(/^error (\d+) at/gm)].map(([, number]) => Number(number));
  if (numbers.length === 0 && !/: OK$/m.test(stdout)) throw new Error(stderr);
  return numbers;
};
const FAILED = { stdout: '', stderr: '' };

const body = async (t: ExecutionContext, variant: Variant): Promise<void> => {
  if (whyNot !== undefined) {
    t.log(`NOT TESTED: ${whyNot}`);
    t.not(process.env['CI'], 'true', whyNot);
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'openssl-'));
  try {
    const verdict = await verdictOn(variant);
    const numbers = await asked(folder, variant, verdict);
    t.is(numbers.length > 0 ? 'refused' : 'accepted', verdict.outcome, `OpenSSL says ${numbers.join(', ') || 'OK'}`);
    const kinds = verdict.problems.map(({ kind }) => kind);
    for (const number of numbers)
      t.true(
        MEANS[number]?.some((kind) => kinds.includes(kind)),
        `OpenSSL says ${number}, we say ${kinds.join(', ')}`,
      );
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Where our answer is that nobody can say, there is nothing to agree on. */
const isComparable = ({ apart, problems, open }: Variant): boolean =>
  !apart && (problems.length > 0 || open.length === 0);

for (const variant of variants.filter(isComparable)) test(`OpenSSL agrees on ${variant.name}`, body, variant);

test('every reason why OpenSSL is not compared is told in the README', async (t) => {
  const readme = (await readFile(new URL('README.md', import.meta.url), 'utf8')).replace(/\s+/g, ' ');
  for (const { name, apart } of variants) if (apart) t.true(readme.includes(apart), `${name}: ${apart}`);
  t.true(variants.filter(isComparable).length >= 54);
});
