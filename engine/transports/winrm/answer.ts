/** From what came back over HTTP to the body of an envelope. */
import { Unknown } from '../../define.ts';
import type { Reply } from './connection.ts';
import { type Fault, faultIn } from './fault.ts';
import { NS } from './namespaces.ts';
import { childrenOf, type Element, find, readXml } from './xml.ts';

/** The body of an envelope, or the fault in it. */
export type Answered = Readonly<{ body: Element; fault?: undefined } | { fault: Fault }>;

/** `id` is that of the request. Throws Unknown for everything that is no envelope, or answers another request. */
export const answerIn = (reply: Reply, id: string): Answered => {
  if (!isEnvelope(reply)) throw notWinrm(reply);
  const envelope = parsed(reply.body);
  const [body] = childrenOf(envelope, NS.s, 'Body');
  if (envelope.namespace !== NS.s || envelope.name !== 'Envelope' || !body)
    throw new Unknown('unreadable', 'the answer is no SOAP envelope');
  const answered = find(envelope, NS.a, 'RelatesTo')?.text.trim();
  if (answered !== undefined && answered.toUpperCase() !== id.toUpperCase())
    throw new Unknown('unreadable', 'the answer is for another request');
  const fault = faultIn(body);
  if (fault) return { fault };
  if (reply.status !== 200) throw notWinrm(reply);
  return { body };
};

const parsed = (bytes: Buffer): Element => {
  try {
    return readXml(bytes);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Unknown('unreadable', cause.message, { cause });
  }
};

/** Only an answer that says so is read as XML; sealed ones are XML inside. */
export const isEnvelope = ({ headers, body }: Reply): boolean =>
  body.length > 0 && /^(application\/soap\+xml|multipart\/encrypted)\b/i.test(headers['content-type'] ?? '');

/** What a web server, a proxy or a gateway means that answers in place of WinRM. */
export const notWinrm = ({ status, headers }: Reply): Unknown => {
  const type = headers['content-type']?.split(';')[0] ?? 'nothing';
  const what = `status ${status}, ${type}`;
  switch (status) {
    case 401:
    case 403:
      return new Unknown('refused', `the server does not let this account in (${what})`);
    case 407:
      return new Unknown('unreachable', `a proxy stands in the way and wants a sign-in of its own (${what})`);
    case 404:
      return new Unknown('refused', `a web server answers, but no WinRM listener is behind it (${what})`);
    case 503:
      return new Unknown('refused', `the WinRM service does not run, or is too busy (${what})`);
    case 500:
      return new Unknown('unreadable', `the server failed without saying why (${what})`);
    default:
      return new Unknown('unreachable', `something else than WinRM answered, such as a proxy or a web page (${what})`);
  }
};
