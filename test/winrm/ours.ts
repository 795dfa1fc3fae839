/** Our own way in, as tests use it against the test server. */
import { Readable } from 'node:stream';
import { type Credentials, credentialsFrom } from '../../engine/credentials.ts';
import type { Answer } from '../../engine/transports/transport.ts';
import { lockOutGuard } from '../../engine/transports/winrm/lock-out.ts';
import { trustIn } from '../../engine/transports/winrm/trust.ts';
import { type WinrmOptions, winrm } from '../../engine/transports/winrm.ts';
import { CA, CLIENT } from './tls.ts';

export const PASSWORD = 'correct horse & <battery> "staple" ü';
/** Python's requests sends other letters than ASCII in Latin-1, where we send UTF-8. */
export const ASCII_PASSWORD = 'correct horse & <battery> "staple"';
export const USERS = { audit: PASSWORD, operator: ASCII_PASSWORD };

export const credentialsOf = (password: string = PASSWORD): Credentials =>
  credentialsFrom('env:SSTP_AUDIT_PASSWORD', { env: { SSTP_AUDIT_PASSWORD: password }, stdin: Readable.from([]) });

export const TRUST = trustIn({ ca: CA });
export const TRUST_AND_CERTIFICATE = trustIn({ ca: CA, certificate: CLIENT });

export const options = (more: Partial<WinrmOptions> = {}): WinrmOptions => ({
  credentials: credentialsOf(),
  guard: lockOutGuard(),
  trust: TRUST,
  env: process.env,
  ...more,
});

/** Asks the commands, closes, and gives the answers. */
export const ask = async (
  address: string,
  commands: readonly string[],
  more: Partial<WinrmOptions> & { signal?: AbortSignal } = {},
): Promise<readonly Answer[]> => {
  const transport = winrm(new URL(address), options(more));
  try {
    return await transport.exchange(commands, { signal: more.signal ?? new AbortController().signal });
  } finally {
    await transport.close();
  }
};
