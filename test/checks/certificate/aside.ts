import test from 'ava';
import type { Check } from '../../../engine/define.ts';
import { blobOf } from '../../server/blob.ts';
import { ENTERPRISE_CERTIFICATES, healthy, observedAt, POLICY_CERTIFICATES } from '../../server/healthy.ts';
import { bind, unbind } from '../../server/http.ts';
import { leaf, vpn } from '../../server/pki.ts';
import { deny, type Server, setValue, transportTo } from '../../server/state.ts';
import { certificateKey, uninstall } from '../../server/stores.ts';
import { type Case, judging, resultOf } from '../judging.ts';

/** Takes the certificate off both wildcards. */
export const unbindAll = (server: Server): void => {
  unbind(server, '0.0.0.0:443');
  unbind(server, '[::]:443');
};

const gone = await leaf({ names: ['gone.example.com'] });
/** Certificates that are in no store where a server keeps its own. */
const assigned = (store: string) => (server: Server) => {
  uninstall(server, vpn);
  setValue(server, `${store}\\MY\\Certificates\\${vpn.thumbprint}`, 'Blob', ['REG_BINARY', blobOf(vpn.der)]);
};

/** Where nothing is bound, a check of the bound certificate does not apply; where it is bound and missing, nothing is known. */
export const asksForTheCertificate = (check: Check, expected: Case['expected'] = {}): void => {
  test('it does not apply where TLS ends at a load balancer', judging, check, {
    server: () => healthy({ offload: true }),
    expected,
    status: 'inapplicable',
    says: /load balancer, which holds the certificate/,
  });
  test('it does not apply where nothing is bound', judging, check, {
    given: unbindAll,
    expected,
    status: 'inapplicable',
    says: /no certificate is bound to 0\.0\.0\.0:443 or \[::\]:443/,
  });
  test('of a bound certificate that is not on the server nothing is known', judging, check, {
    given: (server) => uninstall(server, vpn),
    expected,
    status: 'unknown',
    reason: 'absent',
    says: new RegExp(
      `certificate ${vpn.thumbprint}, bound to 0\\.0\\.0\\.0:443 and \\[::\\]:443, is not in LocalMachine`,
    ),
  });
  test('of two bound certificates, the missing one keeps the other from being a pass', async (t) => {
    const server = healthy();
    bind(server, '[::]:443', gone.thumbprint);
    const { status, reason, findings } = await resultOf(
      check,
      transportTo(server, { recordedAt: observedAt }),
      expected,
    );
    t.is(status, 'unknown');
    t.is(reason, 'absent');
    t.true(findings.some(({ verdict }) => verdict === 'pass'));
    t.deepEqual(
      findings
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ verdict, subject, reason: why }) => [verdict, subject, why]),
      [['unknown', gone.thumbprint, 'absent']],
    );
  });
  test('a missing certificate is not called absent where an entry of the store cannot be read', judging, check, {
    given: (server) => {
      bind(server, '[::]:443', gone.thumbprint);
      setValue(server, certificateKey(gone), 'Blob', ['REG_BINARY', NOT_A_CERTIFICATE]);
    },
    expected,
    status: 'unknown',
    reason: 'unreadable',
  });
  for (const [whose, store] of Object.entries({
    'Group Policy': POLICY_CERTIFICATES,
    'Active Directory': ENTERPRISE_CERTIFICATES,
  })) {
    test(`a certificate in the store MY of ${whose} is looked at`, judging, check, {
      given: assigned(store),
      expected,
      status: 'pass',
    });
    test(`a missing certificate is not called absent where the stores of ${whose} may not be read`, judging, check, {
      given: (server) => {
        bind(server, '[::]:443', gone.thumbprint);
        deny(server, `${store}\\MY`);
      },
      expected,
      status: 'unknown',
      reason: 'denied',
    });
  }
};

/** A blob that holds two bytes in place of a certificate. */
export const NOT_A_CERTIFICATE = new Uint8Array([32, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x30, 0]);
