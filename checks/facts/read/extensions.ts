import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { Certificate as Encoded } from '@peculiar/asn1-x509';
import { remembering } from './remembering.ts';

/** One extension; `value` is what it says, in DER. */
export type Extension = Readonly<{ type: string; critical: boolean; value: ArrayBuffer }>;

/** The extensions of a certificate. */
export type Extensions = Readonly<{
  all: readonly Extension[];
  /** What the first of a type says. Throws what @peculiar/asn1-schema throws where it is malformed. */
  read<T>(type: string, form: Form<T>): T | undefined;
}>;

type Form<T> = new () => T;

/** An authority gives most of its extensions to all whom it certifies: so many different ones are remembered. */
const remembered = remembering<unknown>(1_024);
/** The largest that are kept, in bytes: those of authorities are far below. */
const LARGEST = 2_048;
const latin1 = new TextDecoder('latin1');

/** Equal values give the same object. */
const readAs = <T>({ type, value }: Extension, form: Form<T>): T => {
  const read = () => AsnConvert.parse(value, form);
  if (value.byteLength > LARGEST) return read();
  const known = remembered(`${type} ${latin1.decode(value)}`, read);
  return known instanceof form ? known : read();
};

export const extensionsIn = ({ tbsCertificate: { extensions } }: Encoded): Extensions => {
  const all = Array.from(extensions ?? [], ({ extnID, critical, extnValue }) => ({
    type: extnID,
    critical,
    value: extnValue.buffer,
  }));
  return {
    all,
    read: (wanted, form) => {
      const found = all.find(({ type }) => type === wanted);
      return found && readAs(found, form);
    },
  };
};
