/** Fleets as they are: sites, a few servers that were not reached, and causes that many servers share. */
import type { EvidenceNote, Finding, Language, Report, Result, TargetNote } from '../../engine/model.ts';
import { counted, sample } from './sample.ts';

const SITES = ['tokyo', 'osaka', 'berlin', 'london', 'são-paulo', '札幌'];
const AREAS = ['service', 'rras', 'sstp', 'binding', 'certificate', 'firewall', 'tls', 'events', 'reach'];
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
const STARTED = Date.parse('2026-11-24T06:39:02.000Z');

/** The same numbers in every run. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

/** `shared` is how many servers fail for a cause that others share; `own` is how many results fail for no other's cause. */
type Trouble = Readonly<{ shared: number; own: number; missed: number }>;
const USUAL: Trouble = { shared: 0.03, own: 0, missed: 0.01 };

/** A fleet of servers in six sites, with so many checks of nine areas, in an order in which no server stands alone. */
export const mixedFleet = (
  servers: number,
  checks: number,
  { language = 'en', ...given }: Partial<Trouble> & Readonly<{ language?: Language }> = {},
): Report => {
  const trouble = { ...USUAL, ...given };
  const small = sample(language);
  const next = random(7);
  const notes = Array.from({ length: checks }, (_, at) => {
    const [note] = small.checks.slice(at % small.checks.length);
    if (!note) throw new Error('the sample is empty');
    return { ...note, id: `${AREAS[Math.floor((at * AREAS.length) / checks)]}/check-${at}` };
  });
  const targets = Array.from({ length: servers }, (_, at) => targetOf(at, next() < trouble.missed));
  const results = targets.flatMap((target, server) => {
    const cause = next() < trouble.shared ? 1 + Math.floor(next() * 4) : 0;
    return notes.map(({ id }, at) =>
      resultOf(target, id, { server, at, isBroken: isHit(cause, at) || next() < trouble.own }),
    );
  });
  return counted({ ...small, targets, checks: notes, results });
};

/** Each cause breaks checks of its own. */
const isHit = (cause: number, at: number): boolean => cause > 0 && at % 9 === cause * 2 - 1;

/** Half a million of these are in the largest fleet: their digits are looked up. */
const DIGITS = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));

const digest = (server: number, at: number): string => {
  let hex = '';
  for (let part = 0; part < 8; part++) {
    const value = ((server + 1) * 2_654_435_761 + (at + 1) * 40_503 + part * 97) >>> 0;
    hex += `${DIGITS[value >>> 16]}${DIGITS[value & 0xff_ff]}`;
  }
  return hex;
};

const targetOf = (server: number, isMissed: boolean): TargetNote => {
  const site = SITES[server % SITES.length] ?? '';
  const name = `vpn${String(server).padStart(5, '0')}.${site}.example.com`;
  const missed = {
    reached: false,
    os: null,
    reason: 'unreachable',
    detail: `ssh: connect to host ${name}: No route to host`,
  } as const;
  return {
    name,
    address: `ssh://auditor@${name}`,
    tags: [site, server % 3 === 0 ? 'test' : 'production'],
    os: 'Windows Server 2022 (10.0.20348)',
    reached: true,
    startedAt: new Date(STARTED + server * 37).toISOString(),
    tookMs: 400 + (server % 900),
    // Made anew each time: half a million answers of the largest fleet, of which few are looked at, need not be kept.
    get evidence() {
      return Array.from({ length: 47 }, (_, at) => answerOf(server, at));
    },
    ...(isMissed && missed),
  };
};

const answerOf = (server: number, at: number): EvidenceNote => ({
  id: String(at + 1).padStart(3, '0'),
  command: `reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Services\\Thing${at}`,
  exitCode: 0,
  startedAt: new Date(STARTED + server * 37 + at).toISOString(),
  tookMs: at,
  complete: true,
  sha256: digest(server, at),
  ...(at % 5 === 0 && {
    excerpt: `HKEY_LOCAL_MACHINE\\SYSTEM\\Thing${at}\r\n    Value    REG_SZ    ${digest(server, at)}\r\n`,
  }),
});

type Place = Readonly<{ server: number; at: number; isBroken: boolean }>;

const resultOf = (target: TargetNote, check: string, { server, at, isBroken }: Place): Result => {
  const evidence = [String((at % 47) + 1).padStart(3, '0')];
  const base = { check, target: target.name, severity: SEVERITIES[at % 4] ?? 'low', evidence };
  const { reached, reason = 'bug', detail = '' } = target;
  if (!reached) return { ...base, status: 'unknown', findings: [], reason, detail };
  if (isBroken)
    return { ...base, status: 'fail', findings: [broken(server, at), passed('[::]:443', 'as it should be')] };
  if (at === 5 && server % 40 === 0)
    return { ...base, status: 'unknown', findings: [], reason: 'denied', detail: 'アクセスが拒否されました。' };
  if (at === 6)
    return { ...base, status: 'inapplicable', findings: [{ verdict: 'inapplicable', message: 'TLS ends here' }] };
  // Half of what a server says of itself is the same on all of them.
  const message = at % 2 === 0 ? `check ${at} is as it should be` : `the certificate lasts ${server % 397} days`;
  return { ...base, status: 'pass', findings: [passed(at % 3 === 0 ? `CN=${target.name}` : undefined, message)] };
};

const passed = (subject: string | undefined, message: string): Finding => ({
  verdict: 'pass',
  message,
  ...(subject !== undefined && { subject }),
});

const broken = (server: number, at: number): Finding => ({
  verdict: 'fail',
  subject: '0.0.0.0:443',
  message: `the listener presents certificate ${digest(server, at).slice(0, 12)}`,
  expected: digest(0, at),
  actual: digest(server, at),
});
