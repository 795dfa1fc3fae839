import { REASONS } from '../model.ts';
import { ANSWER_FILE } from './manifest.ts';

const INSTANT = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$';

const stream = {
  type: 'object',
  required: ['bytes', 'sha256'],
  properties: {
    file: { type: 'string', pattern: ANSWER_FILE.source },
    bytes: { type: 'integer', minimum: 0 },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
} as const;

const entry = {
  type: 'object',
  required: ['id', 'command', 'exitCode', 'startedAt', 'tookMs', 'complete', 'stdout', 'stderr'],
  properties: {
    id: { type: 'string', pattern: '^n?\\d{3,4}$' },
    command: { type: 'string' },
    exitCode: { type: ['integer', 'null'] },
    startedAt: { type: 'string', pattern: INSTANT },
    tookMs: { type: 'number', minimum: 0 },
    complete: { type: 'boolean' },
    missing: {
      type: 'object',
      required: ['reason', 'detail'],
      properties: { reason: { enum: Object.keys(REASONS) }, detail: { type: 'string' } },
    },
    stdout: stream,
    stderr: stream,
  },
  // A whole answer has no reason to be missing, and one that is not whole says why.
  oneOf: [
    { properties: { complete: { const: true } }, not: { required: ['missing'] } },
    { properties: { complete: { const: false } }, required: ['missing'] },
  ],
} as const;

/** JSON Schema (draft 2020-12) of manifest.json. */
export const manifestSchema = {
  type: 'object',
  required: ['format', 'target', 'transport', 'startedAt', 'entries'],
  properties: {
    format: { const: 'sstp-audit/evidence/1' },
    target: {
      type: 'object',
      required: ['name', 'address', 'tags'],
      properties: {
        name: { type: 'string', minLength: 1 },
        address: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
      },
    },
    vantage: { enum: ['server', 'network', 'both'] },
    transport: { type: 'string' },
    endpoint: {
      type: 'object',
      required: ['host', 'port', 'serverName'],
      properties: {
        host: { type: 'string' },
        port: { type: 'integer', minimum: 1, maximum: 65_535 },
        serverName: { type: 'string' },
        proxy: { type: 'string' },
        rootsGiven: { const: true },
      },
    },
    codePage: { type: ['integer', 'null'] },
    startedAt: { type: 'string', pattern: INSTANT },
    finishedAt: { type: 'string' },
    entries: { type: 'array', maxItems: 1_000, items: entry },
  },
} as const;
