import test from 'ava';
import url from '../../../checks/sstp/url.ts';
import { HTTP_PARAMETERS, healthy, SSTP_PARAMETERS, URL_RESERVATIONS } from '../../server/healthy.ts';
import { register, reserve, SHOW_REQUEST_QUEUES, SSTP_URL_PATH } from '../../server/http.ts';
import { deny, removeKey, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const SSTP = `HTTPS://+:443:${SSTP_URL_PATH.toUpperCase()}`;
const serving =
  (...urls: readonly string[]) =>
  (server: Server) =>
    register(server, urls);

test('the healthy server serves the URL', judging, url, {
  status: 'pass',
  says: /^https:\/\/\+:443\/sra_\{BA195980-CD49-458b-9E23-C84EE0ADCD75\}\/: the SSTP service has registered/m,
});

for (const spelling of [
  `https://+:443${SSTP_URL_PATH}`,
  `HTTPS://+:443${SSTP_URL_PATH.toUpperCase()}`,
  `https://+:443:${SSTP_URL_PATH.toLowerCase()}`,
])
  test(`the URL spelled as ${spelling} passes`, judging, url, { given: serving(spelling), status: 'pass' });

test('a URL that is not served fails', judging, url, {
  given: serving(),
  status: 'fail',
  says: /HTTP\.sys does not serve the URL of SSTP$/m,
});

test('a web site beside it does not matter', judging, url, {
  given: serving(SSTP, 'HTTPS://+:443/C574AC30-5794-4AEE-B1BB-6651C5315029/', 'HTTP://+:80/', 'HTTPS://*:443/'),
  status: 'pass',
});

test('a web site in its place fails', judging, url, {
  given: serving('HTTPS://*:443/', 'HTTPS://+:443/SRA/'),
  status: 'fail',
  says: /does not serve the URL of SSTP$/m,
});

for (const [name, served] of [
  ['another port', `HTTPS://+:4443:${SSTP_URL_PATH}`],
  ['the other scheme', `HTTP://+:443:${SSTP_URL_PATH}`],
  ['one host only', `HTTPS://vpn.example.com:443:${SSTP_URL_PATH}`],
] as const)
  test(`the URL for ${name} fails, and is named`, judging, url, {
    given: serving(served),
    status: 'fail',
    says: new RegExp(`; ${served.replace(/[+{}]/g, '\\$&')} is registered`),
  });

test('a plain HTTP site on the port fails with the reason', judging, url, {
  given: serving('HTTP://+:443/'),
  status: 'fail',
  says: /does not serve the URL of SSTP; HTTP\.sys serves HTTP:\/\/\+:443\/$/m,
});

test('a reservation for plain HTTP on the port fails with the reason', judging, url, {
  given: (server) => {
    serving()(server);
    reserve(server, 'http://+:443/files/');
  },
  status: 'fail',
  says: /HTTP\.sys reserves http:\/\/\+:443\/files\/$/m,
});

test('a reservation does not matter while the URL is served', judging, url, {
  given: (server) => reserve(server, 'http://+:443/files/'),
  status: 'pass',
});

test('a reservation alone is no URL that is served', judging, url, {
  given: (server) => {
    serving()(server);
    reserve(server, `https://+:443${SSTP_URL_PATH}`);
  },
  status: 'fail',
});

test('the port is the configured one', judging, url, {
  given: (server) => setValue(server, SSTP_PARAMETERS, 'ListenerPort', ['REG_DWORD', 4443]),
  status: 'fail',
  says: /^https:\/\/\+:4443\/.*: HTTP\.sys does not serve the URL of SSTP; HTTPS:\/\/\+:443:\/SRA_.* is registered/m,
});

test('with TLS offload it is an http URL on port 80', judging, url, {
  server: () => healthy({ offload: true }),
  status: 'pass',
  says: /^http:\/\/\+:80\/sra_/m,
});

for (const [name, stdout, exitCode] of [
  ['ends with an error', 'The following command was not found: http show.\n', 1],
  ['prints nothing', '', 0],
  ['prints words', 'Request queues are a feature of HTTP.sys\n', 0],
] as const)
  test(`a netsh.exe that ${name} is unknown`, judging, url, {
    given: (server) => void server.programs.set(SHOW_REQUEST_QUEUES, { stdout, exitCode }),
    status: 'unknown',
    reason: 'unreadable',
  });

test('reservations that may not be read are unknown', judging, url, {
  given: (server) => deny(server, URL_RESERVATIONS),
  status: 'unknown',
  reason: 'denied',
});

test('settings of HTTP.sys that may not be read are unknown', judging, url, {
  given: (server) => deny(server, HTTP_PARAMETERS),
  status: 'unknown',
  reason: 'denied',
});

test('a server without any reservation passes', judging, url, {
  given: (server) => removeKey(server, URL_RESERVATIONS),
  status: 'pass',
});
