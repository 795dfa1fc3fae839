/** Puts requests to the WS-Management service of one server, on a connection that is opened and signed in when needed. */
import { type Answered, answerIn } from './answer.ts';
import { type Connection, connect, PATH } from './connection.ts';
import { type Request, write } from './envelope.ts';
import type { Post } from './post.ts';
import { type Identity, signIn } from './sign-in.ts';
import type { Endpoint, Note } from './socket.ts';

export type Client = Readonly<{
  /** Opens the connection and signs in, unless that is done. Throws Unknown. */
  connect(signal: AbortSignal): Promise<unknown>;
  /** Connects if needed. A fault is an answer; everything else that goes wrong throws Unknown. */
  ask(request: Request, signal: AbortSignal): Promise<Answered>;
  hangUp(): void;
}>;

export const clientOf = (endpoint: Endpoint, identity: Identity, requestMs: number, note: Note): Client => {
  const to = urlOf(endpoint);
  let link: Readonly<{ connection: Connection; post: Post }> | undefined;

  const linked = async (signal: AbortSignal): Promise<Post> => {
    if (link?.connection.isOpen()) return link.post;
    link?.connection.close();
    const connection = await connect(endpoint, requestMs, signal, note);
    try {
      const post = await signIn(identity, connection, signal);
      link = { connection, post };
      return post;
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  return {
    connect: linked,
    ask: async (request, signal) => {
      const post = await linked(signal);
      const { id, xml } = write(request, to);
      const answer = answerIn(await post(xml, signal), id);
      // No way to sign in is proven before the service itself has answered.
      note('sign-in', `${identity.method} ${identity.user}`.trim());
      return answer;
    },
    hangUp: () => link?.connection.close(),
  };
};

const urlOf = ({ host, port, tls }: Endpoint): string =>
  `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}${PATH}`;
