/** What errors of sockets and TLS mean for the target. */
import { Unknown } from '../../define.ts';

type Failure = readonly [saying: RegExp, reason: Unknown['reason'], detail: string];

const OPENING: readonly Failure[] = [
  [/^(ENOTFOUND|EAI_)/, 'unreachable', 'its name is not known'],
  [/^ECONNREFUSED$/, 'refused', 'nothing listens there'],
  [/^(ECONNRESET|EPIPE)$/, 'refused', 'it closed the connection'],
  [/^(E?HOST|ENET|ETIMEDOUT|EADDR)/, 'unreachable', 'there is no way to it'],
  [/^CERT_HAS_EXPIRED$/, 'untrusted', 'its certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'untrusted', 'its certificate is not valid yet'],
  [/^(ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/, 'untrusted', 'its certificate is for another name'],
  [
    /^(CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_(CA|PURPOSE)|PATH_LENGTH|ERR_TLS_CERT)/,
    'untrusted',
    'no certificate authority that is trusted here vouches for its certificate',
  ],
  [/^(ERR_SSL_|EPROTO)/, 'refused', 'it does not agree to a TLS connection (1.2 or later) on this port'],
];

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Why a connection could not be opened. */
export const notOpened = (error: unknown, where: string): Unknown => {
  const code = codeOf(error);
  const [, reason, detail] = OPENING.find(([saying]) => saying.test(code)) ?? [
    undefined,
    'unreachable' as const,
    'no connection',
  ];
  return new Unknown(reason, `${where}: ${detail} (${code})`, { cause: error });
};

/** Why a connection broke. A server that never answered has refused; one that had answered left us with half. */
export const brokenBy = (error: unknown, answeredBefore: boolean): Unknown => {
  const code = codeOf(error);
  if (/^HPE_/.test(code)) return new Unknown('unreadable', `the answer is not HTTP (${code})`, { cause: error });
  if (/^ERR_SSL_/.test(code))
    return new Unknown('refused', `the server ended the TLS connection (${code})`, { cause: error });
  return answeredBefore
    ? new Unknown('truncated', `the connection ended in the middle of the conversation (${code})`, { cause: error })
    : new Unknown('refused', `the server closed the connection without an answer (${code})`, { cause: error });
};
