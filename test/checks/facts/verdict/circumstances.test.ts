/** What the evaluator asks, what it rests on, and how it says what it found. */
import 'reflect-metadata';
import { AuthorityInfoAccessExtension } from '@peculiar/x509';
import test from 'ava';
import type { Download } from '../../../../checks/facts/read/verdict/download.ts';
import { evaluate, type Verdict } from '../../../../checks/facts/read/verdict/evaluate.ts';
import { Unknown } from '../../../../engine/define.ts';
import { crlOf } from '../../../server/crl.ts';
import { observedAt } from '../../../server/healthy.ts';
import { authority, issuing, leaf, type Made, root } from '../../../server/pki.ts';
import { downloadFrom, HEALTHY, ISSUING_CRL, ISSUING_CRT, NOT_FOUND, ROOT_CRL, type Web } from './web.ts';

const bytes = ({ der }: Pick<Made, 'der'>): Uint8Array<ArrayBuffer> => new Uint8Array(der);
const own = await leaf({ ocsp: [] });
const junk = { der: new Uint8Array([0x30, 0]) };

type Given = Partial<Parameters<typeof evaluate>[1]> & { web?: Web; asked?: string[] };
const judge = (sent: readonly Pick<Made, 'der'>[], { web = {}, asked = [], ...given }: Given = {}): Promise<Verdict> =>
  evaluate(sent.map(bytes), {
    name: 'vpn.example.com',
    at: observedAt,
    trustedRoots: [bytes(root)],
    download: downloadFrom({ ...HEALTHY, ...web }, asked),
    ...given,
  });
const without = async (sent: readonly Pick<Made, 'der'>[]): Promise<Verdict> =>
  evaluate(sent.map(bytes), { name: 'vpn.example.com', at: observedAt, trustedRoots: [bytes(root)] });
const details = ({ problems, open }: Verdict): string => [...problems, ...open].map(({ detail }) => detail).join('\n');

test('the healthy certificate is accepted on what two CRLs say', async (t) => {
  const asked: string[] = [];
  const { outcome, code, chain, revocations } = await judge([own, issuing], { asked });
  t.is(outcome, 'accepted');
  t.is(code, undefined);
  t.deepEqual(
    chain.map(({ thumbprint }) => thumbprint),
    [own.thumbprint, issuing.thumbprint, root.thumbprint],
  );
  t.deepEqual(
    revocations.map(({ state }) => state),
    ['good', 'good'],
  );
  t.deepEqual(asked.sort(), [ISSUING_CRL, ROOT_CRL]);
});

test('the same evidence gives the same verdict', async (t) => {
  const again = () => judge([own], { web: { [ISSUING_CRL]: NOT_FOUND } });
  t.deepEqual(await again(), await again());
});

test('the time that is given decides, to the second', async (t) => {
  const at = (time: string) => judge([own, issuing], { at: new Date(time) });
  t.is((await at('2026-11-06T00:00:00Z')).outcome, 'accepted');
  t.regex(details(await at('2026-11-06T00:00:01Z')), /it expired at 2026-11-06T00:00:00\.000Z/);
  t.is((await at('2028-01-01T00:00:00Z')).code, '0x800B0101');
});

test('an intermediate authority among the roots of this machine completes no chain', async (t) => {
  const lonely = await leaf({ ocsp: [], caIssuers: [] });
  const { code, chain } = await judge([lonely], { trustedRoots: [bytes(issuing), bytes(root)] });
  t.deepEqual([code, chain.length], ['0x800B0109', 1]);
});

test('roots are looked for by the subject, each once', async (t) => {
  const looked: string[] = [];
  const subjects = new Map([
    [Buffer.from(root.certificate.subjectName.toArrayBuffer()).toString('hex').toUpperCase(), root],
  ]);
  const trustedRoots = async (subjectId: string) => {
    looked.push(subjectId);
    const found = subjects.get(subjectId);
    return found ? [bytes(found)] : [];
  };
  t.is((await judge([own, issuing, root], { trustedRoots })).outcome, 'accepted');
  t.is(new Set(looked).size, looked.length);
  subjects.clear();
  t.is((await judge([own, issuing, root], { trustedRoots })).code, '0x800B0109');
});

test('a root that cannot be read is not passed over', async (t) => {
  await t.throwsAsync(judge([own, issuing], { trustedRoots: async () => [bytes(junk)] }), {
    instanceOf: Unknown,
    message: /a trusted root cannot be read/,
  });
});

test('where nothing can be fetched, revocation is not known', async (t) => {
  const verdict = await without([own, issuing]);
  t.is(verdict.outcome, 'unknown');
  t.deepEqual(
    verdict.open.map(({ concern }) => concern),
    ['revocation', 'revocation'],
  );
  t.regex(details(verdict), /not checked: nothing was asked over the network/);
});

test('where nothing can be fetched, a missing issuer may be elsewhere', async (t) => {
  const { outcome, problems, open } = await without([own]);
  t.deepEqual([outcome, problems], ['unknown', []]);
  t.true(open.some(({ possible }) => possible === 'issuer-missing'));
});

