import test from 'ava';
import tcp from '../../../checks/reach/tcp.ts';
import { FOUR, SIX } from '../../outside/healthy.ts';
import { breakAt, type Outside, trouble } from '../../outside/outside.ts';
import { judgingOutside } from '../judging-outside.ts';

test('a port that answers at both addresses passes', judgingOutside, tcp, {
  status: 'pass',
  says: [/192\.0\.2\.7:443: the port answers, after 4 ms/, /\[2001:db8::7\]:443: the port answers/],
});

test('a private address says nothing of clients outside', judgingOutside, tcp, {
  given: (outside) => {
    outside.addresses = ['10.0.0.7', 'fd00::7'];
  },
  status: 'pass',
  says: [/10\.0\.0\.7 is no public address, so this says nothing of clients on the Internet/, /fd00::7 is no public/],
});

test('each address gets one connection, and only one of them goes on to SSTP', judgingOutside, tcp, {
  status: 'pass',
  asked: (questions) => {
    const handshakes = questions.filter((question) => question.startsWith('probe handshake'));
    return handshakes.length === 2 && handshakes.filter((question) => question.endsWith('until=sstp')).length === 1;
  },
});

for (const [kind, says] of [
  ['refused', /192\.0\.2\.7:443: .*would show 809 \(confidence: high\)/],
  ['timed-out', /would show 809 \(confidence: high\)/],
  ['reset', /would show 809/],
] as const)
  test(`a port that is ${kind} fails with the code that users see`, judgingOutside, tcp, {
    given: (outside) => breakAt(outside, 'tcp', trouble(kind)),
    status: 'fail',
    says,
  });

test('a trouble that no port has is not taken for an answer', judgingOutside, tcp, {
  given: (outside) => breakAt(outside, 'tcp', trouble('garbage', 'half a packet')),
  status: 'unknown',
  reason: 'unreadable',
  says: /192\.0\.2\.7:443: what comes makes no sense \(half a packet\)/,
});

test('one address that does not answer fails, and the other passes', judgingOutside, tcp, {
  given: (outside) => breakAt(outside, 'tcp', trouble('timed-out', 'no answer within 10 s'), FOUR),
  status: 'fail',
  says: [/192\.0\.2\.7:443: nothing comes in time \(no answer within 10 s\)/, /\[2001:db8::7\]:443: the port answers/],
  asked: (questions) => questions.some((question) => question.includes(`[${SIX}]:443`) && question.endsWith('sstp')),
});

test('a name that does not exist fails', judgingOutside, tcp, {
  given: (outside) => {
    outside.addresses = [];
    outside.missing = 'the name does not exist';
  },
  status: 'fail',
  says: /vpn\.example\.com: the name does not exist: .*would show 868/,
});

test('a name server that does not answer is unknown', judgingOutside, tcp, {
  given: (outside) => outside.unanswered.set('probe resolve', { reason: 'timed-out', detail: 'no DNS answer' }),
  status: 'unknown',
  reason: 'timed-out',
  says: /no DNS answer/,
});

const withoutRoute = (outside: Outside) => breakAt(outside, 'tcp', trouble('unreachable', 'no route'), SIX);

test('an address to which this machine has no route is unknown', judgingOutside, tcp, {
  given: withoutRoute,
  status: 'unknown',
  reason: 'unreachable',
  says: /\[2001:db8::7\]:443 .*no route/,
});

test('an address without a route does not hide that another one is refused', judgingOutside, tcp, {
  given: (outside) => {
    withoutRoute(outside);
    breakAt(outside, 'tcp', trouble('refused'), FOUR);
  },
  status: 'fail',
});

test('a proxy that does not let us through is unknown', judgingOutside, tcp, {
  given: (outside) => breakAt(outside, 'proxy', trouble('declined', 'the proxy answers 403')),
  status: 'unknown',
  says: /the proxy answers 403/,
});

test('a connection that was not tried is unknown', judgingOutside, tcp, {
  given: (outside) => outside.unanswered.set('probe handshake', { reason: 'cancelled', detail: 'stopped' }),
  status: 'unknown',
  reason: 'cancelled',
});

test('a name with more addresses than are tried is unknown', judgingOutside, tcp, {
  given: (outside) => {
    outside.addresses = Array.from({ length: 9 }, (_, at) => `192.0.2.${at}`);
  },
  status: 'unknown',
  reason: 'truncated',
});
