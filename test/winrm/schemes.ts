/** How the test server lets people in. */
import { createHash, X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { channelBinding } from '../../engine/transports/winrm/ntlm/messages.ts';
import type { Seal } from '../../engine/transports/winrm/ntlm/seal.ts';
import { challengeOf, verify } from './ntlm-server.ts';

export type Scheme = 'ntlm' | 'basic' | 'certificate' | 'kerberos';

/** Who a Kerberos token is from, and the token that goes back; undefined when it is not accepted. */
export type Accept = (token: string) => Promise<{ user: string; token: string } | undefined>;

export type SignInOptions = Readonly<{
  schemes: readonly Scheme[];
  /** Passwords by user name. */
  users?: Readonly<Record<string, string>>;
  /** Refuses NTLM that is not bound to the TLS connection (CbtHardeningLevel=Strict). `hash` is that of the certificate. */
  binding?: Readonly<{ cert: string; hash: 'sha256' | 'sha384' }>;
  kerberos?: Accept;
  /** Wants a Kerberos ticket with every request. */
  forgetful?: boolean;
  /** NTLM challenges without a time, as old servers send. */
  withoutTime?: boolean;
}>;

/** An Authorization header, taken apart. */
export type Shown = Readonly<{ name: string; token: string; handshake: 'Negotiate' | 'Authenticate' | undefined }>;

export const schemeOf = (authorization = ''): Shown => {
  const [name = '', token = ''] = authorization.split(' ');
  const bytes = Buffer.from(token, 'base64');
  const isNtlm = /^(negotiate|ntlm)$/i.test(name) && bytes.toString('latin1', 0, 7) === 'NTLMSSP';
  const handshake = isNtlm ? (bytes[8] === 1 ? 'Negotiate' : 'Authenticate') : undefined;
  return { name: name.toLowerCase(), token, handshake };
};

const MUTUAL = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

export type Session = Readonly<{
  user: string;
  seal?: Seal;
  /** This very request signed in. */
  justSignedIn: boolean;
  headers: Readonly<Record<string, string>>;
}>;

export type Sessions = Readonly<{
  signedIn: readonly string[];
  refused(): number;
  /** The session of the socket; undefined when the response has been given, with 401. */
  signIn(socket: Socket, shown: Shown, response: ServerResponse): Promise<Session | undefined>;
}>;

type Handshake = { negotiated: Buffer; challenge: Buffer };

export const sessionsOf = (options: SignInOptions): Sessions => {
  const { schemes, users = {}, kerberos, withoutTime } = options;
  const signedIn: string[] = [];
  let refused = 0;
  const handshakes = new WeakMap<Socket, Handshake>();
  const sessions = new WeakMap<Socket, Session>();
  const offered = [
    ...(schemes.includes('ntlm') || schemes.includes('kerberos') ? ['Negotiate'] : []),
    ...(schemes.includes('basic') ? ['Basic realm="WSMAN"'] : []),
  ];
  const deny = (response: ServerResponse, offer: string | readonly string[] = offered): undefined => {
    refused++;
    response
      .writeHead(401, { 'WWW-Authenticate': [offer].flat(), 'Content-Length': 0, Server: 'Microsoft-HTTPAPI/2.0' })
      .end();
  };
  const enter = (socket: Socket, how: string, session: Omit<Session, 'justSignedIn'>): Session => {
    signedIn.push(`${how} ${session.user}`);
    if (!options.forgetful) sessions.set(socket, { ...session, justSignedIn: false, headers: {} });
    return { ...session, justSignedIn: true };
  };

  const byNtlm = (socket: Socket, shown: Shown, response: ServerResponse): Session | undefined => {
    const message = Buffer.from(shown.token, 'base64');
    if (shown.handshake === 'Negotiate') {
      const challenge = challengeOf({ time: !withoutTime });
      handshakes.set(socket, { negotiated: message, challenge });
      return deny(response, `Negotiate ${challenge.toString('base64')}`);
    }
    const handshake = handshakes.get(socket);
    const binding = options.binding && bindingOf(options.binding);
    const verified =
      handshake &&
      verify({ ...handshake, answer: message, passwordOf: (user) => users[user], ...(binding && { binding }) });
    if (!verified) return deny(response);
    const how = ['ntlm', ...(verified.integrity ? ['integrity'] : []), ...(verified.bound ? ['bound'] : [])].join('+');
    return enter(socket, how, { user: verified.user, seal: verified.seal, headers: {} });
  };

  const byTicket = async (socket: Socket, { token }: Shown, response: ServerResponse): Promise<Session | undefined> => {
    const accepted = await kerberos?.(token);
    if (!accepted) return deny(response);
    return enter(socket, 'kerberos', {
      user: accepted.user,
      headers: { 'WWW-Authenticate': `Negotiate ${accepted.token}` },
    });
  };

  const byPassword = (shown: Shown, response: ServerResponse): Session | undefined => {
    const [user = '', ...rest] = Buffer.from(shown.token, 'base64').toString().split(':');
    if (users[user] === undefined || users[user] !== rest.join(':')) return deny(response);
    return { user, justSignedIn: false, headers: {} };
  };

  const byCertificate = (socket: Socket, response: ServerResponse): Session | undefined => {
    if (!(socket instanceof TLSSocket) || !socket.authorized) return deny(response);
    return { user: String(socket.getPeerCertificate().subject.CN), justSignedIn: false, headers: {} };
  };

  /** The scheme that an Authorization header speaks of, if it is offered. */
  const chosen = ({ name, handshake }: Shown): Scheme | undefined => {
    const spoken = {
      negotiate: handshake ? ('ntlm' as const) : ('kerberos' as const),
      basic: 'basic' as const,
      [MUTUAL]: 'certificate' as const,
    }[name];
    return schemes.find((scheme) => scheme === spoken);
  };
  const signIn: Sessions['signIn'] = async (socket, shown, response) => {
    switch (chosen(shown)) {
      case 'ntlm':
        return byNtlm(socket, shown, response);
      case 'kerberos':
        return byTicket(socket, shown, response);
      case 'basic':
        return byPassword(shown, response);
      case 'certificate':
        return byCertificate(socket, response);
      case undefined:
        return sessions.get(socket) ?? deny(response);
    }
  };
  return { signedIn, refused: () => refused, signIn };
};

const bindingOf = ({ cert, hash }: NonNullable<SignInOptions['binding']>): Buffer => {
  const { raw } = new X509Certificate(cert);
  const digest = createHash(hash).update(raw).digest();
  return channelBinding(Buffer.concat([Buffer.from('tls-server-end-point:'), digest]));
};
