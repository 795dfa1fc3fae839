import test from 'ava';
import revocationCheck from '../../../checks/client/revocation-check.ts';
import { deny, removeKey, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const PARAMETERS = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters`;
const set = (value: number) => (server: Server) =>
  setValue(server, PARAMETERS, 'NoCertRevocationCheck', ['REG_DWORD', value]);

test('a machine without the value passes', judging, revocationCheck, { status: 'pass', says: /is absent/ });

test('0 passes', judging, revocationCheck, { given: set(0), status: 'pass', says: /is 0/ });

test('1 fails', judging, revocationCheck, { given: set(1), status: 'fail', says: /NoCertRevocationCheck is 1/ });

test('a value of another type is unknown', judging, revocationCheck, {
  given: (server) => setValue(server, PARAMETERS, 'NoCertRevocationCheck', ['REG_SZ', '1']),
  status: 'unknown',
  reason: 'unreadable',
});

test('settings that may not be read are unknown', judging, revocationCheck, {
  given: (server) => deny(server, PARAMETERS),
  status: 'unknown',
  reason: 'denied',
});

test('a machine without the SSTP service is unknown', judging, revocationCheck, {
  given: (server) => removeKey(server, PARAMETERS),
  status: 'unknown',
  reason: 'absent',
});
