/** A comparison that has one of everything, and the same of servers that lie. */
import type { Comparison } from '../../engine/comparison.ts';
import { gateDiff } from '../../engine/diff/gate.ts';
import { diff, sideOf } from '../../engine/diff.ts';
import type { Finding, Language, Report, Result } from '../../engine/model.ts';
import { counted, sample } from './sample.ts';

const HASH = 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2';
const BEFORE = '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8';
const AFTER = '8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92';

const finding = (verdict: Finding['verdict'], message: string, rest: Partial<Finding> = {}): Finding => ({
  verdict,
  message,
  ...rest,
});
const told = (status: Result['status'], ...findings: readonly Finding[]): Partial<Result> => ({ status, findings });
const EXPECTED = { 'vpn01.example.com firewall/sstp-exception': { expected: { port: 443 } } };

/** What is different in the later audit, by server and check. */
const LATER: Readonly<Record<string, Partial<Result>>> = {
  'vpn01.example.com sstp/certificate-hash': {
    ...told(
      'fail',
      finding('fail', 'the listener presents another certificate than SSTP knows', {
        subject: '0.0.0.0:443',
        expected: BEFORE,
        actual: AFTER,
      }),
    ),
    evidence: ['002'],
  },
  'vpn01.example.com events/sstp-errors': {
    ...told('unknown'),
    reason: 'denied',
    detail: 'wevtutil.exe: アクセスが拒否されました。',
  },
  'vpn01.example.com firewall/sstp-exception': {
    ...told(
      'fail',
      finding('fail', 'no rule allows TCP 8443', { expected: 'TCP 8443 allowed', actual: 'TCP 443 allowed' }),
    ),
    expected: { port: 8443 },
  },
  'vpn01.example.com certificate/names': told(
    'pass',
    finding('pass', 'the certificate holds vpn.example.com and vpn2.example.com'),
  ),
  'vpn02.example.com sstp/certificate-hash': {
    ...told(
      'fail',
      finding('pass', 'both hashes are those of the listener', { subject: '0.0.0.0:443' }),
      finding('fail', 'the listener presents certificate 60303ae22b99, SSTP knows 9f86d081884c', {
        subject: '[::]:443',
        expected: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        actual: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
      }),
      finding('pass', 'the hash is the same', { subject: '10.0.0.5:443' }),
    ),
    evidence: ['002'],
  },
  'vpn02.example.com firewall/sstp-exception': told('pass', finding('pass', 'SSTP (TCP-In) allows port 443')),
  '東京-vpn03 service/running': told(
    'pass',
    finding('pass', 'the service is RUNNING', { subject: 'SstpSvc' }),
    finding('pass', 'the service is RUNNING', { subject: 'RemoteAccess' }),
  ),
};

const laterOf = (result: Result): Result => {
  const { target, check, severity, evidence, findings, status } = result;
  const change = LATER[`${target} ${check}`];
  if (change) return { target, check, severity, evidence, findings, status, ...change };
  // The waiver of this one has been taken out.
  if (status === 'waived') return { target, check, severity, evidence, findings, status: 'fail' };
  return result;
};

const GONE = 'vpn04.example.com';
const NEW = 'vpn05.example.com';

/** The sample, and what became of it a month later. */
export const twoReports = (language: Language = 'en'): readonly [before: Report, after: Report] => {
  const report = sample(language);
  const demanded = report.results.map((result) => {
    const key = `${result.target} ${result.check}`;
    return key in EXPECTED ? { ...result, ...EXPECTED[key as keyof typeof EXPECTED] } : result;
  });
  const results = demanded.filter(({ target }) => target !== GONE).map(laterOf);
  const [first] = report.targets;
  const added = results.filter(({ target }) => target === first?.name).map((result) => ({ ...result, target: NEW }));
  const targets = report.targets
    .filter(({ name }) => name !== GONE)
    .map((target) => ({
      ...target,
      startedAt: '2026-12-24T06:39:03.000Z',
      evidence: target.evidence.map((note) => (note.id === '002' ? { ...note, sha256: HASH } : note)),
    }));
  const after = counted({
    ...report,
    profile: { ...report.profile, version: '1.1.0', sha256: HASH },
    auditor: { account: '山田', host: 'audit02' },
    startedAt: '2026-12-24T06:39:02.000Z',
    finishedAt: '2026-12-24T06:39:19.000Z',
    targets: [...targets, ...(first ? [{ ...first, name: NEW, address: `ssh://auditor@${NEW}` }] : [])],
    results: [...results, ...added],
    waivers: report.waivers.slice(1),
    waiverFiles: [{ file: 'waivers/production.yaml', sha256: HASH }],
  });
  return [counted({ ...report, results: demanded }), after];
};

/** Compares two reports as the command does. */
export const compared = (
  [before, after]: readonly [Report, Report],
  gate: Comparison['gate'] = { failOn: 'regression', allowUnknown: false },
): Comparison => {
  const { compared: _, ...rest } = diff(
    sideOf(before, { kind: 'report', name: 'out/november.json', sha256: BEFORE }),
    sideOf(after, { kind: 'evidence', name: 'evidence-2026-12', sha256: AFTER }),
  );
  return {
    format: 'sstp-audit/diff/1',
    language: after.language,
    tool: after.tool,
    auditor: { account: 'svc-audit', host: 'audit01' },
    madeAt: '2026-12-24T08:00:00.000Z',
    ...gateDiff({ ...rest, compared: _ }, gate),
    gate,
    ...rest,
  };
};

export const diffSample = (language: Language = 'en'): Comparison => compared(twoReports(language));
