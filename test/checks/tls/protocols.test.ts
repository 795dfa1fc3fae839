import test from 'ava';
import protocols from '../../../checks/tls/protocols.ts';
import { gather } from '../../../engine/gather.ts';
import { CURRENT_VERSION, healthy, observedAt, SCHANNEL, SCHANNEL_PROTOCOLS } from '../../server/healthy.ts';
import { addKey, deny, removeKey, removeValue, type Server, setValue, transportTo } from '../../server/state.ts';
import { VERSIONS, type Windows } from '../../server/windows.ts';
import { judging } from '../judging.ts';

const expected = { required: ['TLS 1.2'], forbidden: ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1'] };
const on = (windows: Windows) => () => healthy({ windows });
/** Sets Enabled and DisabledByDefault of the server side; what is not given does not exist. */
const set = (server: Server, protocol: string, values: { enabled?: number; disabled?: number }) => {
  const key = `${SCHANNEL_PROTOCOLS}\\${protocol}\\Server`;
  addKey(server, key);
  server.registry.get(key)?.clear();
  if (values.enabled !== undefined) setValue(server, key, 'Enabled', ['REG_DWORD', values.enabled]);
  if (values.disabled !== undefined) setValue(server, key, 'DisabledByDefault', ['REG_DWORD', values.disabled]);
};
/** Schannel as Windows comes. */
const bare = (server: Server) => {
  removeKey(server, SCHANNEL_PROTOCOLS);
  addKey(server, SCHANNEL_PROTOCOLS);
};
const ofBuild = (build: string) => (server: Server) => {
  for (const name of ['CurrentBuild', 'CurrentBuildNumber']) setValue(server, CURRENT_VERSION, name, ['REG_SZ', build]);
};

for (const windows of Object.keys(VERSIONS) as Windows[])
  test(`Server ${windows} is asked in one exchange`, async (t) => {
    const transport = transportTo(healthy({ windows }), { recordedAt: observedAt });
    const { signal } = new AbortController();
    await gather({ server: transport }, Object.values(protocols.needs), { signal, keep: async () => {} });
    t.is(transport.exchanges().length, 1);
  });

for (const windows of ['2008r2', '2012', '2012r2', '2016', '2019', '2022', '2025'] as const)
  test(`a hardened Server ${windows} passes`, judging, protocols, {
    server: on(windows),
    expected,
    status: 'pass',
    says: [/TLS 1\.2: TLS 1\.2 is on: Enabled is not 0/, /TLS 1\.0: TLS 1\.0 is off: Enabled is 0/],
  });

test('Server 2008 fails: it has TLS 1.0 and nothing newer', judging, protocols, {
  server: on('2008'),
  expected,
  status: 'fail',
  says: [
    /TLS 1\.2: TLS 1\.2 is off: the default of build 6002/,
    /TLS 1\.0: TLS 1\.0 is on: the default of build 6002/,
    /TLS 1\.1: TLS 1\.1 is off/,
    /SSL 3\.0: SSL 3\.0 is off: Enabled is 0/,
  ],
});

test('TLS 1.2 switched on in Server 2008 SP2 proves nothing without the update that brings it', judging, protocols, {
  server: on('2008'),
  given: (server) => set(server, 'TLS 1.2', { enabled: 1, disabled: 0 }),
  expected: { ...expected, forbidden: ['SSL 2.0'] },
  status: 'unknown',
  reason: 'absent',
  says: /nothing in the registry tells whether build 6002 of Windows offers TLS 1\.2/,
});

test('TLS 1.2 switched off in Server 2008 SP2 is off', judging, protocols, {
  server: on('2008'),
  given: (server) => set(server, 'TLS 1.2', { enabled: 0, disabled: 1 }),
  expected: { required: [], forbidden: ['TLS 1.2'] },
  status: 'pass',
});

test('Server 2008 before SP2 has no TLS 1.2, whatever the registry says', judging, protocols, {
  server: on('2008'),
  given: (server) => {
    ofBuild('6001')(server);
    set(server, 'TLS 1.2', { enabled: 1, disabled: 0 });
  },
  expected,
  status: 'fail',
  says: /TLS 1\.2 is off: Windows build 6001 does not have it/,
});

/** Which of the six protocols are on where nothing is set; `x` where that is not known. */
const DEFAULTS: Readonly<Record<Windows, string>> = {
  '2008': '111000',
  '2008r2': '111000',
  '2012': '011110',
  '2012r2': '011110',
  '2016': '001110',
  '2019': '001110',
  '2022': '001111',
  '2025': 'x',
};
const ALL = ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'];
for (const [windows, bits] of Object.entries(DEFAULTS) as [Windows, string][])
  test(`without settings Server ${windows} does what Windows does by default`, judging, protocols, {
    server: on(windows),
    given: bare,
    expected:
      bits === 'x'
        ? expected
        : {
            required: ALL.filter((_, at) => bits[at] === '1'),
            forbidden: ALL.filter((_, at) => bits[at] === '0'),
          },
    status: bits === 'x' ? 'unknown' : 'pass',
  });

test('what updates may have changed in Server 2025 must be set to be known', judging, protocols, {
  server: on('2025'),
  given: (server) => removeKey(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`),
  expected,
  status: 'unknown',
  reason: 'absent',
  says: /offers TLS 1\.0/,
});

test('an outdated protocol that is on fails', judging, protocols, {
  given: (server) => set(server, 'TLS 1.0', { enabled: 1, disabled: 0 }),
  expected,
  status: 'fail',
  says: /TLS 1\.0 is on: Enabled is not 0/,
});

test('0xffffffff means on, too', judging, protocols, {
  given: (server) => set(server, 'TLS 1.1', { enabled: 0xffffffff, disabled: 0 }),
  expected,
  status: 'fail',
  says: /TLS 1\.1 is on/,
});

test('a required protocol that is off fails', judging, protocols, {
  given: (server) => set(server, 'TLS 1.2', { enabled: 0, disabled: 1 }),
  expected,
  status: 'fail',
  says: /TLS 1\.2 is off: Enabled is 0/,
});

for (const [protocol, values] of [
  ['TLS 1.2', { enabled: 1, disabled: 1 }],
  ['TLS 1.0', { enabled: 1, disabled: 1 }],
  ['TLS 1.0', { disabled: 1 }],
] as const)
  test(
    `${protocol} with ${JSON.stringify(values)} is there for programs that ask, and nobody knows whether HTTP.sys does`,
    judging,
    protocols,
    {
      given: (server) => set(server, protocol, values),
      expected,
      status: 'unknown',
      reason: 'absent',
      says: new RegExp(`${protocol}: DisabledByDefault is 1, and Enabled is not 0`),
    },
  );

test('DisabledByDefault changes nothing in what is off by default', judging, protocols, {
  server: on('2008r2'),
  given: (server) => set(server, 'TLS 1.1', { disabled: 1 }),
  expected: { required: [], forbidden: ['TLS 1.1'] },
  status: 'pass',
});

test('what is not known of one protocol does not hide that another is on', judging, protocols, {
  server: on('2025'),
  given: (server) => {
    removeKey(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`);
    set(server, 'TLS 1.1', { enabled: 1, disabled: 0 });
  },
  expected,
  status: 'fail',
  says: [/TLS 1\.0: nothing in the registry tells/, /TLS 1\.1 is on/],
});

