/** NTLMv2 over HTTP: two empty requests sign the connection in. Over plain HTTP everything after them is sealed. */
import { createHash } from 'node:crypto';
import { Unknown } from '../../define.ts';
import { notWinrm } from './answer.ts';
import type { Connection, Reply } from './connection.ts';
import { type Account, authenticate, channelBinding, negotiate, readChallenge } from './ntlm/messages.ts';
import type { Seal } from './ntlm/seal.ts';
import { notOffered, onTrial, type PasswordHolder } from './password.ts';
import { type Post, XML_TYPE } from './post.ts';
import { isSealedType, readSealed, SEALED_TYPE, writeSealed } from './sealed-body.ts';

/** Throws Unknown. */
export const signInByNtlm = async (
  holder: PasswordHolder,
  connection: Connection,
  signal: AbortSignal,
): Promise<Post> => {
  const { reply, seal } = await onTrial(holder, 'negotiate', signal, async (password) => {
    const token = (message: Buffer) => ({ Authorization: `Negotiate ${message.toString('base64')}` });
    const negotiated = negotiate();
    const first = await connection.post(NOTHING, token(negotiated), signal);
    const challenge = challengeIn(first);
    if (!challenge) return { reply: first, seal: undefined };
    const binding = await bindingOf(connection);
    const answer = authenticate({
      account: accountOf(holder.user),
      password,
      negotiated,
      challenge: readable(challenge),
      ...(binding && { binding }),
    });
    return { reply: await connection.post(NOTHING, token(answer.message), signal), seal: answer.seal };
  });
  if (!seal || reply.status !== 200) throw notWinrm(reply);
  if (!connection.certificate) return sealedPost(connection, seal);
  return (xml, postSignal) => connection.post(Buffer.from(xml), XML_TYPE, postSignal);
};

const NOTHING = Buffer.alloc(0);

/** A server names its challenge; any other answer is for the caller to explain. */
const challengeIn = ({ status, headers }: Reply): Buffer | undefined => {
  const offer = headers['www-authenticate'];
  const token = /(?:^|,\s*)Negotiate ([\w+/=]+)/i.exec(offer ?? '')?.[1];
  if (status === 401 && token === undefined) throw notOffered(offer);
  return status === 401 && token !== undefined ? Buffer.from(token, 'base64') : undefined;
};

const readable = (challenge: Buffer): ReturnType<typeof readChallenge> => {
  try {
    return readChallenge(challenge);
  } catch (cause) {
    throw new Unknown('refused', `NTLM is not possible: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};

/** `DOMAIN\user`; `user@domain` travels whole, as Windows sends it; `.\user` is an account of the server itself. */
export const accountOf = (name: string): Account => {
  const [, domain = '', user = name] = /^([^\\]*)\\(.*)$/s.exec(name) ?? [];
  return { user, domain: domain === '.' ? '' : domain };
};

/** Binds the sign-in to this TLS connection, so that nobody in the middle can use it for another. Source: RFC 5929. */
const bindingOf = async ({ certificate }: Connection): Promise<Buffer | undefined> => {
  if (!certificate) return;
  const hash = createHash(await hashFor(certificate))
    .update(certificate)
    .digest();
  return channelBinding(Buffer.concat([Buffer.from('tls-server-end-point:'), hash]));
};

/** The hash of the certificate's own signature, but SHA-256 in place of those that are broken. */
const hashFor = async (certificate: Buffer): Promise<'sha256' | 'sha384' | 'sha512'> => {
  await import('reflect-metadata');
  const { X509Certificate } = await import('@peculiar/x509');
  const { signatureAlgorithm } = new X509Certificate(new Uint8Array(certificate));
  switch (signatureAlgorithm.hash?.name) {
    case 'SHA-384':
      return 'sha384';
    case 'SHA-512':
      return 'sha512';
    default:
      return 'sha256';
  }
};

const sealedPost =
  (connection: Connection, seal: Seal): Post =>
  async (xml, signal) => {
    const message = Buffer.from(xml);
    const body = writeSealed(seal.wrap(message), message.length);
    const reply = await connection.post(body, { 'Content-Type': SEALED_TYPE }, signal);
    if (reply.status === 401) throw new Unknown('refused', 'the server forgot in mid-conversation who we are');
    return { ...reply, body: unsealed(reply, seal) };
  };

/** An error of the web server itself says nothing that we would believe; everything else must be sealed. */
const unsealed = (reply: Reply, seal: Seal): Buffer => {
  const { status, headers, body } = reply;
  if ((status !== 200 && status !== 500) || body.length === 0) throw notWinrm(reply);
  if (!isSealedType(headers['content-type']))
    throw new Unknown('untrusted', `an answer is not sealed, though everything must be (status ${status})`);
  const message = seal.unwrap(sealedIn(body));
  if (!message)
    throw new Unknown('untrusted', 'the seal of an answer is broken: it was changed, or is not from this server');
  return message;
};

const sealedIn = (body: Buffer): ReturnType<typeof readSealed> => {
  try {
    return readSealed(body);
  } catch (cause) {
    throw new Unknown('unreadable', `${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};
