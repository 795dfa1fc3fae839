/** Certificates for the test server and its clients, from the fixed keys of the pretended servers. */
import { createHash } from 'node:crypto';
import {
  CLIENT_AUTHENTICATION,
  issuing,
  leaf,
  type Made,
  privateKeyOf,
  root,
  SERVER_AUTHENTICATION,
} from '../server/pki.ts';

const LIFE = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2040-01-01T00:00:00Z' } as const;
const NAMES = ['localhost', '127.0.0.1'] as const;

/** SHA-256 of a certificate, 64 digits. */
const fingerprint = ({ der }: Made): string => createHash('sha256').update(der).digest('hex');
const pem = ({ certificate }: Made): string => certificate.toString('pem');
const keyPem = (name: 'rsa2048' | 'p256'): string =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(privateKeyOf(name)).toString('base64')}\n-----END PRIVATE KEY-----\n`;

/** A key and its certificate with the issuing authority, in PEM. */
const identity = (made: Made, key: 'rsa2048' | 'p256') => ({
  key: keyPem(key),
  cert: `${pem(made)}\n${pem(issuing)}\n`,
});

/** The authority that vouches for all of them. */
export const CA = pem(root);

const made = await leaf({ ...LIFE, names: [...NAMES], eku: [SERVER_AUTHENTICATION] });
export const SERVER = identity(made, 'rsa2048');

export const FINGERPRINT = fingerprint(made);

export const STRONG_SERVER = identity(await leaf({ ...LIFE, names: [...NAMES], hash: 'SHA-384' }), 'rsa2048');
const elsewhere = await leaf({ ...LIFE, names: ['elsewhere.example.com'] });
export const OTHER_NAME = identity(elsewhere, 'rsa2048');
export const OTHER_FINGERPRINT = fingerprint(elsewhere);
export const EXPIRED = identity(
  await leaf({ names: [...NAMES], notBefore: '2020-01-01T00:00:00Z', notAfter: '2021-01-01T00:00:00Z' }),
  'rsa2048',
);
export const CLIENT = identity(
  await leaf({ ...LIFE, names: ['auditor'], eku: [CLIENT_AUTHENTICATION], key: 'p256' }),
  'p256',
);
