import { defineCheck, fail, pass, type SstpSeen } from '../../engine/define.ts';
import { type Attempt, inWords, sstpAnswer } from '../facts/attempts.ts';
import { predictionFor } from './prediction.ts';
import { showing } from './showing.ts';

const HASHES = ['SHA-1', 'SHA-256'] as const;

type Acknowledgement = Extract<SstpSeen, { message: 'CALL_CONNECT_ACK' }>;

/** What ends the call before its acknowledgement. */
const refusalOf = ({ trouble, handshake }: Attempt): string | undefined => {
  const prediction = predictionFor(handshake);
  if (!trouble || !prediction) return;
  return `${inWords(trouble)}: ${showing(prediction)}`;
};

const isAcknowledged = (sstp: SstpSeen | undefined): sstp is Acknowledgement => sstp?.message === 'CALL_CONNECT_ACK';

/** Other addresses may be other servers; one call takes a port already, and where it is one server, a second takes another. */
const except = (unasked: readonly string[]): string =>
  unasked.length > 0
    ? `; SSTP was not tried at ${unasked.join(', ')}: probe each of them alone, if it is another server`
    : '';

export default defineCheck({
  id: 'reach/sstp',
  title: 'The server takes an SSTP request and acknowledges the call, with the wanted hashes',
  severity: 'critical',
  situations: ['1.4', '8.11'],
  clientErrors: ['0x800704C9', '0x800704D4'],
  why: 'A port that does TLS may belong to a web site or a proxy, and RRAS refuses SSTP when it has no port left. Only the SSTP request itself shows that a call would be taken; everything after it needs credentials. The hash is what the client binds the certificate with: SHA-1 alone is outdated.',
  fix: [
    'If HTTP answers 401, SSTP itself takes no call: in the properties of Ports in Routing and Remote Access, let WAN Miniport (SSTP) accept remote access connections, raise the number of its ports, and look for users that hold them.',
    'If HTTP answers anything else, such as 404 or 503, another program has the address: see that RemoteAccess and SstpSvc run (service/running, sstp/url), and that no proxy or load balancer in between answers in their place.',
    'If the answer is not HTTP/1.1 or never comes, let load balancers and firewalls pass SSTP through without inspecting it. A busy server is waited for as long as Windows does with --stage-timeout 60.',
    'If the wanted hash is not offered, set the certificate again on the Security tab of the server, and restart RemoteAccess, so that RRAS writes Sha256CertificateHash.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sstp/c50ed240-56f3-4309-8e0c-1644898f0ea8',
  ],
  needs: { answer: sstpAnswer },
  expects: {
    requiredHashes: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: HASHES },
      description: 'hashes that must be offered for the crypto binding',
    },
    forbiddenHashes: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: HASHES },
      description: 'hashes that must not be offered for the crypto binding',
    },
  },
  judge({ answer }, { requiredHashes, forbiddenHashes }) {
    const { at: subject, handshake, unasked } = answer;
    const { sstp } = handshake;
    if (!isAcknowledged(sstp)) return [fail(refusalOf(answer) ?? 'the call was not acknowledged', { subject })];
    const actual = sstp.hashes.join(', ') || 'none';
    const problems = [
      ...requiredHashes.filter((hash) => !sstp.hashes.includes(hash)).map((hash) => `${hash} is not offered`),
      ...forbiddenHashes.filter((hash) => sstp.hashes.includes(hash)).map((hash) => `${hash} is offered`),
    ];
    return problems.length > 0
      ? [fail(`the call is acknowledged, but ${problems.join('; ')} for the crypto binding`, { subject, actual })]
      : [
          pass(`the call is acknowledged; hashes offered for the crypto binding: ${actual}${except(unasked)}`, {
            subject,
          }),
        ];
  },
});
