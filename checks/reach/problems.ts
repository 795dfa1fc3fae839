import { fail, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { type Judged, openIn } from '../facts/certificate-verdicts.ts';
import { CONDITIONS, type Concern } from '../facts/read/verdict/conditions.ts';
import type { Prediction } from './prediction.ts';
import { shows } from './showing.ts';

/** What a Windows client shows for a certificate, or `undefined` where nothing is known against it. */
export const predictionOf = ({ verdict }: Pick<Judged, 'verdict'>): Prediction | undefined => {
  const { problems, code, alternatives, confidence } = verdict;
  const [first] = problems;
  if (!first || code === undefined || confidence === undefined) return;
  return { code, alternatives, confidence, cause: CONDITIONS[first.kind].says };
};

/** What is wrong with a certificate in one respect, or `undefined`: each problem, then what users see. */
const failureOn = (judged: Judged, concern: Concern): string | undefined => {
  const met = judged.verdict.problems.filter((problem) => problem.concern === concern);
  const prediction = predictionOf(judged);
  if (!met[0] || !prediction) return;
  const each = met.map(({ certificate, detail }) => `${titleOf(certificate)}: ${detail}`).join('; ');
  return met[0].code === prediction.code
    ? `${each}; ${shows(prediction)}`
    : `${each}; a Windows client would show ${met[0].code}, once that is mended for which it shows ${prediction.code}`;
};

/** What a finding about a certificate is about: where it was met. */
export const subjectOf = ({ endpoints }: Judged): Pick<Finding, 'subject'> => ({ subject: endpoints.join(' and ') });

/** What is wrong with a certificate in one respect, else that it is not known whether something is; `undefined` where all is well. */
export const againstIt = (judged: Judged, concern: Concern): Finding | undefined => {
  const failure = failureOn(judged, concern);
  if (failure) return fail(failure, subjectOf(judged));
  const open = openIn([judged], concern);
  return open && unknown(open.reason, open.message, subjectOf(judged));
};

/** That this machine trusts the root says of other machines only so much. */
const ownRootIn = ({ verdict: { chain }, hasOwnRoot }: Judged): readonly string[] =>
  hasOwnRoot
    ? chain
        .slice(-1)
        .map(
          (root) =>
            `${titleOf(root)} is a root of this machine, and none of the public ones known here: give the roots that clients trust with --roots`,
        )
    : [];

/** Issuers that the server does not send, and where they were fetched: a client that gets no answer there lacks them. */
const unsentIn = ({ verdict: { chain, fetched } }: Judged): readonly string[] =>
  fetched.flatMap(({ url, certificates }) =>
    certificates
      .filter((certificate) => chain.includes(certificate))
      .map((certificate) => `${titleOf(certificate)} is not sent by the server, but fetched from ${url}`),
  );

/** What there is to say of a certificate with whose trust all is well. */
export const remarksOn = (judged: Judged): readonly string[] => [...unsentIn(judged), ...ownRootIn(judged)];
