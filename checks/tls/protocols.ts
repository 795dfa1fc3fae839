import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type ProtocolSuites, protocolSuites } from '../facts/protocol-suites.ts';
import { PROTOCOLS, type Protocol } from '../facts/read/tls-defaults.ts';
import { type Offer, protocolOffers } from '../facts/schannel.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';
import { type WithheldProtocols, withheldProtocols } from '../facts/withheld-protocols.ts';

const said = (on: boolean): string => (on ? 'on' : 'off');

const judgeOffer = (subject: Protocol, { on, because }: Offer, wanted: boolean): Finding => {
  if (on === undefined) return unknown('absent', because, { subject });
  const message = `${subject} is ${said(on)}: ${because}`;
  return on === wanted
    ? pass(message, { subject })
    : fail(message, { subject, expected: said(wanted), actual: said(on) });
};

/** Who needs a protocol needs a binding that does not withhold it, and a suite for it, too. */
const judgeRequired = (
  subject: Protocol,
  offer: Offer,
  suites: ProtocolSuites,
  { somewhere }: WithheldProtocols,
): Finding => {
  const finding = judgeOffer(subject, offer, true);
  const { verdict, message } = finding;
  const endpoints = somewhere[subject];
  if (verdict !== 'fail' && endpoints)
    return fail(`the certificate binding of ${endpoints.join(' and ')} withholds ${subject} (${message})`, {
      subject,
      expected: 'on',
      actual: 'withheld',
    });
  if (verdict !== 'pass') return finding;
  if ('missing' in suites) {
    const { reason, detail } = suites.missing;
    return unknown(reason, `${message}, and whether it has a suite for clients is not known: ${detail}`, { subject });
  }
  const gap = suites.gaps[subject];
  if (!gap) return finding;
  return gap.open
    ? unknown('unreadable', `${message}; ${gap.why}, and ${gap.open}`, { subject })
    : fail(`${message}, but ${gap.why}`, { subject, expected: 'on, with a suite', actual: 'on, without a suite' });
};

/** What is withheld everywhere is offered to nobody, whatever Schannel would offer. */
const judgeForbidden = (subject: Protocol, offer: Offer, { everywhere }: WithheldProtocols): Finding => {
  const finding = judgeOffer(subject, offer, false);
  return finding.verdict !== 'pass' && everywhere.includes(subject)
    ? pass(`every certificate binding on the port withholds ${subject} (${finding.message})`, { subject })
    : finding;
};

const list = (description: string) =>
  ({
    type: 'array',
    uniqueItems: true,
    items: { type: 'string', enum: PROTOCOLS },
    description,
  }) as const;

export default defineCheck({
  id: 'tls/protocols',
  title: 'The server offers TLS that clients need, and no outdated protocol',
  severity: 'high',
  situations: [],
  clientErrors: ['0x80090326', '0x80090331', '0x80072746'],
  why: 'SSTP runs inside TLS, and takes the protocols that Schannel offers to clients, as far as its certificate binding does not withhold them. Outdated ones can be broken by whoever sits on the way; and where the newer ones are off, current clients cannot connect at all.',
  fix: [
    'Below HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols, in the key of the protocol and in its subkey Server, set Enabled to 0 and DisabledByDefault to 1 to switch it off, or Enabled to 1 and DisabledByDefault to 0 to switch it on.',
    'Where a protocol is on and has no suite, add suites of it that this Windows has and that go with the key of the certificate: with "Enable-TlsCipherSuite -Name NAME" in PowerShell from Server 2016 on, or by the Group Policy SSL Cipher Suite Order. Before Server 2016, those with ECDHE end with a curve, and for RSA none of them has GCM: TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P256. See also that neither their cipher, their key exchange nor their hash is off beside Protocols, in Ciphers, KeyExchangeAlgorithms and Hashes; in FIPS mode, only AES and 3DES with SHA are left.',
    'Where the certificate, or an issuer that the server sends along, has a signature that is not on, request one that is signed with SHA-256 and in the usual format: a Windows authority signs in the alternate one (RSASSA-PSS) where AlternateSignatureAlgorithm is 1. For SHA-512, Windows before Server 2016 can be updated (KB2973337).',
    'Where the certificate binding withholds a protocol ("netsh http show sslcert" shows Disable TLS1.2, TLS1.3 or Legacy TLS Versions as set), remove it with "netsh http delete sslcert ipport=0.0.0.0:443", and the same for [::]:443 (with your port), then restart RemoteAccess, so that RRAS binds the certificate anew.',
    'Restart the server: Schannel reads these values when it starts.',
    'Server 2008 has TLS 1.2 only with SP2 and an update, and no Windows before Server 2022 has TLS 1.3: move such a server to a newer Windows.',
  ],
  references: [
    'https://learn.microsoft.com/en-us/windows-server/security/tls/tls-registry-settings',
    'https://learn.microsoft.com/en-us/windows/win32/secauthn/protocols-in-tls-ssl--schannel-ssp-',
    'https://learn.microsoft.com/en-us/windows/win32/secauthn/cipher-suites-in-schannel',
    'https://learn.microsoft.com/en-us/security/engineering/disable-legacy-tls',
    'https://support.microsoft.com/topic/sha512-is-disabled-in-windows-when-you-use-tls-1-2-5863e74e-e5b6-cc3b-759b-ece8da875825',
  ],
  needs: { offers: protocolOffers, suites: protocolSuites, withheld: withheldProtocols, sstp: sstpParameters },
  expects: { required: list('protocols that must be on'), forbidden: list('protocols that must be off') },
  judge({ offers, suites, withheld, sstp }, { required, forbidden }) {
    if (!sstp.https) return [inapplicable('TLS ends at a load balancer, so Schannel does not decide about SSTP')];
    const findings = [
      ...required.map((protocol) => judgeRequired(protocol, offers[protocol], suites, withheld)),
      ...forbidden.map((protocol) => judgeForbidden(protocol, offers[protocol], withheld)),
    ];
    return findings.length > 0 ? findings : [inapplicable('no protocol is required or forbidden')];
  },
});
