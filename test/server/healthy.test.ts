import { createHash, X509Certificate } from 'node:crypto';
import test from 'ava';
import { said } from './asked.ts';
import { blobOf } from './blob.ts';
import { filterBlock, switchedFilterBlock } from './filters.ts';
import { CCS_BINDINGS, healthy, SNI_BINDINGS, SSL_BINDINGS, SSTP_PARAMETERS } from './healthy.ts';
import { bind, IIS_APP_ID, SHOW_SSLCERT, unbind } from './http.ts';
import { issuing, leaf, root, vpn } from './pki.ts';
import { VERSIONS, type Windows } from './windows.ts';

test('the healthy server agrees with itself about its certificate, in every version', (t) => {
  const sha256 = createHash('sha256').update(vpn.der).digest('hex').toUpperCase();
  for (const windows of Object.keys(VERSIONS) as Windows[]) {
    const server = healthy({ windows });
    t.true(said(server, `reg.exe query ${SSTP_PARAMETERS}`).out.includes(`    ${sha256}\r\n`));
    t.is(said(server, `reg.exe query ${SSL_BINDINGS} /s`).out.split(vpn.thumbprint).length, 3);
    t.is(said(server, SHOW_SSLCERT).out.split(vpn.thumbprint.toLowerCase()).length, 3);
  }
});

test('a binding changes in the registry and in the answer of netsh', (t) => {
  const server = healthy();
  unbind(server, '[::]:443');
  bind(server, '203.0.113.10:443', 'ab'.repeat(20), { appId: IIS_APP_ID, flags: 0x1008 });
  const text = said(server, SHOW_SSLCERT).out;
  t.false(text.includes('[::]:443') || said(server, `reg.exe query ${SSL_BINDINGS}`).out.includes('[::]:443'));
  t.regex(text, /203\.0\.113\.10:443\r\n.*: (?:ab){20}\r\n.*\{4dc3e181-e14b-4a21-b022-59fc669b0914\}/);
  t.regex(text, /Reject Connections +: Enabled\r\n/);
  t.regex(text, /Disable TLS1\.2 +: Set\r\n/);
});

test('a host name and a central store have keys of their own', (t) => {
  const server = healthy({ language: 'fr' });
  bind(server, 'www.example.com:443', 'cd'.repeat(20), { appId: IIS_APP_ID });
  bind(server, '443');
  t.true(said(server, `reg.exe query ${SNI_BINDINGS}`).out.includes('\\www.example.com:443\r\n'));
  t.true(said(server, `reg.exe query ${CCS_BINDINGS}`).out.includes('\\443\r\n'));
  const { out } = said(server, SHOW_SSLCERT);
  t.regex(out, /port +: www\.example\.com:443\r\n +Hachage du certificat +: (?:cd){20}\r\n/);
  t.regex(out, /Nom du magasin de certificats : {7}: MY\r\n[\s\S]*Désactiver HTTP2 :Not Set\r\n/);
});

test('certificates are the same in every run, and verify up to the root', async (t) => {
  const [own, issuer, top] = [vpn, issuing, root].map(({ der }) => new X509Certificate(der));
  t.true(own && issuer && top && own.verify(issuer.publicKey) && issuer.verify(top.publicKey));
  t.is(own?.checkHost('vpn.example.com'), 'vpn.example.com');
  t.deepEqual((await leaf()).der, vpn.der);
  t.not((await leaf({ key: 'p256' })).thumbprint, vpn.thumbprint);
});

test('a blob holds its properties in order, and the certificate last', (t) => {
  const blob = Buffer.from(
    blobOf(vpn.der, { keyLink: true, archived: true, friendlyName: 'x', restrictedEku: ['1.2.3'] }),
  );
  const ids: number[] = [];
  let at = 0;
  for (; at < blob.length; at += 12 + blob.readUInt32LE(at + 8)) ids.push(blob.readUInt32LE(at));
  t.deepEqual([ids, at], [[3, 4, 2, 11, 9, 19, 32], blob.length]);
  t.deepEqual(new Uint8Array(blob.subarray(-vpn.der.length)), vpn.der);
});

test('filters stand in the block as documented', (t) => {
  const filters = [{ source: '192.0.2.0/24', protocol: 6, destinationPort: 443 }, {}];
  const four = Buffer.from(filterBlock({ direction: 'in', action: 'drop', filters }));
  const six = Buffer.from(
    switchedFilterBlock(false, {
      family: 6,
      direction: 'out',
      action: 'forward',
      filters: [{ destination: '2001:db8::1' }],
    }),
  );
  t.deepEqual([four.length, six.length], [four.readUInt32LE(4), six.readUInt32LE(4)]);
  const entry = (blob: Buffer, number: number) => [0, 4, 8, 12].map((at) => blob.readUInt32LE(12 + 16 * number + at));
  const [type, size, count, offset = 0] = entry(four, 3);
  t.deepEqual([type, size, count, offset % 8], [0xffff0001, 12 + 28 * 2, 1, 0]);
  const descriptor = '010000000200000001000000';
  const filter = 'c0000200ffffff00000000000000000006000000000000000000' + '01bb';
  t.is(four.toString('hex', offset, offset + 40), descriptor + filter);
  t.deepEqual(entry(six, 3).slice(0, 3), [0xffff0012, 12 + 52, 1]);
  t.deepEqual(entry(six, 4).slice(0, 3), [0xffff0016, 4, 1]);
});
