/** What can go wrong between a server and us, at any step. */
import { setTimeout } from 'node:timers/promises';
import { SEALED_TYPE, writeSealed } from '../../engine/transports/winrm/sealed-body.ts';
import type { Exchange, Misbehaviour } from './server.ts';
import { faultWith } from './shells.ts';

/** Misbehaves at this step, the first time or `always`. */
export const at =
  (step: string, what: Misbehaviour, { always = false }: { always?: boolean } = {}): Misbehaviour =>
  (exchange) =>
    exchange.step === step && (always || exchange.before === 0) ? what(exchange) : false;

/** The first that takes the exchange over. */
export const first =
  (...all: readonly Misbehaviour[]): Misbehaviour =>
  async (exchange) => {
    for (const one of all) if (await one(exchange)) return true;
    return false;
  };

export const reset: Misbehaviour = ({ socket }) => {
  socket.resetAndDestroy();
  return true;
};

/** No answer, and no end of it. */
export const hang: Misbehaviour = () => true;

/** The server does what it is asked, and half of its answer arrives. */
export const half: Misbehaviour = async ({ response, socket, honest }) => {
  const { xml } = await honest();
  response.writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8', 'Content-Length': xml.length * 2 });
  response.write(xml.slice(0, xml.length / 2), () => socket.resetAndDestroy());
  return true;
};

/** An answer that never ends, one byte at a time. */
export const drip: Misbehaviour = ({ response, socket }) => {
  response.writeHead(200, { 'Content-Type': SEALED_TYPE, 'Content-Length': 100_000 });
  const trickle = async (): Promise<void> => {
    for (; !socket.destroyed; await setTimeout(20)) response.write('-');
  };
  trickle().catch(() => undefined);
  return true;
};

/** A web page, or nothing, in place of an answer. */
export const page =
  (status: number, headers: Readonly<Record<string, string>> = { 'Content-Type': 'text/html' }, text = '<h1>No</h1>') =>
  ({ response }: Exchange): boolean => {
    response.writeHead(status, headers).end(text);
    return true;
  };

/** A fault of WS-Management. */
export const fault =
  (code: number, kind: string, text = 'The server says no.'): Misbehaviour =>
  ({ id, say }) => {
    say(faultWith(id, code, kind, text));
    return true;
  };

/** An envelope, as it should be sent, that is none. */
export const envelope =
  (xml: string | ((id: string) => string), status = 200): Misbehaviour =>
  ({ id, say }) => {
    say({ status, xml: typeof xml === 'string' ? xml : xml(id) });
    return true;
  };

/** What an honest server says, changed. */
export const changed =
  (change: (xml: string) => string): Misbehaviour =>
  async ({ honest, say }) => {
    const { status, xml } = await honest();
    say({ status, xml: change(xml) });
    return true;
  };

/** What an honest server says, but in the clear. */
export const unsealed: Misbehaviour = async ({ honest, response }) => {
  const { status, xml } = await honest();
  response.writeHead(status, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(xml);
  return true;
};

/** Looks sealed, but by someone without the key. */
export const forged: Misbehaviour = ({ response }) => {
  const sealed = Buffer.from('<s:Envelope/>');
  response
    .writeHead(200, { 'Content-Type': SEALED_TYPE })
    .end(writeSealed({ signature: Buffer.alloc(16), sealed }, sealed.length));
  return true;
};
