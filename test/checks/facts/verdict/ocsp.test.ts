import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PemConverter } from '@peculiar/x509';
import test from 'ava';
import fc from 'fast-check';
import { readCertificate } from '../../../../checks/facts/read/certificate.ts';
import { ocspRequest } from '../../../../checks/facts/read/verdict/ocsp.ts';
import { askOcsp } from '../../../../checks/facts/read/verdict/ocsp-answer.ts';
import { observedAt } from '../../../server/healthy.ts';
import { ocspOf } from '../../../server/ocsp.ts';
import { issuing, leaf, privateKeyOf } from '../../../server/pki.ts';

const URL = 'http://ocsp.example.com/';
const run = promisify(execFile);
const own = await leaf();
const [certificate, issuer] = await Promise.all([readCertificate(own.der), readCertificate(issuing.der)]);

const whyNot = await run('openssl', ['version']).then(
  () => undefined,
  () => 'openssl is not installed',
);

const ask = (body: Uint8Array, at = observedAt) =>
  askOcsp(URL, { certificate, issuer, at, download: async (url) => ({ url, body: new Uint8Array(body) }) });

test('the same question has the same bytes', async (t) => {
  t.deepEqual(await ocspRequest(certificate, issuer), await ocspRequest(certificate, issuer));
});

test('no byte of an answer can be changed to hide a revocation', async (t) => {
  const answer = await ocspOf(issuing, own, { says: 'revoked' });
  const flip = fc.record({ place: fc.nat(answer.length - 1), mask: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(flip, async ({ place, mask }) => {
      const changed = answer.map((byte, index) => (index === place ? byte ^ mask : byte));
      t.not((await ask(changed)).kind, 'good', `byte ${place} ^ ${mask}`);
    }),
    { numRuns: 300 },
  );
  t.is((await ask(answer)).kind, 'revoked');
});

test('no cut answer says that a certificate is good', async (t) => {
  const answer = await ocspOf(issuing, own);
  for (let length = 0; length < answer.length; length += 9)
    t.is((await ask(answer.subarray(0, length))).kind, 'failed');
  t.is((await ask(answer)).kind, 'good');
});

/** The responder of OpenSSL, on files: what it knows of our certificate is a line of its index. */
const respond = async (folder: string, status: 'V' | 'R'): Promise<Uint8Array> => {
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const serial = own.certificate.serialNumber.toUpperCase();
  const dates = status === 'R' ? '271103000000Z\t261029000000Z' : '271103000000Z\t';
  const pem = (bytes: Uint8Array, label: string) => PemConverter.encode(new Uint8Array(bytes).buffer, label);
  const ca = await file('ca.pem', pem(issuing.der, 'CERTIFICATE'));
  const answer = path.join(folder, 'answer');
  await run('openssl', [
    ...['ocsp', '-index', await file('index.txt', `${status}\t${dates}\t${serial}\tunknown\t/CN=vpn\n`), '-CA', ca],
    ...['-rsigner', ca, '-rkey', await file('key.pem', pem(privateKeyOf('issuing'), 'PRIVATE KEY')), '-ndays', '1'],
    ...['-reqin', await file('request', await ocspRequest(certificate, issuer)), '-respout', answer],
  ]);
  return readFile(answer);
};

for (const [status, kind] of [
  ['V', 'good'],
  ['R', 'revoked'],
] as const)
  test(`OpenSSL as the responder understands our question, and we its answer: ${kind}`, async (t) => {
    if (whyNot !== undefined) {
      t.log(`NOT TESTED: ${whyNot}`);
      t.not(process.env['CI'], 'true', whyNot);
      return;
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'ocsp-'));
    try {
      t.is((await ask(await respond(folder, status), new Date())).kind, kind);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
