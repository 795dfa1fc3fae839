import { defineFact } from '../../engine/define.ts';
import { POLICY_STORES, SYSTEM_STORES } from './certificate-stores.ts';
import { readKey } from './read/ask.ts';
import { hexOf } from './read/bytes.ts';

/**
 * The roots that Windows adds by itself when it first needs them. Without `holds` the machine has no list of them yet, or
 * it cannot be read.
 */
export type RootProgram = Readonly<{
  /** False where a policy switches it off. */
  adds: boolean;
  /** Whether a certificate with this thumbprint is on the list. */
  holds?(thumbprint: string): boolean;
}>;

/** Belief: the list names each root by its SHA-1, as an octet string of 20 bytes. */
const SHA1 = '0414';

/** What Windows knows of Microsoft's root program. The value that holds the list: belief. */
export const rootProgram = defineFact<RootProgram>({
  id: 'client/root-program',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const [policy, update] = await Promise.all([
      readKey($, POLICY_STORES, { recursive: true }),
      readKey($, `${SYSTEM_STORES}\\AuthRoot\\AutoUpdate`, { usuallyAbsent: true }),
    ]);
    const list = update?.binary('EncodedCtl');
    const hex = list && hexOf(list);
    return {
      adds: policy?.key('AuthRoot')?.dword('DisableRootAutoUpdate') !== 1,
      ...(hex && { holds: (thumbprint) => hex.includes(SHA1 + thumbprint) }),
    };
  },
});