test('a server that sends no certificate, or one that makes no sense, is not judged', async (t) => {
  await t.throwsAsync(judge([]), { instanceOf: Unknown, message: /sent no certificate/ });
  const error = await t.throwsAsync(judge([junk, issuing]), { instanceOf: Unknown });
  t.is(error.reason, 'unreadable');
});

test('what else the server sends matters only where an issuer is missing', async (t) => {
  t.is((await judge([own, junk, issuing])).outcome, 'accepted');
  await t.throwsAsync(judge([await leaf({ ocsp: [], caIssuers: [] }), junk]), {
    instanceOf: Unknown,
    message: /not all certificates that the server sent can be read/,
  });
});

test('what evidence does not hold is not guessed at', async (t) => {
  const download: Download = async (url) => {
    throw new Unknown('not-recorded', url);
  };
  const error = await t.throwsAsync(judge([own, issuing], { download }), { instanceOf: Unknown });
  t.is(error.reason, 'not-recorded');
});

test('an issuer that had to be fetched is told', async (t) => {
  const { chain, fetched } = await judge([own]);
  t.is(chain.length, 3);
  t.deepEqual(
    fetched.map(({ url, certificates, trouble }) => [url, certificates.length, trouble]),
    [[ISSUING_CRT, 1, undefined]],
  );
});

test('a missing issuer is told with what its addresses gave', async (t) => {
  t.regex(
    details(await judge([own], { web: { [ISSUING_CRT]: NOT_FOUND } })),
    /its issuer CN=Example Issuing CA, O=Example is missing: it is none of the trusted roots \(--roots names those that clients trust\), was not sent, and cannot be fetched from here \(http:\/\/crl\.example\.com\/issuing\.crt: HTTP 404\)/,
  );
  t.regex(
    details(await judge([await leaf({ ocsp: [], caIssuers: [] })])),
    /was not sent, and cannot be fetched from here$/m,
  );
});

test('no chain makes us fetch more than eight issuers', async (t) => {
  const addresses = (letter: string) => [1, 2, 3, 4].map((at) => `http://aia.example.com/${letter}${at}`);
  const above = (letter: string) => [new AuthorityInfoAccessExtension({ caIssuers: addresses(letter) })];
  const c = await authority({ name: 'C', issuer: root });
  const b = await authority({ name: 'B', key: 'other', issuer: c, pathLength: null, extensions: above('C') });
  const a = await authority({ name: 'A', issuer: b, pathLength: null, extensions: above('B') });
  const lowest = await leaf({ ocsp: [], issuer: a, caIssuers: addresses('A') });
  const asked: string[] = [];
  const web = { 'http://aia.example.com/A4': a.der, 'http://aia.example.com/B4': b.der };
  const verdict = await judge([lowest], { asked, web });
  t.is(asked.filter((url) => url.includes('aia')).length, 8);
  t.is(verdict.chain.length, 3);
  t.false(verdict.problems.some(({ kind }) => kind === 'issuer-missing'));
  t.regex(details(verdict), /aia\.example\.com\/C1: not asked/);
});

test('no certificate makes us ask more than four addresses for its CRL', async (t) => {
  const asked: string[] = [];
  const many = Array.from({ length: 50 }, (_, at) => `http://dead.example.com/${at}.crl`);
  const { open } = await judge([await leaf({ ocsp: [], crl: many }), issuing], { asked });
  t.is(asked.filter((url) => url.includes('dead')).length, 4);
  t.deepEqual(
    open.map(({ possible }) => possible),
    ['revocation-offline'],
  );
});

test('a revoked certificate is told with the day, the reason and the CRL', async (t) => {
  const web = { [ISSUING_CRL]: await crlOf(issuing, { revoked: [own] }) };
  t.regex(
    details(await judge([own, issuing], { web })),
    /http:\/\/crl\.example\.com\/issuing\.crl: it was revoked on 2026-10-29 \(keyCompromise\)/,
  );
});

test('each source that failed is told with its trouble', async (t) => {
  const web = { [ISSUING_CRL]: await crlOf(root), 'http://dead.example.com/': NOT_FOUND };
  const certificate = await leaf({ ocsp: [], crl: ['http://dead.example.com/', ISSUING_CRL] });
  t.regex(
    details(await judge([certificate, issuing], { web })),
    /cannot be checked \(http:\/\/dead\.example\.com\/: HTTP 404; http:\S+issuing\.crl: it is a CRL of CN=Example Root CA, O=Example\)/,
  );
});

test('the confidence is that of the condition, less where another code may come first', async (t) => {
  const confidence = async (options: Parameters<typeof leaf>[0], name = 'vpn.example.com') =>
    (await judge([await leaf({ ocsp: [], ...options }), issuing], { name })).confidence;
  t.is(await confidence({ notAfter: '2026-10-01T00:00:00Z' }), 'high');
  t.is(await confidence({ crl: [] }, 'vpn2.example.com'), 'medium');
  t.is(await confidence({ crl: [] }), 'medium');
  t.is(await confidence({}), undefined);
});

test('where the key that signed was looked for in vain is told', async (t) => {
  const anew = await authority({ key: 'other', issuer: root });
  t.regex(
    details(await judge([own, anew], { web: { [ISSUING_CRT]: anew.der } })),
    /no certificate of CN=Example Issuing CA, O=Example has the key that signed it \(.*issuing\.crt: it has another key\)/,
  );
});
