/** The suites that an administrator chose on the server, or by Group Policy. */
import { CIPHER_SUITES, POLICY_CIPHER_SUITES } from '../../server/healthy.ts';
import { type Server, setValue } from '../../server/state.ts';

export const order =
  (...suites: string[]) =>
  (server: Server) =>
    setValue(server, CIPHER_SUITES, 'Functions', ['REG_MULTI_SZ', suites]);

export const policy =
  (...suites: string[]) =>
  (server: Server) =>
    setValue(server, POLICY_CIPHER_SUITES, 'Functions', ['REG_SZ', suites.join(',')]);
