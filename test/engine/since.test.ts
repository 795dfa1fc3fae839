import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { readFolder } from '../../engine/evidence/read.ts';
import { createFolder } from '../../engine/evidence/write.ts';
import { exchangeBatches } from '../../engine/transports/batch.ts';

test.serial('evidence is read again, although the clock was set back while the server was asked', async (t) => {
  const now = Date.now;
  t.teardown(() => {
    Date.now = now;
  });
  const [answer] = await exchangeBatches(['sc.exe query SstpSvc'], {
    carry: async () => {
      Date.now = () => now() - 3_600_000;
      return { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), exitCode: 255 };
    },
    blame: () => ({ reason: 'unreachable', detail: 'the connection was lost' }),
  });
  if (!answer) return t.fail('nothing was asked');
  t.is(answer.tookMs, 0);
  const parent = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-since-'));
  const folder = await createFolder(parent, { name: 'vpn01', address: 'ssh://vpn01', tags: [], inputs: {} });
  await folder.keep({ ...answer, id: '001' });
  const { startedAt } = answer;
  await folder.seal({
    ...{
      tool: { name: 'sstp-audit', version: '0.1.0' },
      vantage: 'server',
      transport: 'ssh',
      os: null,
      codePage: null,
    },
    ...{ startedAt, finishedAt: startedAt },
  });
  const { broken, evidence } = await readFolder(folder.path);
  t.is(broken, undefined);
  t.is(evidence.length, 1);
});
