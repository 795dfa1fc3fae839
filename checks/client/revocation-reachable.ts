import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { titleOf } from '../certificate/bound.ts';
import { certificateRevocation, type Judged } from '../facts/certificate-verdicts.ts';
import { clientSettings } from '../facts/client-settings.ts';
import { SHORT_LIVED } from '../facts/read/verdict/words.ts';

/** A client cannot be made to fetch with commands that only read: so what is known is known of the auditor's machine. */
const STAND_IN = 'fetched by the machine that runs the audit, in place of the client';

const judgeServed = ({ verdict, endpoints }: Judged): readonly Finding[] =>
  verdict.revocations.map(({ certificate, tried, state }) => {
    const subject = titleOf(certificate);
    const where = `${subject}, met at ${endpoints.join(' and ')}`;
    const problem = verdict.problems.find((it) => it.concern === 'revocation' && it.certificate === certificate);
    if (problem) return fail(`${where}: ${problem.detail} (${problem.code}); ${STAND_IN}`, { subject });
    if (state === 'short-lived') return inapplicable(`${where}: ${SHORT_LIVED}`, { subject });
    return state !== 'good'
      ? unknown('unreachable', `${where}: whether it was revoked could not be told`, { subject })
      : pass(`${where}: ${tried.at(-1)?.url ?? 'no address'} answers; ${STAND_IN}`, { subject });
  });

export default defineCheck({
  id: 'client/revocation-reachable',
  title: 'The revocation lists that the dialling machine needs can be reached from the network of this audit',
  severity: 'high',
  situations: ['7.1'],
  clientErrors: ['0x80092013', '0x80092012', '0x80092010'],
  why: 'SSTP clients check revocation before there is a tunnel. Commands that only read cannot make the client fetch a list, so the machine that runs the audit fetches it in its place: what it finds holds for the client where both use the same network.',
  fix: [
    'Publish the CRL, and the delta CRL, on a web server that the Internet reaches, by http and not by https, and renew it before it ends: certutil -crl',
    "Allow its address in the proxy or firewall of the client's network (guest networks, hotels, mobile lines).",
    'On the client, certutil -urlfetch -verify SERVER.cer shows what the client itself can fetch (SERVER.cer is the certificate of the server).',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/certutil',
  ],
  needs: { settings: clientSettings, judged: certificateRevocation },
  expects: {},
  judge({ settings, judged }) {
    if (settings.noRevocationCheck)
      return [inapplicable('this machine does not check revocation: NoCertRevocationCheck is set')];
    const findings = judged.flatMap(judgeServed);
    return findings.length > 0
      ? findings
      : [inapplicable('the certificate is self-signed: there is nobody to revoke it')];
  },
});
