/** Stores that are made in a test, and servers to record. */
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Audited } from '../../../engine/audit.ts';
import { openStore, type RunPlan, type Store, type StoreOptions } from '../../../engine/fleet/store/store.ts';
import type { Evidence, Finding, Result } from '../../../engine/model.ts';

const scratch = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-store-'));
let made = 0;

export const storeFile = (): string => path.join(scratch, `${++made}`, 'store.db');
export const newStore = (options?: StoreOptions): Promise<Store> => openStore(storeFile(), options);

export const PROFILE = { id: 'house', version: '1.0.0', title: 'Our house', sha256: 'ab'.repeat(32) };

export const planFor = (names: readonly string[]): RunPlan => ({
  toolVersion: '0.1.0',
  profile: PROFILE,
  host: 'auditor',
  account: 'ann',
  options: '{"profile":"baseline"}',
  servers: names.map((name) => {
    const address = `ssh://${name}`;
    const reach = { site: 'tokyo' };
    return { name, address, tags: ['a'], listed: { name, address, tags: ['a'], inputs: {}, groups: ['g'], reach } };
  }),
});

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export const answer = (id: string, stdout: string, rest: Partial<Evidence> = {}): Evidence => ({
  id,
  command: `sc.exe query ${id}`,
  stdout: bytes(stdout),
  stderr: new Uint8Array(),
  exitCode: 0,
  startedAt: '2026-11-01T03:00:00.120Z',
  tookMs: 12,
  ...rest,
});

const finding = (verdict: Finding['verdict'], rest: Partial<Finding> = {}): Finding => ({
  verdict,
  message: `it is ${verdict}`,
  ...rest,
});

export const result = (target: string, check: string, rest: Partial<Result> = {}): Result => ({
  check,
  target,
  severity: 'high',
  status: 'pass',
  findings: [finding('pass')],
  evidence: ['001'],
  ...rest,
});
export const failed = (target: string, check: string, actual: string): Result =>
  result(target, check, { status: 'fail', findings: [finding('fail', { subject: 'port', actual })] });

type Given = Readonly<{ at?: string; results?: readonly Result[]; evidence?: readonly Evidence[] }>;

/** A server as it was audited at an instant. */
export const audited = (name: string, { at = '2026-11-01T03:00:00.000Z', results, evidence }: Given = {}): Audited => ({
  note: {
    name,
    address: `ssh://${name}`,
    tags: ['a'],
    os: 'Windows Server 2022 Standard (build 20348)',
    reached: true,
    startedAt: at,
    tookMs: 1_234,
    evidence: [],
  },
  results: results ?? [result(name, 'door/open'), result(name, 'door/port')],
  observedAt: new Date(at),
  codePage: 932,
  evidence: evidence ?? [answer('001', `${name} ${'x'.repeat(500)}`), answer('002', 'the same on all servers')],
  readingOf: () => ({ known: false, reason: 'not-recorded', detail: '', evidence: [] }),
});
