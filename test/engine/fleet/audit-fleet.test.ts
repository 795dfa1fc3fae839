import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { checks } from '../../../checks/index.ts';
import type { Audited } from '../../../engine/audit.ts';
import { auditFleet, type FleetOptions } from '../../../engine/fleet/audit-fleet.ts';
import type { Server } from '../../../engine/fleet/listed.ts';
import { Mistake } from '../../../engine/mistake.ts';
import type { Planned } from '../../../engine/profile.ts';
import type { Transport } from '../../../engine/transports/transport.ts';
import { healthyOutside } from '../../outside/healthy.ts';
import { networkTo } from '../../outside/outside.ts';
import { healthy } from '../../server/healthy.ts';
import { transportTo } from '../../server/state.ts';

const PLANNED: readonly Planned[] = checks
  .filter(({ id }) => /^(service|certificate|binding)\//.test(id))
  .map((check) => ({ check, expected: {}, severity: check.severity }));

const server = (name: string, transport: Transport): Server => ({
  target: { name, address: `ssh://${name}`, tags: [], inputs: {} },
  listed: { address: `ssh://${name}`, tags: [], inputs: {}, groups: [], reach: {} },
  open: async () => ({ server: transport }),
});

/** Audits servers; gives what was kept of each, by name. */
const auditAll = async (servers: readonly Server[], rest: Partial<FleetOptions> = {}) => {
  const kept = new Map<string, Readonly<{ audited: Audited; whole: boolean; attempts: number }>>();
  const lost = await auditFleet(servers, {
    places: { atATime: 4, perSite: 4, sites: {}, perJumpHost: 4, overtimeMs: 60_000 },
    signal: new AbortController().signal,
    targetMs: 60_000,
    attempts: 3,
    backoffMs: 1,
    version: 'test',
    planFor: () => PLANNED,
    settle: (audited) => audited,
    watch: { began: () => {}, retrying: () => {}, ended: () => {} },
    keep: async ({ target }, audited, end) => {
      kept.set(target.name, { audited, ...end });
    },
    ...rest,
  });
  return Object.assign(kept, { lost });
};

/** Answers with that reason until the attempt with this number, from 1. */
const failing = (reason: 'unreachable' | 'refused', until: number): Transport & { calls(): number } => {
  let calls = 0;
  const good = transportTo(healthy());
  return {
    kind: 'ssh',
    exchange: async (commands, options) => {
      const answers = await good.exchange(commands, options);
      calls++;
      return calls < until
        ? answers.map((answer) => ({
            ...answer,
            stdout: new Uint8Array(),
            exitCode: null,
            missing: { reason, detail: 'no' },
          }))
        : answers;
    },
    close: async () => {},
    calls: () => calls,
  };
};

test('every server is asked the same, in as few exchanges as one server alone, and judged the same', async (t) => {
  const transports = Array.from({ length: 6 }, () => transportTo(healthy()));
  const kept = await auditAll(transports.map((transport, at) => server(`vpn${at}`, transport)));
  const [first] = transports;
  t.is(first?.exchanges().length, 1);
  for (const transport of transports) t.deepEqual(transport.exchanges(), first?.exchanges());
  const all = [...kept.values()].map(({ audited }) => audited);
  for (const { results, evidence, note } of all) {
    t.deepEqual(
      results.map(({ target: _, ...result }) => result),
      all[0]?.results.map(({ target: _, ...result }) => result),
    );
    t.deepEqual(
      evidence.map(({ id, command, stdout }) => [id, command, Buffer.from(stdout).toString('latin1')]),
      all[0]?.evidence.map(({ id, command, stdout }) => [id, command, Buffer.from(stdout).toString('latin1')]),
    );
    t.true(note.reached && note.evidence.length > 0);
  }
});

test('a server whose connection fails leaves no evidence of the attempts in vain', async (t) => {
  const evidence = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-attempts-'));
  const [flaky, gone, refused] = [failing('unreachable', 3), failing('unreachable', 9), failing('refused', 9)];
  const servers = [
    server('first', transportTo(healthy())),
    server('flaky', flaky),
    server('gone', gone),
    server('refused', refused),
  ];
  const kept = await auditAll(servers, { evidence });
  t.deepEqual([...kept].map(([name, { attempts, audited }]) => [name, attempts, audited.note.reached]).toSorted(), [
    ['first', 1, true],
    ['flaky', 3, true],
    ['gone', 3, false],
    ['refused', 1, false],
  ]);
  t.is(refused.calls(), 1);
  t.deepEqual((await readdir(evidence)).toSorted(), ['first', 'flaky', 'gone', 'refused']);
});

const BOTH: readonly Planned[] = [
  ...PLANNED,
  ...checks
    .filter(({ id }) => id === 'reach/sstp')
    .map((check) => ({ check, expected: { requiredHashes: [], forbiddenHashes: [] }, severity: check.severity })),
];

test('a server that is looked at from outside, too, is connected to again, and called once', async (t) => {
  const evidence = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-both-'));
  const seen = [networkTo(healthyOutside()), networkTo(healthyOutside())];
  const both = [failing('unreachable', 3), failing('unreachable', 9)].map((transport, at): Server => {
    const { listed, ...one } = server(at === 0 ? 'flaky' : 'gone', transport);
    const network = seen[at];
    return {
      ...one,
      listed: { ...listed, reach: { probe: 'vpn.example.com' } },
      open: async () => ({ server: transport, ...(network && { network }) }),
    };
  });
  const kept = await auditAll(both, { evidence, planFor: () => BOTH });
  t.deepEqual([...kept].map(([name, { attempts, audited }]) => [name, attempts, audited.note.reached]).toSorted(), [
    ['flaky', 3, true],
    ['gone', 3, false],
  ]);
  for (const { asked } of seen) {
    t.is(asked.filter((one) => one.endsWith('until=sstp')).length, 1);
    t.is(new Set(asked).size, asked.length);
  }
  for (const { audited } of kept.values())
    t.is(audited.results.find(({ check }) => check === 'reach/sstp')?.status, 'pass');
});

test('a server that does not answer holds up none of those that wait for its questions', async (t) => {
  const all = Promise.withResolvers<void>();
  let asked = 0;
  const waiting = (): Transport => {
    const good = transportTo(healthy());
    return {
      ...good,
      exchange: async (commands, options) => {
        asked++;
        if (asked === 3) all.resolve();
        await all.promise;
        return good.exchange(commands, options);
      },
    };
  };
  const kept = await auditAll(['one', 'two', 'three'].map((name) => server(name, waiting())));
  t.deepEqual(
    [...kept.values()].map(({ audited }) => audited.note.reached),
    [true, true, true],
  );
});

test('recordings are read and judged one after the other', async (t) => {
  const said: string[] = [];
  const recorded = (name: string): Server => {
    const good = transportTo(healthy());
    const exchange: Transport['exchange'] = (commands, options) => {
      said.push(`asks ${name}`);
      return good.exchange(commands, options);
    };
    const address = `evidence:${name}`;
    const { listed, ...one } = server(name, { ...good, exchange, recordedAt: new Date() });
    return {
      ...one,
      target: { ...one.target, address },
      listed: { ...listed, address },
      open: async () => {
        said.push(`reads ${name}`);
        return one.open();
      },
    };
  };
  const settle = (audited: Audited): Audited => {
    said.push('judged');
    return audited;
  };
  // A turn at the desk ends after a second in any case: one check is judged in a fraction of that.
  await auditAll(['one', 'two'].map(recorded), { settle, planFor: () => PLANNED.slice(0, 1) });
  t.deepEqual(said, ['reads one', 'asks one', 'judged', 'reads two', 'asks two', 'judged']);
});

test('a recording of a server that was not reached is read once: it says the same for ever', async (t) => {
  const recorded = { ...failing('unreachable', 9), recordedAt: new Date() };
  const { listed, ...one } = server('gone', recorded);
  const address = 'evidence:gone';
  const kept = await auditAll([{ ...one, target: { ...one.target, address }, listed: { ...listed, address } }]);
  t.is(recorded.calls(), 1);
  t.like(kept.get('gone'), { attempts: 1 });
});

test('a server that is cut off by the end of the run is not whole; one that had answered is', async (t) => {
  const stop = new AbortController();
  const stopping: Transport = {
    ...transportTo(healthy()),
    exchange: async (commands, options) => {
      stop.abort();
      return transportTo(healthy()).exchange(commands, { signal: AbortSignal.any([options.signal]) });
    },
  };
  const places = { atATime: 1, perSite: 1, sites: {}, perJumpHost: 1, overtimeMs: 60_000 };
  const servers = [
    server('done', transportTo(healthy())),
    server('cut', stopping),
    server('later', transportTo(healthy())),
  ];
  const kept = await auditAll(servers, { signal: stop.signal, places });
  t.deepEqual(
    [...kept].map(([name, { whole, attempts }]) => [name, whole, attempts]),
    [
      ['done', true, 1],
      ['cut', false, 1],
      ['later', false, 0],
    ],
  );
  const { note, results } = kept.get('later')?.audited ?? {};
  t.like(note, { reached: false, reason: 'cancelled' });
  t.is(results?.length, PLANNED.length);
  t.true(results?.every(({ status, reason }) => status === 'unknown' && reason === 'cancelled'));
});

const ONE_BY_ONE = { places: { atATime: 1, perSite: 1, sites: {}, perJumpHost: 1, overtimeMs: 60_000 } } as const;
const THREE = ['first', 'second', 'third'];

test('where evidence cannot be kept nobody is asked any more: what was kept counts, the rest is unknown with the cause', async (t) => {
  const evidence = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-unkept-'));
  await writeFile(path.join(evidence, 'second'), 'in the way');
  const transports = THREE.map(() => transportTo(healthy()));
  const servers = transports.map((transport, at) => server(THREE[at] ?? '', transport));
  const kept = await auditAll(servers, { ...ONE_BY_ONE, evidence });
  t.regex(kept.lost?.message ?? '', /second exists already/);
  t.deepEqual(
    THREE.map((name) => [kept.get(name)?.whole, kept.get(name)?.audited.note.reached]),
    [
      [true, true],
      [false, false],
      [false, false],
    ],
  );
  t.is(transports[2]?.exchanges().length, 0);
  for (const [name, reason] of [
    ['second', 'not-recorded'],
    ['third', 'cancelled'],
  ] as const) {
    const results = kept.get(name)?.audited.results ?? [];
    t.is(results.length, PLANNED.length);
    for (const result of results) {
      t.like(result, { status: 'unknown', reason, findings: [] });
      t.regex(result.detail ?? '', /second exists already/);
    }
  }
  t.true(kept.get('first')?.audited.results.some(({ status }) => status === 'pass'));
});

test('where a server cannot be recorded nobody is asked any more, and a defect is no loss', async (t) => {
  const servers = THREE.map((name) => server(name, transportTo(healthy())));
  const keeping = (error: Error) => {
    const seen: string[] = [];
    const keep: FleetOptions['keep'] = async ({ target }) => {
      seen.push(target.name);
      if (target.name === 'second') throw error;
    };
    return { seen, done: auditAll(servers, { ...ONE_BY_ONE, keep }) };
  };
  const full = keeping(new Mistake('the disk is full', 'make room'));
  t.is((await full.done).lost?.message, 'the disk is full');
  t.deepEqual(full.seen, THREE);
  await t.throwsAsync(keeping(new TypeError('a defect')).done, { instanceOf: TypeError });
});
