import test from 'ava';
import type { Check } from '../../../engine/define.ts';
import { healthy } from '../../server/healthy.ts';
import { unbind } from '../../server/http.ts';
import { vpn } from '../../server/pki.ts';
import type { Server } from '../../server/state.ts';
import { uninstall } from '../../server/stores.ts';
import { type Case, judging } from '../judging.ts';

/** Takes the certificate off both wildcards. */
export const unbindAll = (server: Server): void => {
  unbind(server, '0.0.0.0:443');
  unbind(server, '[::]:443');
};

/** Where there is no bound certificate on the server, a check of it does not apply: one cause, one failure. */
export const doesNotApplyWithoutCertificate = (check: Check, expected: Case['expected'] = {}): void => {
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
  test('it does not apply where the bound certificate is not on the server', judging, check, {
    given: (server) => uninstall(server, vpn),
    expected,
    status: 'inapplicable',
    says: new RegExp(`${vpn.thumbprint} is not in LocalMachine\\\\My`),
  });
};
