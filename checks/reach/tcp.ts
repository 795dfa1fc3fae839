import { defineCheck, fail, type Handshake, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type Attempt, inWords, portAnswers, REASONS } from '../facts/attempts.ts';
import { isPublicAddress } from '../facts/read/host.ts';
import { NO_NAME, predictionFor } from './prediction.ts';
import { showing } from './showing.ts';

/** Inside the network, DNS often leads past the firewall that clients meet. */
const fromInside = ({ address }: Handshake): string =>
  isPublicAddress(address) ? '' : `; ${address} is no public address, so this says nothing of clients on the Internet`;

const judgeAttempt = ({ at: subject, tookMs, trouble, handshake }: Attempt): Finding => {
  if (!trouble) return pass(`the port answers, after ${Math.round(tookMs)} ms${fromInside(handshake)}`, { subject });
  const prediction = predictionFor(handshake);
  return prediction
    ? fail(`${inWords(trouble)}: ${showing(prediction)}`, { subject })
    : unknown(REASONS[trouble.kind], inWords(trouble), { subject });
};

export default defineCheck({
  id: 'reach/tcp',
  title: 'The dialled name exists, and its port answers from outside, at every address',
  severity: 'critical',
  situations: ['2.2', '8.11'],
  clientErrors: ['809', '868', '0x8007274C', '0x8007274D', '0x80072751', '0x80072AF9'],
  why: 'Whatever is right on the server, a client that gets no answer from the port shows 809. Between the server and its clients stand firewalls, address translation, load balancers and DNS, which no look at the server can see.',
  fix: [
    'If the name does not exist, add it to the public DNS zone, and check that the VPN connections dial that name.',
    'If the port is refused, check on the server that RemoteAccess and SstpSvc run and listen there (service/running, sstp/listening).',
    'If nothing answers in time, let TCP 443 (or your listener port) through to the server in every firewall and address translation on the way, in Windows Firewall, and in the security group of a cloud.',
    'If only one address answers, remove the other from DNS, or make it work: clients take either.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows/win32/rras/routing-and-remote-access-error-codes',
  ],
  needs: { answers: portAnswers },
  expects: {},
  judge: ({ answers }) =>
    'missing' in answers ? [fail(`${answers.missing}: ${showing(NO_NAME)}`)] : answers.attempts.map(judgeAttempt),
});
