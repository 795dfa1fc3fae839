import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { Certificate as Encoded, Extension as EncodedExtension } from '@peculiar/asn1-x509';
import { type Extension, ExtensionFactory } from '@peculiar/x509';
import { remembering } from './remembering.ts';

/** The extensions of a certificate, as @peculiar/x509 reads them. */
export type Extensions = Readonly<{
  all: readonly Extension[];
  /** The first of a kind. */
  the<E extends Extension>(kind: Kind<E>): E | undefined;
}>;

type Kind<E> = new (...given: never[]) => E;

/** An authority gives most of its extensions to all whom it certifies: so many different ones are remembered. */
const remembered = remembering<Extension>(1_024);
/** The largest that are kept, in bytes: those of authorities are far below. */
const LARGEST = 2_048;
const latin1 = new TextDecoder('latin1');

const read = (encoded: EncodedExtension): Extension => ExtensionFactory.create(AsnConvert.serialize(encoded));

const extensionOf = (encoded: EncodedExtension): Extension => {
  const { extnID, critical, extnValue } = encoded;
  if (extnValue.buffer.byteLength > LARGEST) return read(encoded);
  return remembered(`${extnID} ${critical} ${latin1.decode(extnValue.buffer)}`, () => read(encoded));
};

/** Reads every extension; equal ones give the same object. Throws what @peculiar/x509 throws where one is malformed. */
export const extensionsOf = ({ tbsCertificate: { extensions } }: Encoded): Extensions => {
  // Its own way of mapping would give another list of its kind.
  const all = Array.from(extensions ?? [], extensionOf);
  return { all, the: <E extends Extension>(kind: Kind<E>) => all.find((it): it is E => it instanceof kind) };
};
