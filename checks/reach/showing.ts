import type { Prediction } from './prediction.ts';

/** What a client shows, as an English clause. */
export const shows = ({ code, confidence, alternatives, event }: Omit<Prediction, 'cause'>): string => {
  const or = alternatives.length > 0 ? `, or ${alternatives.join(', ')}` : '';
  const logged = event === undefined ? '' : `, and RasSstp logs event ${event} there`;
  const shown = code
    ? `a Windows client would show ${code}${or}`
    : 'which code a Windows client would show is not known';
  return `${shown} (confidence: ${confidence})${logged}`;
};

/** The cause, and what a client shows for it. */
export const showing = (prediction: Prediction): string => `${prediction.cause.en}; ${shows(prediction)}`;
