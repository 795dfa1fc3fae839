import test from 'ava';
import installed from '../../../checks/certificate/installed.ts';
import { blobOf } from '../../server/blob.ts';
import { ENTERPRISE_CERTIFICATES, healthy, POLICY_CERTIFICATES, SYSTEM_CERTIFICATES } from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { CLIENT_AUTHENTICATION, leaf, vpn } from '../../server/pki.ts';
import { deny, removeKey, type Server, setValue } from '../../server/state.ts';
import { certificateKey, install, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { NOT_A_CERTIFICATE, unbindAll } from './aside.ts';

const other = await leaf({ names: ['other.example.com'] });
const clientOnly = await leaf({ names: ['client.example.com'], eku: [CLIENT_AUTHENTICATION] });
const old = await leaf({ names: ['old.example.com'], notAfter: '2026-10-31T23:59:59Z' });
const early = await leaf({ names: ['early.example.com'], notBefore: '2026-11-01T00:00:01Z' });
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

for (const [what, key, says] of [
  ['of a user', { flags: 0 }, 'its private key is of a user, not of the computer'],
  [
    'of a user, in an older provider',
    { flags: 0x40, type: 12, spec: 1 },
    'its private key is of a user, not of the computer',
  ],
  ['for signing only', { type: 12, spec: 2 }, 'its private key is for signing only \\(AT_SIGNATURE\\)'],
] as const)
  test(`a certificate whose key is ${what} is unknown: HTTP.sys may not be able to use it`, judging, installed, {
    given: (server) => install(server, vpn, 'MY', { keyLink: true, key }),
    status: 'unknown',
    reason: 'unreadable',
    says: new RegExp(`is in LocalMachine\\\\My, but ${says}, and whether HTTP\\.sys can use it is not known`),
  });

for (const [what, key] of [
  ['for key exchange', { type: 12, spec: 1 }],
  ['of the computer, opened silently', { flags: 0x60 }],
] as const)
  test(`a certificate whose key is ${what} passes`, judging, installed, {
    given: (server) => install(server, vpn, 'MY', { keyLink: true, key }),
    status: 'pass',
  });

test('an archived certificate fails, whatever its key is', judging, installed, {
  given: (server) => install(server, vpn, 'MY', { keyLink: true, key: { flags: 0 }, archived: true }),
  status: 'fail',
  says: /it is archived/,
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
    install(server, early);
  },
  status: 'fail',
  says: [
    /CN=vpn\.example\.com: it has no link to a private key/,
    /CN=other\.example\.com: it is archived/,
    /CN=client\.example\.com: it is for client authentication/,
    /CN=old\.example\.com: it is not valid now/,
    /CN=early\.example\.com: it is not valid now/,
  ],
});

const spoil = (bytes: Uint8Array) => (server: Server) =>
  setValue(server, certificateKey(odd), 'Blob', ['REG_BINARY', bytes]);

test('a certificate that cannot be read does not matter where another one is bound', judging, installed, {
  given: spoil(NOT_A_CERTIFICATE),
  status: 'pass',
});

test('a certificate that cannot be read could be the bound one', judging, installed, {
  given: (server) => {
    spoil(NOT_A_CERTIFICATE)(server);
    uninstall(server, vpn);
    spoil(NOT_A_CERTIFICATE)(server);
  },
  status: 'unknown',
  reason: 'unreadable',
});

test('a certificate that cannot be read could be the one to bind', judging, installed, {
  given: (server) => {
    unbindAll(server);
    spoil(NOT_A_CERTIFICATE)(server);
  },
  status: 'unknown',
  reason: 'unreadable',
});

test('a store that holds more than certificates is unknown', judging, installed, {
  given: (server) =>
    setValue(server, `${SYSTEM_CERTIFICATES}\\MY\\Certificates`, 'Blob', ['REG_BINARY', blobOf(vpn.der)]),
  status: 'unknown',
  reason: 'unreadable',
  says: /MY\\Certificates holds values of its own/,
});

test('a store entry that is cut makes the store unreadable', judging, installed, {
  given: spoil(new Uint8Array([3, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 1])),
  status: 'unknown',
  reason: 'unreadable',
  says: /ends inside property 3/,
});

for (const [whose, store] of Object.entries({
  'Group Policy': POLICY_CERTIFICATES,
  'Active Directory': ENTERPRISE_CERTIFICATES,
})) {
  const place = `${store}\\MY`;
  test(
    `a bound certificate that only ${whose} has is unknown: nobody knows whether HTTP.sys takes it`,
    judging,
    installed,
    {
      given: (server) => {
        uninstall(server, vpn);
        setValue(server, `${place}\\Certificates\\${vpn.thumbprint}`, 'Blob', ['REG_BINARY', blobOf(vpn.der)]);
      },
      status: 'unknown',
      reason: 'absent',
      says: /CN=vpn\.example\.com .* is not in LocalMachine\\My itself, but in the store MY of Group Policy or/,
    },
  );
  test(`a bound certificate could be the one of ${whose} that cannot be read`, judging, installed, {
    given: (server) => {
      uninstall(server, vpn);
      setValue(server, `${place}\\Certificates\\${vpn.thumbprint}`, 'Blob', ['REG_BINARY', NOT_A_CERTIFICATE]);
    },
    status: 'unknown',
    reason: 'unreadable',
  });
  test(`a bound certificate that ${whose} could have is not called missing`, judging, installed, {
    given: (server) => {
      uninstall(server, vpn);
      deny(server, place);
    },
    status: 'unknown',
    reason: 'denied',
    says: /whether Group Policy or Active Directory brings it is not known/,
  });
  test(`what ${whose} has does not matter where the certificate is in its place`, judging, installed, {
    given: (server) => deny(server, place),
    status: 'pass',
  });
}

test('with TLS offload no certificate is expected', judging, installed, {
  server: () => healthy({ offload: true }),
  status: 'inapplicable',
  says: /load balancer/,
});
