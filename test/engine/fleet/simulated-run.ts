/** The run itself, and what it took: loaded by simulation.ts. */

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

const [store = '-', servers = '0', report = '', atATime = '32'] = process.argv.slice(2);
const profile = await loadProfile('baseline', { checks, builtIns: new URL('../../../profiles/', import.meta.url) });
const input = { publicNames: 'vpn.example.com' };
const options: SessionOptions = {
  ...{ input, tags: [], lang: 'en', failOn: 'low', allowUnknown: false, reporter: [], profile: 'baseline' },
  ...{ atATime: Number(atATime), perSite: 50, timeout: 30, store },
};
const session = {
  servers: await simulatedServers(Number(servers), 300),
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
