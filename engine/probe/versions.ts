/** Which versions and suites a server accepts: hand-made hellos, each without the suites that were chosen before. */
import pLimit from 'p-limit';
import { LIMITS } from '../limits.ts';
import { alertTrouble, UNRECOGNIZED_NAME } from './alerts.ts';
import { type Around, dial } from './dial.ts';
import { clientHello, SUITES, serverWordsIn } from './hello.ts';
import { setOut } from './journey.ts';
import { gone } from './leave.ts';
import { lasting } from './patience.ts';
import type { Question } from './questions.ts';
import { TLS_VERSIONS, type TlsVersion, type Trouble, type VersionOffer } from './seen.ts';
import { garbage, type Went } from './trouble.ts';

/** Offers suites of a version: the one that the server chose, or undefined when it chose something else. */
type Ask = (version: TlsVersion, suites: readonly number[]) => Promise<Went<number | undefined>>;

const greetingIn = (kept: Buffer): Went<{ version: TlsVersion | undefined; suite: number }> | undefined => {
  const words = serverWordsIn(kept);
  if (words === undefined) return;
  if (words === null) return { trouble: garbage('the server does not speak TLS', kept) };
  return 'alert' in words ? { trouble: alertTrouble(words.alert) } : { value: words };
};

const asking = ({ address, endpoint }: Extract<Question, { kind: 'versions' }>, { patience, resolve }: Around): Ask => {
  const limit = pLimit(LIMITS.connectionsPerServer);
  const left = lasting({ ms: LIMITS.sweepMs, signal: patience.signal });
  const ask: Ask = async (version, suites) => {
    const within = { ms: Math.min(patience.ms, left().ms), signal: patience.signal };
    const journey = setOut();
    const line = await dial(address, endpoint, { patience: within, resolve }, journey);
    if (!('socket' in line)) return { trouble: journey.steps.at(-1)?.trouble ?? UNSAID };
    line.socket.write(clientHello(version, suites, endpoint.serverName));
    const went = await line.ear.until(line.from, greetingIn, within);
    await gone(line.socket);
    if ('trouble' in went) return went;
    const { version: chosen, suite } = went.value;
    return { value: chosen === version && suites.includes(suite) ? suite : undefined };
  };
  return (version, suites) => limit(() => ask(version, suites));
};

const UNSAID: Trouble = { kind: 'unreachable', detail: 'the connection was not made' };

/** Only a ServerHello accepts. Its absence refuses where the server says so; a mere hang-up may have other reasons. */
const isNo = ({ kind, alert }: Trouble): boolean => kind === 'alert' && alert !== UNRECOGNIZED_NAME;
const isHangUp = ({ kind }: Trouble): boolean => kind === 'closed' || kind === 'reset';

/** The suites that are accepted, until the server accepts none of the rest. */
const suitesOf = async (version: TlsVersion, ask: Ask): Promise<VersionOffer> => {
  const suites: number[] = [];
  for (let rest = SUITES[version]; rest.length > 0; ) {
    const went = await ask(version, rest);
    if ('trouble' in went) return { version, suites, ...(!isNo(went.trouble) && { trouble: went.trouble }) };
    const { value: suite } = went;
    if (suite === undefined) break;
    suites.push(suite);
    rest = rest.filter((other) => other !== suite);
  }
  return { version, suites };
};

/**
 * Schannel refuses by hanging up (belief). That is believed when the server hangs up again, and right afterwards still
 * accepts what it accepted before: it then neither keeps us out nor is down.
 */
const confirmed = async (offer: VersionOffer, offers: readonly VersionOffer[], ask: Ask): Promise<VersionOffer> => {
  const { version, suites, trouble } = offer;
  const known = offers.find((other) => other.suites.length > 0);
  if (!trouble || !isHangUp(trouble) || !known) return offer;
  const again = await ask(
    version,
    SUITES[version].filter((suite) => !suites.includes(suite)),
  );
  if (!('trouble' in again) || !isHangUp(again.trouble)) return offer;
  const control = await ask(known.version, known.suites);
  return 'value' in control && control.value !== undefined ? { version, suites } : offer;
};

/** Asks for every version, a few connections at a time. */
export const sweep = async (
  question: Extract<Question, { kind: 'versions' }>,
  around: Around,
): Promise<readonly VersionOffer[]> => {
  const ask = asking(question, around);
  const offers = await Promise.all(TLS_VERSIONS.map((version) => suitesOf(version, ask)));
  const sure: VersionOffer[] = [];
  for (const offer of offers) sure.push(await confirmed(offer, offers, ask));
  return sure;
};
