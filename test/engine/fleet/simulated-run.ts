/**
 * A fleet run of simulated servers in a process of its own: `node simulated-run.ts STORE SERVERS REPORT [ANSWER-MS DEADLINE-S]`.
 * What it took is in REPORT.took, as JSON. Without a store (`-`) everything is kept in memory. Servers answer after 300 ms in
 * the median, and have 30 s each, unless told otherwise.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checks } from '../../../checks/index.ts';
import { conclude } from '../../../engine/cli/conclude.ts';
import { outputsOf } from '../../../engine/cli/outputs.ts';
import { plansBy } from '../../../engine/cli/plans.ts';
import { rememberSession } from '../../../engine/cli/remember.ts';
import type { SessionOptions } from '../../../engine/cli/session.ts';
import { loadProfile } from '../../../engine/profile.ts';
import { watchBlocking } from './blocking.ts';
import { simulatedServers } from './simulated.ts';

export type Took = Readonly<{
  seconds: number;
  cpuSeconds: number;
  rssMb: number;
  blockedCpuMs: number;
  blockedWallMs: number;
}>;

const [store = '-', servers = '0', report = '', answerMs = '300', deadline = '30'] = process.argv.slice(2);
const profile = await loadProfile('baseline', { checks, builtIns: new URL('../../../profiles/', import.meta.url) });
const input = { publicNames: 'vpn.example.com' };
const options: SessionOptions = {
  ...{ input, tags: [], lang: 'en', failOn: 'low', allowUnknown: false, reporter: [], profile: 'baseline' },
  ...{ atATime: 32, perSite: 50, timeout: Number(deadline), store },
};
const session = {
  servers: await simulatedServers(Number(servers), Number(answerMs)),
  sites: {},
  profile,
  plansFor: plansBy(profile, { input }),
};
const started = performance.now();
const cpu = process.cpuUsage();
const blocking = watchBlocking();
const remembered = store === '-' ? undefined : await rememberSession(session, options);
const how = { options, outputs: outputsOf([`json:${report}`]), stop: new AbortController().signal };
await conclude(session, how, remembered);
const { cpuMs, wallMs } = blocking.stop();
const used = process.cpuUsage(cpu);
const took: Took = {
  seconds: (performance.now() - started) / 1_000,
  cpuSeconds: (used.user + used.system) / 1e6,
  rssMb: process.resourceUsage().maxRSS / 1_000,
  blockedCpuMs: cpuMs,
  blockedWallMs: wallMs,
};
await pipeline(Readable.from([JSON.stringify(took)]), createWriteStream(`${report}.took`));
