/** How a connection says who we are. Each method gives a way to post envelopes on that connection. */
import { Unknown } from '../../define.ts';
import type { Connection, Reply } from './connection.ts';
import { signInByNtlm } from './ntlm-sign-in.ts';
import { offers, onTrial, type PasswordHolder } from './password.ts';
import { type Post, XML_TYPE } from './post.ts';
import { type TicketOptions, ticketFor } from './ticket.ts';

export const METHODS = ['kerberos', 'ntlm', 'basic', 'certificate'] as const;
export type Method = (typeof METHODS)[number];

export type Identity = PasswordHolder & Readonly<{ method: Method; ticket: TicketOptions }>;

/** Signs in on a new connection. Throws Unknown. */
export const signIn = async (identity: Identity, connection: Connection, signal: AbortSignal): Promise<Post> => {
  switch (identity.method) {
    case 'kerberos':
      return byTicket(identity, connection, signal);
    case 'certificate':
      return byCertificate(connection);
    case 'basic':
      return byPassword(identity, connection);
    case 'ntlm':
      return signInByNtlm(identity, connection, signal);
  }
};

const send = (connection: Connection, xml: string, signal: AbortSignal, authorization?: string): Promise<Reply> =>
  connection.post(Buffer.from(xml), { ...XML_TYPE, ...(authorization && { Authorization: authorization }) }, signal);

/** Windows signs in the connection with its first ticket (belief); a server that asks again gets a new one. */
const byTicket = async ({ host, ticket }: Identity, connection: Connection, signal: AbortSignal): Promise<Post> => {
  let unused: string | undefined = await ticketFor(host, ticket, signal);
  return async (xml, postSignal) => {
    if (unused === undefined) {
      const reply = await send(connection, xml, postSignal);
      if (reply.status !== 401) return reply;
    }
    const token = unused ?? (await ticketFor(host, ticket, postSignal));
    unused = undefined;
    const reply = await send(connection, xml, postSignal, `Negotiate ${token}`);
    if (reply.status === 401) throw new Unknown('refused', ticketRefused(reply));
    return reply;
  };
};

const ticketRefused = ({ headers }: Reply): string =>
  offers(headers['www-authenticate']).includes('negotiate')
    ? 'the server does not accept the Kerberos ticket: its clock may be wrong, its key may have changed, ' +
      'it may demand channel binding (CbtHardeningLevel), or the account may not sign in'
    : 'the server does not offer Kerberos (Negotiate)';

/** The certificate went with the handshake of TLS; this header says that it is meant as the sign-in. Source: [MS-WSMV]. */
const MUTUAL = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

const byCertificate =
  (connection: Connection): Post =>
  async (xml, signal) => {
    const reply = await send(connection, xml, signal, MUTUAL);
    if (reply.status === 401 || reply.status === 403)
      throw new Unknown('refused', 'the server maps our certificate to no account, or takes no certificates');
    return reply;
  };

/** Letters outside ASCII travel as UTF-8 (belief: RFC 7617 leaves it to the server). */
const byPassword = (identity: Identity, connection: Connection): Post => {
  let authorization: string | undefined;
  return async (xml, signal) => {
    if (authorization !== undefined) return send(connection, xml, signal, authorization);
    const { reply, shown } = await onTrial(identity, 'basic', signal, async (password) => {
      const token = `Basic ${Buffer.from(`${identity.user}:${password}`).toString('base64')}`;
      return { reply: await send(connection, xml, signal, token), shown: token };
    });
    authorization = shown;
    return reply;
  };
};
