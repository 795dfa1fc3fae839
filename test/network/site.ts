/** A whole site on loopback: an SSTP server, and a web server with the revocation lists of its certificate. */
import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { CRLDistributionPointsExtension } from '@peculiar/x509';
import { crlOf } from '../server/crl.ts';
import { type Authority, authority, leaf, type Made, root } from '../server/pki.ts';
import { listening } from './listening.ts';
import type { Mode } from './modes.ts';
import { pem, type Rras, startRras } from './rras.ts';

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

export type Site = Readonly<{
  server: Rras;
  /** PEM file with the root that clients trust. */
  roots: string;
  /** Options of the command line to dial it as a client does, by its address and with its name. */
  options: readonly string[];
  at: string;
  close(): Promise<void>;
}>;

export type SiteOptions = Readonly<{
  mode?: Mode;
  names?: readonly string[];
  /** Days from now until the certificate ends. */
  daysLeft?: number;
  /** How the web server answers for lists. */
  lists?: 'good' | 'missing' | 'revoking' | 'ended';
  /** Where the certificate says that its list is; on the web server unless told otherwise. */
  listUrl?: string;
  /** The server sends its own certificate only; the web server has the issuer. */
  sendsNoIssuer?: boolean;
}>;

type Pki = Readonly<{ issuing: Authority; certificate: Made }>;

/** Valid now, whatever the day is: live tests have no other clock than ours. */
const pkiOf = async (
  base: string,
  { names = ['vpn.example.com'], daysLeft = 90, listUrl }: SiteOptions,
): Promise<Pki> => {
  const issuing = await authority({
    issuer: root,
    extensions: [new CRLDistributionPointsExtension([`${base}/root.crl`])],
  });
  const certificate = await leaf({
    issuer: issuing,
    names,
    notBefore: inDays(Math.min(-30, daysLeft - 30)),
    notAfter: inDays(daysLeft),
    crl: [listUrl ?? `${base}/issuing.crl`],
    ocsp: [],
    caIssuers: [`${base}/issuing.crt`],
  });
  return { issuing, certificate };
};

const listOf = ({ issuing, certificate }: Pki, lists: NonNullable<SiteOptions['lists']>) =>
  crlOf(issuing, {
    thisUpdate: inDays(-20),
    nextUpdate: inDays(lists === 'ended' ? -10 : 10),
    ...(lists === 'revoking' && { revoked: [certificate] }),
  });

export const startSite = async (options: SiteOptions = {}): Promise<Site> => {
  const { mode = 'healthy', lists = 'good' } = options;
  const files = new Map<string | undefined, Uint8Array>();
  const rootList = await crlOf(root, { thisUpdate: inDays(-20), nextUpdate: inDays(10) });
  const web = await listening(
    createServer(({ url }, response) => {
      if (lists === 'missing') response.writeHead(404).end();
      else response.end(files.get(url));
    }),
  );
  const pki = await pkiOf(`http://${web.host}:${web.port}`, options);
  files
    .set('/root.crl', rootList)
    .set('/issuing.crl', await listOf(pki, lists))
    .set('/issuing.crt', pki.issuing.der);
  const chain = [pki.certificate, ...(options.sendsNoIssuer ? [] : [pki.issuing])];
  const server = await startRras({ mode, chain });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-site-'));
  const roots = path.join(folder, 'roots.pem');
  await writeFile(roots, pem(root.der));
  return {
    server,
    roots,
    at: `127.0.0.1:${server.port}`,
    options: ['--sni', 'vpn.example.com', '--roots', roots, '--allow-private'],
    close: async () => {
      await Promise.all([server.close(), web.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
