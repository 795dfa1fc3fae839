import test from 'ava';
import installed from '../../../checks/certificate/installed.ts';
import { healthy, SYSTEM_CERTIFICATES } from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { CLIENT_AUTHENTICATION, leaf, vpn } from '../../server/pki.ts';
import { removeKey, type Server, setValue } from '../../server/state.ts';
import { certificateKey, install, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { unbindAll } from './aside.ts';

const other = await leaf({ names: ['other.example.com'] });
const clientOnly = await leaf({ names: ['client.example.com'], eku: [CLIENT_AUTHENTICATION] });
const old = await leaf({ names: ['old.example.com'], notAfter: '2026-10-31T23:59:59Z' });
const odd = await leaf({ names: ['odd.example.com'] });

test('the healthy server has its certificate with a key', judging, installed, {
  status: 'pass',
  says: new RegExp(`CN=vpn\\.example\\.com \\(${vpn.thumbprint}\\) is in LocalMachine`),
});

test('a bound certificate that was removed fails with its hash', judging, installed, {
  given: (server) => uninstall(server, vpn),
  status: 'fail',
  says: new RegExp(`certificate ${vpn.thumbprint}, bound to 0\\.0\\.0\\.0:443 and \\[::\\]:443, is not in`),
});

test('a store that does not exist is empty', judging, installed, {
  given: (server) => removeKey(server, `${SYSTEM_CERTIFICATES}\\MY`),
  status: 'fail',
  says: new RegExp(`certificate ${vpn.thumbprint}, bound to`),
});

test('a certificate without its key fails', judging, installed, {
  given: (server) => install(server, vpn, 'MY', { keyLink: false }),
  status: 'fail',
  says: /no link to a private key/,
});

test('an archived certificate fails', judging, installed, {
  given: (server) => install(server, vpn, 'MY', { keyLink: true, archived: true }),
  status: 'fail',
  says: /it is archived/,
});

test('each of two bound certificates is looked for', judging, installed, {
  given: (server) => bind(server, '[::]:443', other.thumbprint),
  status: 'fail',
  says: [
    new RegExp(`${vpn.thumbprint}\\) is in LocalMachine`),
    new RegExp(`${other.thumbprint}, bound to \\[::\\]:443,`),
  ],
});

test('where nothing is bound, a certificate that could be leaves the matter to the bindings', judging, installed, {
  given: unbindAll,
  status: 'inapplicable',
  says: /LocalMachine\\My holds CN=vpn\.example\.com to bind/,
});

test('where nothing is bound and the store is empty, it fails', judging, installed, {
  given: (server) => {
    unbindAll(server);
    uninstall(server, vpn);
  },
  status: 'fail',
  says: /no server-authentication certificate that SSTP could use \(it is empty\)/,
});

test('where nothing is bound, it says what is wrong with each certificate in the store', judging, installed, {
  given: (server) => {
    unbindAll(server);
    install(server, vpn, 'MY', { keyLink: false });
    install(server, other, 'MY', { keyLink: true, archived: true });
    install(server, clientOnly);
    install(server, old);
  },
  status: 'fail',
  says: [
    /CN=vpn\.example\.com: it has no link to a private key/,
    /CN=other\.example\.com: it is archived/,
    /CN=client\.example\.com: it is for client authentication/,
    /CN=old\.example\.com: it is not valid now/,
  ],
});

const spoil = (bytes: Uint8Array) => (server: Server) =>
  setValue(server, certificateKey(odd), 'Blob', ['REG_BINARY', bytes]);
const notACertificate = new Uint8Array([32, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x30, 0]);

test('a certificate that cannot be read does not matter where another one is bound', judging, installed, {
  given: spoil(notACertificate),
  status: 'pass',
});

test('a certificate that cannot be read could be the bound one', judging, installed, {
  given: (server) => {
    spoil(notACertificate)(server);
    uninstall(server, vpn);
    spoil(notACertificate)(server);
  },
  status: 'unknown',
  reason: 'unreadable',
});

test('a certificate that cannot be read could be the one to bind', judging, installed, {
  given: (server) => {
    unbindAll(server);
    spoil(notACertificate)(server);
  },
  status: 'unknown',
  reason: 'unreadable',
});

test('a store entry that is cut makes the store unreadable', judging, installed, {
  given: spoil(new Uint8Array([3, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 1])),
  status: 'unknown',
  reason: 'unreadable',
  says: /ends inside property 3/,
});

test('with TLS offload no certificate is expected', judging, installed, {
  server: () => healthy({ offload: true }),
  status: 'inapplicable',
  says: /load balancer/,
});
