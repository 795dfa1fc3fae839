import test from 'ava';
import listenerPort from '../../../checks/sstp/listener-port.ts';
import { healthy, SSTP_CONFIG_STORE, SSTP_PARAMETERS } from '../../server/healthy.ts';
import { deny, removeKey, removeValue, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const HTTPS = { port: 443 };
const configure =
  (name: string, value: number, ...keys: readonly string[]) =>
  (server: Server) => {
    for (const key of keys) setValue(server, key, name, ['REG_DWORD', value]);
  };

test('the healthy server is set to 443, and applied it', judging, listenerPort, {
  expected: HTTPS,
  status: 'pass',
  says: [/ListenerPort: SSTP is set to port 443/, /ConfigStore: RRAS has taken over HTTPS on port 443/],
});

test('another port than expected fails with both', judging, listenerPort, {
  expected: { port: 4443 },
  status: 'fail',
  says: /ListenerPort: SSTP is set to port 443, not 4443/,
});

test('another port that is expected and applied passes', judging, listenerPort, {
  server: () => healthy({ port: 4443 }),
  expected: { port: 4443 },
  status: 'pass',
  says: /RRAS has taken over HTTPS on port 4443/,
});

test('a port that was changed without a restart fails, even the expected one', judging, listenerPort, {
  given: configure('ListenerPort', 4443, SSTP_PARAMETERS),
  expected: { port: 4443 },
  status: 'fail',
  says: [
    /ListenerPort: SSTP is set to port 4443$/m,
    /ConfigStore: a restart is pending: RRAS still uses HTTPS on port 443, and HTTPS on port 4443 is configured/,
  ],
});

test('a protocol that was changed without a restart fails', judging, listenerPort, {
  given: configure('UseHttps', 0, SSTP_PARAMETERS),
  expected: { port: 80 },
  status: 'fail',
  says: /RRAS still uses HTTPS on port 443, and HTTP on port 80 is configured/,
});

test('values that are not there mean 443', judging, listenerPort, {
  given: (server) => {
    for (const name of ['ListenerPort', 'UseHttps']) removeValue(server, SSTP_PARAMETERS, name);
    removeKey(server, SSTP_CONFIG_STORE);
  },
  expected: HTTPS,
  status: 'pass',
});

test('0 means 80 where TLS ends elsewhere', judging, listenerPort, {
  given: (server) => {
    for (const name of ['UseHttps', 'ListenerPort']) configure(name, 0, SSTP_PARAMETERS, SSTP_CONFIG_STORE)(server);
  },
  expected: { port: 80 },
  status: 'pass',
  says: /RRAS has taken over HTTP on port 80/,
});

test('a port that was set before SSTP ever started is not applied', judging, listenerPort, {
  given: (server) => {
    configure('ListenerPort', 4443, SSTP_PARAMETERS)(server);
    removeKey(server, SSTP_CONFIG_STORE);
  },
  expected: { port: 4443 },
  status: 'fail',
  says: /RRAS still uses HTTPS on port 443/,
});

test('with TLS offload the port is 80', judging, listenerPort, {
  server: () => healthy({ offload: true }),
  expected: { port: 80 },
  status: 'pass',
});

test('settings that may not be read are unknown', judging, listenerPort, {
  given: (server) => deny(server, SSTP_PARAMETERS),
  expected: HTTPS,
  status: 'unknown',
  reason: 'denied',
});

test('a ConfigStore that may not be read is unknown', judging, listenerPort, {
  given: (server) => deny(server, SSTP_CONFIG_STORE),
  expected: HTTPS,
  status: 'unknown',
  reason: 'denied',
});

test('settings that do not exist are unknown', judging, listenerPort, {
  given: (server) => removeKey(server, SSTP_PARAMETERS),
  expected: HTTPS,
  status: 'unknown',
  reason: 'absent',
});

test('a port that is no number is unknown', judging, listenerPort, {
  given: (server) => setValue(server, SSTP_PARAMETERS, 'ListenerPort', ['REG_SZ', '443']),
  expected: HTTPS,
  status: 'unknown',
  reason: 'unreadable',
});