test('what is not known of a protocol that nobody asked about does not matter', judging, protocols, {
  server: on('2025'),
  given: (server) => removeKey(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`),
  expected: { required: ['TLS 1.2'], forbidden: ['TLS 1.1'] },
  status: 'pass',
});

test('the client side does not matter', judging, protocols, {
  given: (server) => setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0\\Client`, 'Enabled', ['REG_DWORD', 1]),
  expected,
  status: 'pass',
});

test('TLS 1.3 in a Windows that does not have it is off, even where it is set', judging, protocols, {
  server: on('2019'),
  given: (server) => set(server, 'TLS 1.3', { enabled: 1, disabled: 0 }),
  expected: { required: ['TLS 1.3'], forbidden: [] },
  status: 'fail',
  says: /TLS 1\.3 is off: Windows build 17763 does not have it/,
});

for (const [name, values] of [
  ['Enabled alone', { enabled: 1 }],
  ['DisabledByDefault alone', { disabled: 0 }],
] as const)
  test(`${name} leaves open what is off by default`, judging, protocols, {
    server: on('2008r2'),
    given: (server) => set(server, 'TLS 1.2', values),
    expected,
    status: 'unknown',
    reason: 'absent',
  });

for (const build of ['26200', '5000'])
  test(`the defaults of build ${build} are not known`, judging, protocols, {
    given: ofBuild(build),
    expected,
    status: 'unknown',
    reason: 'absent',
    says: new RegExp(`build ${build} of Windows are not known`),
  });

test('a Windows that does not tell its build is unknown', judging, protocols, {
  given: (server) => {
    for (const name of ['CurrentBuild', 'CurrentBuildNumber']) removeValue(server, CURRENT_VERSION, name);
  },
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('settings that may not be read are unknown', judging, protocols, {
  given: (server) => deny(server, SCHANNEL),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('a key below the settings that may not be read is unknown', judging, protocols, {
  given: (server) => deny(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('a setting of another type is unknown', judging, protocols, {
  given: (server) => setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0\\Server`, 'Enabled', ['REG_SZ', '0']),
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('behind a load balancer Schannel does not matter', judging, protocols, {
  server: () => healthy({ offload: true }),
  expected,
  status: 'inapplicable',
});

test('nothing required and nothing forbidden does not apply', judging, protocols, {
  expected: { required: [], forbidden: [] },
  status: 'inapplicable',
});
