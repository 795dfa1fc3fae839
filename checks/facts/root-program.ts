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
  /** Whether a root with this thumbprint, or this identifier of its key, is on the list. */
  holds?(id: string): boolean;
}>;

/** The list names each root by its SHA-1, and says the identifier of its key: octet strings of 20 bytes. */
const TWENTY_BYTES = '0414';

const UPDATE = `${SYSTEM_STORES}\\AuthRoot\\AutoUpdate`;

/** What is asked for the list. */
export const ROOT_LIST_QUESTIONS = [UPDATE, `${SYSTEM_STORES}\\AuthRoot`].map((path) => `reg.exe query ${path}`);

/** What Windows knows of Microsoft's root program. Source of the list's place: public disassembly notes of crypt32.dll. */
export const rootProgram = defineFact<RootProgram>({
  id: 'client/root-program',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const [policy, update] = await Promise.all([
      readKey($, POLICY_STORES, { recursive: true }),
      readKey($, UPDATE, { usuallyAbsent: true }),
    ]);
    const list = update?.binary('EncodedCtl');
    const hex = list && hexOf(list);
    return {
      adds: policy?.key('AuthRoot')?.dword('DisableRootAutoUpdate') !== 1,
      ...(hex && { holds: (id) => hex.includes(TWENTY_BYTES + id) }),
    };
  },
});
