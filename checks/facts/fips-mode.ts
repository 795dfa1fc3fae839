import { defineFact } from '../../engine/define.ts';
import { readKey } from './read/ask.ts';

const LSA = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Lsa`;
const POLICY = `${LSA}\\FipsAlgorithmPolicy`;

/** What is asked where it would matter. */
export const FIPS_QUESTIONS = [POLICY, LSA].map((path) => `reg.exe query ${path}`);

/**
 * Whether Schannel is held to TLS, and to AES and 3DES with SHA: so Windows explains the policy "System cryptography: Use FIPS
 * 140 compliant cryptographic algorithms, including encryption, hashing and signing algorithms", which writes this value.
 */
export const fipsMode = defineFact<boolean>({
  id: 'windows/fips-mode',
  vantage: 'server',
  right: 'read HKLM (any user)',
  ask: async ($) => ((await readKey($, POLICY))?.dword('Enabled') ?? 0) !== 0,
});
