import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { leavesModernOnly } from '../facts/read/binding.ts';
import { isApproved, isCipherOff, isModern } from '../facts/read/suite-names.ts';
import { listOf } from '../facts/read/words.ts';
import { type CipherSuites, cipherSuites } from '../facts/schannel.ts';
import { sstpParameters } from '../facts/sstp-parameters.ts';
import { withheldProtocols } from '../facts/withheld-protocols.ts';

/** `EXPORT1024` is an export suite as well. */
const holds = (suite: string, word: string): boolean =>
  suite.split('_').some((part) => part === word || part.replace(/^EXPORT\d+$/, 'EXPORT') === word);

/** Why suites that are on reach no client: `left` are those that do. */
type Withheld = Readonly<{ left: readonly string[]; because: string }>;

/** `modernOnly`: no certificate binding on the port leaves any other suite to its clients. */
const withheldOf = (on: readonly string[], { fips }: CipherSuites, modernOnly: boolean): Withheld => {
  const modern = modernOnly ? on.filter(isModern) : on;
  const approved = fips?.known && fips.value ? modern.filter(isApproved) : modern;
  return approved.length < modern.length
    ? { left: approved, because: 'FIPS mode withholds it' }
    : { left: modern, because: 'every certificate binding on the port withholds it (Disable Legacy TLS Versions)' };
};

const judgeWord = (subject: string, order: CipherSuites, modernOnly: boolean): Finding => {
  const { suites, by, off, fips } = order;
  const found = suites.filter((suite) => holds(suite, subject));
  const on = found.filter((suite) => !isCipherOff(suite, off.ciphers));
  const { left, because } = withheldOf(on, order, modernOnly);
  if (left.length > 0 && fips && !fips.known && !left.some(isApproved))
    return unknown(
      fips.reason,
      `${subject} is listed (${by}), and whether FIPS mode withholds it is not known: ${fips.detail}`,
      {
        subject,
      },
    );
  if (left.length > 0)
    return fail(`${subject} is offered (${by}): ${listOf(left)}`, {
      subject,
      expected: 'not offered',
      actual: 'offered',
    });
  if (on.length > 0) return pass(`${subject} is listed (${by}), and ${because}: ${listOf(on)}`, { subject });
  if (found.length > 0)
    return pass(`${subject} is listed (${by}), and its cipher is off: ${listOf(found)}`, { subject });
  return pass(`none of ${suites.length} suites (${by}) has ${subject}`, { subject });
};

export default defineCheck({
  id: 'tls/cipher-suites',
  title: 'The server offers no cipher suite with a broken cipher',
  severity: 'medium',
  situations: [],
  clientErrors: ['0x80090326', '0x80090331'],
  why: 'Client and server agree on a cipher suite from the list of Schannel. As long as it holds suites with a broken cipher, or with none at all, whoever sits on the way can bring a client to use one, and read what it sends.',
  fix: [
    'On Server 2016 and later, take the suites off the list with "Disable-TlsCipherSuite -Name NAME", in PowerShell.',
    'On older servers, or for many of them, set the order in Group Policy: Computer Configuration, Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite Order.',
    'Or switch a cipher off for every suite: below HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Ciphers set Enabled to 0 in the key of the cipher, such as "RC4 128/128" or "Triple DES 168".',
    'Restart the server: Schannel reads the list when it starts.',
  ],
  references: [
    'https://learn.microsoft.com/en-us/windows-server/security/tls/manage-tls',
    'https://learn.microsoft.com/en-us/windows/win32/secauthn/cipher-suites-in-schannel',
    'https://learn.microsoft.com/en-us/troubleshoot/windows-server/certificates-and-public-key-infrastructure-pki/restrict-cryptographic-algorithms-protocols-schannel',
  ],
  needs: { suites: cipherSuites, withheld: withheldProtocols, sstp: sstpParameters },
  expects: {
    forbidden: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[A-Z0-9]+$' },
      description: "parts of a suite's name, such as RC4, that no suite may have",
    },
  },
  judge: ({ suites, withheld, sstp }, { forbidden }) =>
    sstp.https
      ? forbidden.map((word) => judgeWord(word, suites, leavesModernOnly(withheld.everywhere)))
      : [inapplicable('TLS ends at a load balancer, so Schannel does not decide about SSTP')],
});
