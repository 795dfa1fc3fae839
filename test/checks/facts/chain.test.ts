import test from 'ava';
import { type Certificate, readCertificate } from '../../../checks/facts/read/certificate.ts';
import { buildChain } from '../../../checks/facts/read/chain.ts';
import { Unknown } from '../../../engine/define.ts';
import { observedAt as at } from '../../server/healthy.ts';
import { authority, issuing, leaf, root, vpn } from '../../server/pki.ts';

const read = async ({ der }: { der: Uint8Array }): Promise<Certificate> => readCertificate(der);
const trusted = await read(root);
const issuer = await read(issuing);
const server = await read(vpn);
const weak = await read(await leaf({ hash: 'SHA-1' }));
const viaP256 = await read(await leaf({ key: 'p256' }));

const issuers = (others: readonly Certificate[]) => ({ roots: [trusted], others, distrusted: new Set<string>(), at });
const kinds = async (others: readonly Certificate[]) =>
  (await buildChain(server, issuers(others))).flaws.map(({ kind }) => kind);

test('a chain goes from the certificate to its root', async (t) => {
  const { certificates, flaws } = await buildChain(server, issuers([issuer]));
  t.deepEqual(
    certificates.map(({ thumbprint }) => thumbprint),
    [vpn.thumbprint, issuing.thumbprint, root.thumbprint],
  );
  t.deepEqual(flaws, []);
});

test('an issuer that is no authority, or may not sign, does not fit', async (t) => {
  t.deepEqual(await kinds([{ ...issuer, isAuthority: false }]), ['not-an-authority']);
  t.deepEqual(await kinds([{ ...issuer, maySignCertificates: false }]), ['may-not-sign']);
  t.deepEqual(await kinds([{ ...issuer, purposes: [] }]), ['wrong-purpose']);
});

test('the dates of an issuer count to the second, at both ends', async (t) => {
  t.deepEqual(await kinds([{ ...issuer, notAfter: at, notBefore: at }]), []);
  t.deepEqual(await kinds([{ ...issuer, notAfter: new Date(at.getTime() - 1000) }]), ['expired']);
  t.deepEqual(await kinds([{ ...issuer, notBefore: new Date(at.getTime() + 1000) }]), ['not-yet-valid']);
});

test('what only the server certificate is asked is not judged', async (t) => {
  const old = { ...server, notAfter: new Date(0), purposes: [] };
  t.deepEqual((await buildChain(old, issuers([issuer]))).flaws, []);
});

test('a signature of another time and kind verifies, too', async (t) => {
  for (const certificate of [weak, viaP256]) t.deepEqual((await buildChain(certificate, issuers([issuer]))).flaws, []);
});

test('a signature that was tampered with does not verify', async (t) => {
  const bytes = new Uint8Array(vpn.der);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const { flaws } = await buildChain(await readCertificate(bytes), issuers([issuer]));
  t.deepEqual(
    flaws.map(({ kind }) => kind),
    ['not-signed'],
  );
});

test('a signature whose algorithm cannot be verified here is not guessed at', async (t) => {
  // The OID sha256WithRSAEncryption becomes md5WithRSAEncryption in both places.
  const hex = Buffer.from(vpn.der).toString('hex').replaceAll('2a864886f70d01010b', '2a864886f70d010104');
  const certificate = await readCertificate(new Uint8Array(Buffer.from(hex, 'hex')));
  t.is(certificate.signatureHash, 'MD5');
  await t.throwsAsync(buildChain(certificate, issuers([issuer])), { instanceOf: Unknown, message: /113549\.1\.1\.4/ });
});

test('a cross-signed authority leads to another root', async (t) => {
  const other = await authority({ name: 'Other Root CA', key: 'other' });
  const { pathLength: _, ...crossed } = await read(
    await authority({ name: 'Example Root CA', key: 'root', issuer: other }),
  );
  const roots = [await read(other)];
  const { certificates, flaws } = await buildChain(server, { ...issuers([issuer, crossed]), roots });
  t.deepEqual(flaws, []);
  t.deepEqual(certificates.at(-1), roots[0]);
});

test('a thicket of authorities that sign each other ends', async (t) => {
  const thicket = await Promise.all(
    [2030, 2031, 2032, 2033].flatMap((year) => {
      const notAfter = `${year}-01-01T00:00:00Z`;
      return [
        authority({ issuer: root, notAfter }).then(read),
        authority({ name: 'Example Root CA', key: 'root', issuer: issuing, notAfter }).then(read),
      ];
    }),
  );
  await t.throwsAsync(buildChain(server, { ...issuers(thicket), roots: [] }), {
    instanceOf: Unknown,
    message: /more than 32 chains/,
  });
});

const doubts = async (leaf: Certificate, others: readonly Certificate[]) =>
  (await buildChain(leaf, issuers(others))).doubts.map(({ possible, detail }) => [possible, detail]);

test('a key that current Windows refuses is a doubt, not a pass', async (t) => {
  const key = { type: 'RSA', bits: 1023 };
  t.deepEqual(await doubts({ ...server, key }, [issuer]), [['short-key', 'its RSA key has 1023 bits only']]);
  t.deepEqual(await doubts({ ...server, key: { type: 'RSA', bits: 1024 } }, [issuer]), []);
});

test('a chain that does not end stays open', async (t) => {
  const links: Certificate[] = [];
  let above = root;
  for (const at of Array(8).keys()) {
    above = await authority({ name: `CA ${at}`, key: at % 2 ? 'other' : 'issuing', issuer: above, pathLength: null });
    links.push(await read(above));
  }
  const lowest = await read(await leaf({ issuer: above }));
  t.deepEqual(await doubts(lowest, links), [['issuer-missing', 'the chain goes on after 8 certificates']]);
});
