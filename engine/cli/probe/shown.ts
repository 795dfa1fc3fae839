/** What a Windows client would show at each address, as far as can be told. */
import { endpointOf } from '../../../checks/facts/attempts.ts';
import { NO_NAME, type Prediction, predictionFor, TOO_LARGE } from '../../../checks/reach/prediction.ts';
import { predictionOf } from '../../../checks/reach/problems.ts';
import type { Handshake } from '../../probe/seen.ts';
import type { Look } from './look.ts';

/** A prediction, and the addresses where it holds; none where the name does not exist. */
export type Shown = Readonly<{ at: readonly string[]; prediction: Prediction }>;

/** TCP and TLS come first, then the certificate, then HTTP and SSTP: so does what a client shows. */
const BEFORE_THE_CERTIFICATE = ['proxy', 'tcp', 'tls'];

const predictionAt = (handshake: Handshake, { verdicts }: Look): Prediction | undefined => {
  const seen = predictionFor(handshake);
  const stage = handshake.steps.find(({ trouble }) => trouble)?.stage;
  if (seen === TOO_LARGE || (seen && stage && BEFORE_THE_CERTIFICATE.includes(stage))) return seen;
  const at = endpointOf(handshake);
  const judged = verdicts.known ? verdicts.value.judged.find(({ endpoints }) => endpoints.includes(at)) : undefined;
  return (judged && predictionOf(judged)) ?? seen;
};

/** Equal predictions together, in the order of the addresses. */
export const shownIn = (look: Look): readonly Shown[] => {
  const { connections } = look;
  if (!connections.known) return [];
  const { name, tried } = connections.value;
  if (tried.length === 0 && name.missing !== undefined) return [{ at: [], prediction: NO_NAME }];
  const found = new Map<string, { at: string[]; prediction: Prediction }>();
  for (const handshake of tried) {
    const prediction = predictionAt(handshake, look);
    if (!prediction) continue;
    const key = JSON.stringify(prediction);
    const known = found.get(key) ?? { at: [], prediction };
    known.at.push(endpointOf(handshake));
    found.set(key, known);
  }
  return [...found.values()];
};
