/** The body of a sealed HTTP message. Source: [MS-WSMV] 2.2.9.1. */
import type { Sealed } from './ntlm/seal.ts';

const PROTOCOL = 'application/HTTP-SPNEGO-session-encrypted';
const BOUNDARY = '--Encrypted Boundary';

export const SEALED_TYPE = `multipart/encrypted;protocol="${PROTOCOL}";boundary="Encrypted Boundary"`;

export const isSealedType = (type: string | undefined): boolean => /^multipart\/encrypted\b/i.test(type ?? '');

/** `length` is that of the message before it was sealed. */
export const writeSealed = ({ signature, sealed }: Sealed, length: number): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(signature.length);
  const head = [
    BOUNDARY,
    `\tContent-Type: ${PROTOCOL}`,
    `\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=${length}`,
    BOUNDARY,
    '\tContent-Type: application/octet-stream',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), size, signature, sealed, Buffer.from(`${BOUNDARY}--\r\n`)]);
};

const HEAD =
  /^--Encrypted Boundary\r\n\s*Content-Type: [^\r\n]+\r\n\s*OriginalContent: [^\r\n]*Length=(\d{1,9})\r\n--Encrypted Boundary\r\n\s*Content-Type: application\/octet-stream\r\n/i;
const LONGEST_HEAD = 600;

/** Throws SyntaxError for a body that does not have this form. */
export const readSealed = (body: Buffer): Sealed => {
  const head = HEAD.exec(body.subarray(0, LONGEST_HEAD).toString('latin1'));
  const at = head?.[0].length ?? 0;
  const length = Number(head?.[1] ?? 0);
  if (!head || body.length < at + 4) throw new SyntaxError('this is no sealed message');
  const signed = at + 4 + body.readUInt32LE(at);
  const closing = body.subarray(signed + length).toString('latin1', 0, BOUNDARY.length + 4);
  if (signed + length > body.length || !/^--Encrypted Boundary--(\r\n)?$/.test(closing))
    throw new SyntaxError('the sealed message ends too early or too late');
  return { signature: body.subarray(at + 4, signed), sealed: body.subarray(signed, signed + length) };
};
