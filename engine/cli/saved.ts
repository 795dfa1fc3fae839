/** What of the command line a run is remembered with, so that it can be gone on with. No secret is among it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Mistake } from '../mistake.ts';
import { builtInNames } from './built-ins.ts';
import type { Session } from './conclude.ts';
import type { SessionOptions } from './session.ts';

type Saved = Readonly<Record<string, unknown>>;

/** Options of a run that goes on. */
export type SavedOptions = SessionOptions &
  Readonly<{ profile: string; sites: Readonly<Record<string, number>>; waiverHashes?: readonly string[] }>;

/** Asked anew each time: how reports look, and what is or leads to a secret. */
const NOT_SAVED = [
  ...['reporter', 'lang', 'failOn', 'allowUnknown', 'baseline', 'store', 'resume', 'given'],
  ...['inventory', 'limit', 'tags', 'passwordFrom', 'retryRejectedPassword'],
];

/** What decides who is asked what, and how it is judged: a run has one of it, from its beginning to its end. */
const FIXED = [
  ...['checks', 'allowProgram', 'profile', 'input', 'only', 'waivers', 'inventory', 'limit', 'tags', 'evidence'],
  ...['probe', 'sni', 'roots', 'proxy', 'allowPrivate'],
];

const absolute = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(absolute);
  return typeof value === 'string' && existsSync(value) ? path.resolve(value) : value;
};

/** Options as JSON; whoever goes on may stand in another folder, so files are named in full. A built-in profile is none. */
export const savedFrom = async (
  options: SessionOptions,
  { sites, profile }: Pick<Session, 'sites' | 'profile'>,
): Promise<string> => {
  const kept = Object.entries(options).filter(([name]) => !NOT_SAVED.includes(name));
  const isBuiltIn = (await builtInNames()).includes(options.profile ?? '');
  const files = [
    ...(isBuiltIn ? [] : ['profile']),
    'checks',
    'waivers',
    'sshConfig',
    'roots',
    'ca',
    'clientCertificate',
  ];
  const named = kept.map(([name, value]) => [name, files.includes(name) ? absolute(value) : value]);
  const { evidence } = options;
  return JSON.stringify({
    ...Object.fromEntries(named),
    sites,
    waiverHashes: hashesOf(profile),
    waiverFiles: profile.waiverFiles,
    ...(evidence !== undefined && { evidence: path.resolve(evidence) }),
  });
};

/** Waivers are part of how a run is judged, whatever their files are called. */
export const hashesOf = ({ waiverFiles }: Session['profile']): readonly string[] =>
  waiverFiles.map(({ sha256 }) => sha256);

/**
 * The options of a run that goes on: as they were, but what only says how to ask may be given anew. Throws Mistake for
 * the others.
 */
export const resumedFrom = (saved: string, options: SessionOptions): SavedOptions => {
  const given = options.given ?? [];
  const wrong = given.filter((name) => FIXED.includes(name));
  if (wrong.length > 0)
    throw new Mistake(
      wrong
        .map((name) => `--${name.replace(/[A-Z]/g, '-$&').toLowerCase()} cannot change in a run that goes on`)
        .join('\n'),
      '--resume goes on as the run began; begin another one for something else',
    );
  const before = Object.entries(JSON.parse(saved) as Saved).filter(([name]) => !given.includes(name));
  // We wrote it ourselves: savedFrom names a profile and sites.
  return { ...options, ...Object.fromEntries(before) } as SavedOptions;
};
