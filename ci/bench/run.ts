/** `npm run bench`: every bench, or those that are named. Numbers are ratios within one run. */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchDiff } from './diff.ts';
import { benchFleet } from './fleet.ts';
import { buildAll } from './measure.ts';
import { benchPage } from './page.ts';
import { benchProbe } from './probe.ts';
import { benchRejudge } from './rejudge.ts';
import { benchReports } from './reports.ts';
import { benchSsh } from './ssh.ts';
import { benchWinrm } from './winrm.ts';

const USAGE = `npm run bench -- [NAME...] [--OPTION VALUE...]; README.md beside this file tells what each of them measures

  ssh       --servers 20,100  --rounds 5  --without-peers
  probe     --endpoints 1000  --probe-rounds 11
  winrm     --winrm-servers 200  --winrm-rounds 3
  fleet     --fleet-servers 2000  --kills 100
  rejudge   --recordings 1000  --rounds 5
  diff      --compared 10000  --rounds 5
  page      --reported 10000  --rounds 5
  reports   --reported 10000
`;

const given = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        rounds: { type: 'string', default: '5' },
        servers: { type: 'string', default: '20,100' },
        'winrm-servers': { type: 'string', default: '200' },
        'winrm-rounds': { type: 'string', default: '3' },
        'without-peers': { type: 'boolean', default: false },
        'probe-rounds': { type: 'string', default: '11' },
        endpoints: { type: 'string', default: '1000' },
        recordings: { type: 'string', default: '1000' },
        reported: { type: 'string', default: '10000' },
        'fleet-servers': { type: 'string', default: '2000' },
        compared: { type: 'string', default: '10000' },
        kills: { type: 'string', default: '100' },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return process.exit(2);
  }
};
const { values, positionals } = given();
const rounds = Number(values.rounds);

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  ssh: () => benchSsh({ servers: values.servers.split(',').map(Number), rounds, peers: !values['without-peers'] }),
  probe: () => benchProbe({ rounds: Number(values['probe-rounds']), many: Number(values.endpoints) }),
  winrm: () => benchWinrm({ servers: Number(values['winrm-servers']), rounds: Number(values['winrm-rounds']) }),
  fleet: () => benchFleet({ servers: Number(values['fleet-servers']), kills: Number(values.kills) }),
  rejudge: () => benchRejudge({ recordings: Number(values.recordings), rounds }),
  diff: () => benchDiff({ servers: Number(values.compared), rounds }),
  page: () => benchPage({ servers: Number(values.reported), rounds }),
  reports: () => benchReports({ servers: Number(values.reported) }),
};

const unknown = positionals.filter((name) => !(name in PARTS));
if (values.help) process.stdout.write(USAGE);
else if (unknown.length > 0) {
  console.error(`no bench is named ${unknown.join(', ')}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  const [{ model } = { model: 'unknown' }] = cpus();
  console.log(`${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`);
  await buildAll();
  for (const [name, bench] of Object.entries(PARTS))
    if (positionals.length === 0 || positionals.includes(name)) await bench();
}
