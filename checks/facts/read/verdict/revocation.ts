import type { Certificate } from '../certificate.ts';
import { type Answer, unclear } from './answer.ts';
import { askCrl, type Subject } from './crl-answer.ts';
import { crlPointsOf } from './crl-points.ts';
import { type Download, MOST_URLS } from './download.ts';
import { isShortLived, namesSource, revocableIn } from './revocable.ts';

/** One address that was asked, and what came of it. */
export type Tried = Readonly<{ url: string; answer: Answer }>;

/**
 * Whether a certificate was revoked. offline: no client can tell; no-source: the certificate does not say where to ask;
 * short-lived: nor does it, and it need not;
 * unclear: it cannot be told from here, while a client may be able to; not-asked: nobody was asked, for the reason given.
 */
export type Revocation = Readonly<
  { certificate: Certificate; tried: readonly Tried[] } & (
    | { state: 'good' | 'offline' | 'no-source' | 'short-lived' | 'unclear' }
    | { state: 'revoked'; since: Date; reason?: string }
    | { state: 'not-asked'; why: string }
  )
>;

type Source = Readonly<{ url: string; ask(): Promise<Answer> }>;

const isFinal = ({ answer }: Tried): boolean => answer.kind === 'good' || answer.kind === 'revoked';

/** Asks one after another until one can say. */
const tryEach = async (sources: readonly Source[]): Promise<readonly Tried[]> => {
  const tried: Tried[] = [];
  for (const { url, ask } of sources.slice(0, MOST_URLS)) {
    const answer = await ask();
    tried.push({ url, answer });
    if (isFinal({ url, answer })) return tried;
  }
  const [next, ...more] = sources.slice(MOST_URLS);
  if (!next) return tried;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  return [...tried, { url: `${next.url}${others}`, answer: unclear(`only ${MOST_URLS} addresses are asked`) }];
};

const conclude = (certificate: Certificate, tried: readonly Tried[]): Revocation => {
  const rest = { certificate, tried };
  const final = tried.at(-1)?.answer;
  if (final?.kind === 'good') return { ...rest, state: 'good' };
  if (final?.kind === 'revoked') {
    const { since, reason } = final;
    return { ...rest, state: 'revoked', since, ...(reason && { reason }) };
  }
  if (tried.length === 0) return { ...rest, state: 'no-source' };
  return { ...rest, state: tried.some(({ answer }) => answer.kind === 'unclear') ? 'unclear' : 'offline' };
};

const askSources = async (subject: Subject): Promise<Revocation> => {
  const { certificate } = subject;
  // OCSP first, as Windows does. Its library is loaded for certificates that name a responder: fewer and fewer do.
  const askOcsp = async (url: string): Promise<Answer> => (await import('./ocsp-answer.ts')).askOcsp(url, subject);
  const ocsp = await tryEach(certificate.ocspUrls.map((url) => ({ url, ask: () => askOcsp(url) })));
  if (ocsp.some(isFinal)) return conclude(certificate, ocsp);
  const lists = crlPointsOf(certificate).whole.map((point) => ({ url: point.url, ask: () => askCrl(point, subject) }));
  const tried = [...ocsp, ...(await tryEach(lists))];
  return conclude(certificate, tried.some(isFinal) ? tried : [...tried, ...(await tryStapled(subject))]);
};

/** What came with TLS counts where nothing else could be learned: a client may have no more than that, either. */
const tryStapled = async (subject: Subject): Promise<readonly Tried[]> => {
  if (!subject.stapled) return [];
  const { readStapled } = await import('./ocsp-answer.ts');
  return [{ url: 'the OCSP answer that the server sends along', answer: await readStapled(subject.stapled, subject) }];
};

/** The revocation of each certificate of a chain but its root; `stapled` is about the first. Source: sstp-protocol 5.2. */
export const revocationsOf = (
  chain: readonly Certificate[],
  at: Date,
  download: Download | undefined,
  stapled?: Uint8Array<ArrayBuffer>,
): Promise<readonly Revocation[]> =>
  Promise.all(
    revocableIn(chain).map(async (certificate, place): Promise<Revocation> => {
      const issuer = chain[place + 1];
      if (!namesSource(certificate))
        return { certificate, tried: [], state: isShortLived(certificate) ? 'short-lived' : 'no-source' };
      const notAsked = (why: string): Revocation => ({ certificate, tried: [], state: 'not-asked', why });
      if (!issuer) return notAsked('its issuer is missing, which would have to sign the answer');
      if (!download) return notAsked('nothing was asked over the network');
      return askSources({ certificate, issuer, at, download, ...(place === 0 && stapled && { stapled }) });
    }),
  );
