import test from 'ava';
import legacy from '../../../checks/rras/legacy-protocols.ts';
import { L2TP_MINIPORT, PPTP_MINIPORT } from '../../server/healthy.ts';
import { deny, removeKey, removeValue, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const PPTP = { forbidden: ['PPTP'] };
const BOTH = { forbidden: ['PPTP', 'L2TP'] };
const open = (key: string, ports: number, ras: number, routing: number) => (server: Server) => {
  setValue(server, key, 'WanEndpoints', ['REG_DWORD', ports]);
  setValue(server, key, 'EnableForRas', ['REG_DWORD', ras]);
  setValue(server, key, 'EnableForRouting', ['REG_DWORD', routing]);
};

test('the healthy server has both closed', judging, legacy, {
  expected: BOTH,
  status: 'pass',
  says: /PPTP: WAN Miniport \(PPTP\) accepts no calls \(0 ports, no kind of connection enabled\)/,
});

test('open PPTP fails with its ports', judging, legacy, {
  given: open(PPTP_MINIPORT, 128, 1, 1),
  expected: PPTP,
  status: 'fail',
  says: /PPTP: WAN Miniport \(PPTP\) accepts remote access and demand-dial connections on 128 ports/,
});

test('open L2TP fails where it is forbidden', judging, legacy, {
  given: open(L2TP_MINIPORT, 5, 1, 0),
  expected: BOTH,
  status: 'fail',
  says: /L2TP: WAN Miniport \(L2TP\) accepts remote access connections on 5 ports/,
});

test('one open port is enough to fail', judging, legacy, {
  given: open(PPTP_MINIPORT, 1, 1, 0),
  expected: PPTP,
  status: 'fail',
  says: /accepts remote access connections on 1 ports/,
});

test('open L2TP passes where only PPTP is forbidden', judging, legacy, {
  given: open(L2TP_MINIPORT, 5, 1, 0),
  expected: PPTP,
  status: 'pass',
});

test('ports for calls of other routers are open, too', judging, legacy, {
  given: open(PPTP_MINIPORT, 5, 0, 1),
  expected: PPTP,
  status: 'fail',
  says: /accepts demand-dial connections on 5 ports/,
});

test('ports without any kind of connection are closed', judging, legacy, {
  given: open(PPTP_MINIPORT, 128, 0, 0),
  expected: PPTP,
  status: 'pass',
  says: /accepts no calls \(128 ports, no kind of connection enabled\)/,
});

test('no ports are closed, whatever is enabled', judging, legacy, {
  given: open(PPTP_MINIPORT, 0, 1, 0),
  expected: PPTP,
  status: 'pass',
  says: /accepts no calls \(0 ports, remote access enabled\)/,
});

test('a device that does not exist is closed', judging, legacy, {
  given: (server) => removeKey(server, PPTP_MINIPORT),
  expected: PPTP,
  status: 'pass',
  says: /no device WAN Miniport \(PPTP\)/,
});

test('a device that may hide in a key that refuses is unknown', judging, legacy, {
  given: (server) => deny(server, PPTP_MINIPORT),
  expected: PPTP,
  status: 'unknown',
  reason: 'denied',
});

test('a device without EnableForRouting is unknown', judging, legacy, {
  given: (server) => removeValue(server, PPTP_MINIPORT, 'EnableForRouting'),
  expected: PPTP,
  status: 'unknown',
  reason: 'unreadable',
});
