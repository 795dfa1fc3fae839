import test from 'ava';
import name from '../../../checks/reach/certificate-name.ts';
import { SIX } from '../../outside/healthy.ts';
import { breakAt, type Outside, trouble } from '../../outside/outside.ts';
import { issuing, leaf, type Made } from '../../server/pki.ts';
import { judgingOutside } from '../judging-outside.ts';

const serving = (made: Made) => (outside: Outside) => void outside.served.set('*', [made, issuing]);
const dialling = (serverName: string) => (outside: Outside) => {
  outside.endpoint = { ...outside.endpoint, serverName };
};
const other = await leaf({ names: ['other.example.com'] });
const wildcard = await leaf({ names: ['*.example.com'] });
const manyNames = await leaf({ names: Array.from({ length: 1_000 }, (_, at) => `host${at}.example.com`) });
const address = await leaf({ names: ['192.0.2.7'] });

test('the dialled name passes', judgingOutside, name, { status: 'pass', says: /is made out to the dialled name/ });

test('another name fails with both', judgingOutside, name, {
  given: serving(other),
  status: 'fail',
  says: /it is made out to other\.example\.com, not to vpn\.example\.com; .*0x800B010F \(confidence: high\)/,
});

test('of a thousand names some are said, so that the code is not lost behind them', judgingOutside, name, {
  given: serving(manyNames),
  status: 'fail',
  says: /made out to host0\.example\.com, [^;]*, host9\.example\.com and 990 more, not to vpn\.example\.com; .*0x800B010F/,
});

test('a wildcard for one label passes', judgingOutside, name, { given: serving(wildcard), status: 'pass' });

test('a wildcard for two labels fails', judgingOutside, name, {
  given: (outside) => {
    serving(wildcard)(outside);
    dialling('a.vpn.example.com')(outside);
  },
  status: 'fail',
});

test('an address that is dialled passes where the certificate holds it', judgingOutside, name, {
  given: (outside) => {
    serving(address)(outside);
    dialling('192.0.2.7')(outside);
  },
  status: 'pass',
});

test('an address that is dialled fails where the certificate holds names only', judgingOutside, name, {
  given: dialling('192.0.2.7'),
  status: 'fail',
  says: /not to 192\.0\.2\.7/,
});

test('what is shown before it is said, too', judgingOutside, name, {
  given: (outside) => {
    serving(other)(outside);
    outside.roots = [];
  },
  status: 'fail',
  says: /would show 0x800B010F, once that is mended for which it shows 0x800B0109/,
});

test('another name at one address fails there', judgingOutside, name, {
  given: (outside) => outside.served.set(SIX, [other, issuing]),
  status: 'fail',
  says: [/192\.0\.2\.7:443: .*made out to the dialled name/, /\[2001:db8::7\]:443: .*not to/],
});

test('a connection that ends before TLS is unknown', judgingOutside, name, {
  given: (outside) => breakAt(outside, 'tls', trouble('reset', 'said so')),
  status: 'unknown',
  reason: 'refused',
  says: /said so/,
});
