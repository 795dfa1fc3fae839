/** The root certificates that count as trusted. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { cannot } from '../file-trouble.ts';
import { Mistake } from '../mistake.ts';
import type { TrustedRoot } from './seen.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** `source` says whose roots they are, for evidence; `named` gives those with this encoded subject name. */
export type Roots = Readonly<{ source: string; named(subject: Buffer): Promise<readonly TrustedRoot[]> }>;

const BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** DER of one PEM block; undefined when it holds no certificate. */
const derOf = (block: string): Bytes | undefined => {
  try {
    return new Uint8Array(new X509Certificate(block).raw);
  } catch {
    return undefined;
  }
};

/** A name appears in whatever it issued, too: what holds the bytes is read, once, to tell whose subject they are. */
const rootsAmong = (
  source: string,
  certificates: readonly Bytes[],
  isOwn: (der: Bytes) => boolean = () => false,
): Roots => {
  const subjects = new Map<Bytes, Buffer>();
  return {
    source: `${source}, ${certificates.length} certificates`,
    named: async (subject) => {
      const holding = certificates.filter((der) => Buffer.from(der.buffer).includes(subject));
      if (holding.length === 0) return [];
      // Heavy to load, and not needed for a handshake.
      await import('reflect-metadata');
      const { X509Certificate: Parsed } = await import('@peculiar/x509');
      const found = holding.filter((der) => {
        const own = subjects.get(der) ?? Buffer.from(new Parsed(der).subjectName.toArrayBuffer());
        subjects.set(der, own);
        return own.equals(subject);
      });
      return found.map((der) => ({ der, ...(isOwn(der) && { isOwn: true }) }));
    },
  };
};

const isThere = (der: Bytes | undefined): der is Bytes => der !== undefined;

/** The roots of PEM files. Throws Mistake for a file that cannot be read or holds something else. */
export const rootsIn = async (files: readonly string[]): Promise<Roots> => {
  const certificates = await Promise.all(files.map(certificatesIn));
  return rootsAmong(`the roots in ${files.join(', ')}`, certificates.flat());
};

const HINT = 'name a PEM file with root certificates';

const certificatesIn = async (file: string): Promise<readonly Bytes[]> => {
  const text = await readFile(file, 'latin1').catch(cannot('read', file, HINT));
  const blocks = text.match(BLOCK) ?? [];
  const certificates = blocks.map(derOf).filter(isThere);
  if (certificates.length === 0 || certificates.length < blocks.length)
    throw new Mistake(
      certificates.length === 0 ? `${file} holds no certificate` : `${file} holds a certificate that cannot be read`,
      HINT,
    );
  return certificates;
};

const bodyOf = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

let publicOnes: ReadonlySet<string> | undefined;

const isPublic = (der: Bytes): boolean => {
  publicOnes ??= new Set(tls.rootCertificates.map(bodyOf));
  return publicOnes.has(Buffer.from(der).toString('base64'));
};

/**
 * The machine's own roots, and those that come with Node where it has none, or adds public ones only when it first needs
 * them, as Windows does.
 */
export const machineRoots = (system = tls.getCACertificates('system'), platform = process.platform): Roots => {
  const sources = [
    ...(system.length > 0 ? [{ name: "this machine's own roots", pems: system }] : []),
    ...(system.length === 0 || platform === 'win32'
      ? [{ name: `the roots that come with Node ${process.version}`, pems: tls.rootCertificates }]
      : []),
  ];
  const ders = sources.flatMap(({ pems }) => pems).map(derOf);
  return rootsAmong(sources.map(({ name }) => name).join(' and '), ders.filter(isThere), (der) => !isPublic(der));
};
