import { defineCheck, fail, pass, type TlsSeen, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type Attempt, inWords, REASONS, tlsAnswers } from '../facts/attempts.ts';
import { isOversized } from './oversized.ts';
import { predictionFor, TOO_LARGE } from './prediction.ts';
import { showing } from './showing.ts';

const AGED = '; newer Windows clients give it up (reach/tls-versions)';
/** A server chooses the newest version that it is offered, and so says nothing of clients that do not offer it. */
const NOT_OF_ALL: Readonly<Record<string, string>> = {
  'TLS 1.0': AGED,
  'TLS 1.1': AGED,
  'TLS 1.3': '; clients before Windows 11 and Server 2022 need TLS 1.2 (reach/tls-versions)',
};

const judgeAgreed = (tls: TlsSeen, subject: string): Finding => {
  const { protocol, cipher, certificates } = tls;
  const agreed = `${protocol} with ${cipher}`;
  return isOversized(tls)
    ? fail(`${agreed}, but ${certificates.length} certificates come along: ${showing(TOO_LARGE)}`, { subject })
    : pass(`${agreed}${NOT_OF_ALL[protocol] ?? ''}`, { subject });
};

const judgeAttempt = ({ at: subject, trouble, handshake }: Attempt): Finding => {
  const { tls } = handshake;
  if (!trouble)
    return tls ? judgeAgreed(tls, subject) : unknown('unreadable', 'what TLS agreed on is not told', { subject });
  const prediction = predictionFor(handshake);
  return prediction
    ? fail(`${inWords(trouble)}: ${showing(prediction)}`, { subject })
    : unknown(REASONS[trouble.kind], inWords(trouble), { subject });
};

export default defineCheck({
  id: 'reach/tls',
  title: 'The port answers with TLS and a certificate, at every address',
  severity: 'critical',
  situations: ['3.8'],
  clientErrors: ['0x80070040', '0x80072746', '0x80090326', '0x80090331', '0x80090308', '809'],
  why: 'HTTP.sys takes the connection even when no certificate is bound to the address and port, and drops it when the client begins TLS. The client then shows 0x80070040. Another program on the port, or a device that inspects TLS, ends it in other ways.',
  fix: [
    'If the connection is dropped before TLS, choose the certificate on the Security tab of the server in Routing and Remote Access, and restart the service: RRAS then binds it to 0.0.0.0 and [::].',
    'If something other than TLS answers, find the program that owns the port: netstat -ano',
    'If there is no common version or cipher suite, enable TLS 1.2 and current suites on the server (tls/protocols, tls/cipher-suites).',
    'If more certificates come along than Windows takes, choose one with fewer names, or have the load balancer that ends TLS send none but its issuers.',
    'If a load balancer or a firewall ends TLS in between, let it pass SSTP through.',
    'If nothing comes in time, look for a device that holds the connection back, and see whether large packets are lost on the way (MTU): ping -f -l 1472 NAME',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netsh-http',
  ],
  needs: { answers: tlsAnswers },
  expects: {},
  judge: ({ answers }) => answers.map(judgeAttempt),
});
