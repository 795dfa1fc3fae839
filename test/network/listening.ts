/** A server on loopback that can be ended with everything that it holds open. */
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

export type Listening = Readonly<{
  host: string;
  port: number;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}>;

/** Starts to listen; on a free port unless one is given. */
export const listening = async (server: Server, host = '127.0.0.1', port = 0): Promise<Listening> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    // A peer that goes away is what these servers are for.
    socket.on('error', () => {});
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Writes byte by byte, one every `ms` milliseconds. */
export const drip = (stream: Socket, bytes: Uint8Array, ms: number): void => {
  let at = 0;
  const timer = setInterval(() => {
    if (stream.destroyed || at >= bytes.length) return clearInterval(timer);
    stream.write(bytes.subarray(at, ++at));
  }, ms);
};

/** Writes the same bytes as long as the peer takes them. */
export const flood = (stream: Socket, bytes: Uint8Array): void => {
  const pour = (): void => {
    while (!stream.destroyed && stream.write(bytes));
  };
  stream.on('drain', pour);
  pour();
};
