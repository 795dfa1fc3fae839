import test from 'ava';
import { EVENT_IDS, isFailure, knownEvent } from '../../../checks/events/ids.ts';

/** Source: windows-facts 10. */
const LISTED: Readonly<Record<string, readonly number[]>> = {
  'Microsoft-Windows-RasSstp': [...Array.from({ length: 25 }, (_, at) => at + 1), 32, 33],
  RemoteAccess: [
    20063, 20101, 20103, 20106, 20111, 20125, 20138, 20146, 20151, 20153, 20167, 20169, 20171, 20192, 20209, 20249,
    20255, 20258, 20271, 20272, 20274, 20275,
  ],
  RasClient: [20221, 20222, 20223, 20224, 20225, 20226, 20227],
  Schannel: [36870, 36871, 36874, 36887, 36888],
  'Microsoft-Windows-HttpEvent': [
    15000, 15001, 15002, 15003, 15004, 15005, 15006, 15007, 15008, 15011, 15012, 15013, 15016, 15017, 15018, 15021,
    15300, 15301,
  ],
  'Service Control Manager': [7023, 7031, 7034, 7036],
};

for (const [provider, ids] of Object.entries(LISTED))
  test(`every event of ${provider} has a meaning in both languages`, (t) => {
    for (const id of ids) {
      const known = knownEvent(provider, id);
      t.truthy(known?.means.en && known.means.ja, String(id));
      t.regex(known?.means.ja ?? '', /[ぁ-ヿ一-龥]/, String(id));
    }
  });

test('no event is listed twice', (t) => {
  const names = EVENT_IDS.map(({ provider, id }) => `${provider} ${id}`);
  t.is(new Set(names).size, names.length);
});

test('a provider is known by its older name', (t) => {
  t.is(knownEvent('RasSstp', 18), knownEvent('Microsoft-Windows-RasSstp', 18));
  t.is(knownEvent('HTTP', 15300)?.means.en, 'a certificate binding was removed');
  t.is(knownEvent('constructor', 18), undefined);
});

test('a failure is what is known as one on servers, or what was logged as one', (t) => {
  const failure = (provider: string, id: number, level = 4) => isFailure({ provider, id, level });
  t.true(failure('Microsoft-Windows-RasSstp', 18));
  t.false(failure('Microsoft-Windows-RasSstp', 6, 2), 'an entry of a client');
  t.false(failure('RasClient', 20227, 2));
  t.false(failure('Schannel', 36888, 2));
  t.true(failure('Microsoft-Windows-RasSstp', 99, 2));
  t.true(failure('Microsoft-Windows-RasSstp', 99, 1));
  t.false(failure('Microsoft-Windows-RasSstp', 99, 3));
});

test('events after which RRAS does not start say so', (t) => {
  for (const id of [24, 32])
    t.regex(knownEvent('RasSstp', id)?.means.en ?? '', /RRAS does not start.*error 13/, String(id));
});

test('a hash that is missing logs the event of one that is not valid', (t) => {
  for (const id of [18, 19])
    t.regex(knownEvent('RasSstp', id)?.means.en ?? '', /CertificateHash is missing or not valid/);
});
