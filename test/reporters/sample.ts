/** A small audit that has one of everything, and the same audit of servers that lie. */
import {
  type CheckNote,
  type EvidenceNote,
  type Finding,
  type Language,
  type Report,
  type Result,
  STATUSES,
  type TargetNote,
} from '../../engine/model.ts';

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const OTHER = '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752';

type Prose = Pick<CheckNote, 'title' | 'why' | 'fix'>;
type Checked = Omit<CheckNote, keyof Prose> & Readonly<Record<Language, Prose>>;

const CHECKS: readonly Checked[] = [
  {
    id: 'service/running',
    en: {
      title: 'The services that SSTP rests on run and start by themselves',
      why: 'A service that does not run accepts no connection.',
      fix: ['Start the service: sc.exe start RemoteAccess'],
    },
    ja: {
      title: 'SSTP に必要なサービスが実行中で、自動的に開始する',
      why: '実行されていないサービスは接続を受け付けません。',
      fix: ['サービスを開始します: sc.exe start RemoteAccess'],
    },
    references: ['https://mskb.pkisolutions.com/kb/947031'],
    situations: ['2.1', '8.1'],
    clientErrors: ['0x80072746'],
  },
  {
    id: 'sstp/certificate-hash',
    en: {
      title: 'The SSTP service knows the certificate that the listener presents',
      why: 'SSTP binds each connection to the hash of the certificate; a client that met another one is refused.',
      fix: [
        'Open Routing and Remote Access, the properties of the server, the tab Security, and select the certificate again.',
        'Restart the service: net stop RemoteAccess, then net start RemoteAccess.',
      ],
    },
    ja: {
      title: 'SSTP サービスの証明書ハッシュがリスナーの証明書と一致する',
      why: 'SSTP は証明書のハッシュに接続を結び付けます。一致しない場合、クライアントの接続は拒否されます。',
      fix: [
        '[ルーティングとリモート アクセス] でサーバーのプロパティを開き、[セキュリティ] タブで証明書を選択し直してください。',
        'サービスを再起動してください: net stop RemoteAccess に続けて net start RemoteAccess',
      ],
    },
    references: ['https://mskb.pkisolutions.com/kb/947031'],
    situations: ['8.7'],
    clientErrors: ['0x80070040'],
  },
  {
    id: 'certificate/names',
    en: {
      title: 'The certificate holds every name that clients dial',
      why: 'A client refuses a certificate that does not hold the name it dialled.',
      fix: ['Request a certificate that holds every public name, and select it in Routing and Remote Access.'],
    },
    ja: {
      title: '証明書にクライアントの接続先の名前がすべて含まれる',
      why: '接続先の名前が含まれない証明書は、クライアントに拒否されます。',
      fix: ['すべての公開名を含む証明書を要求し、[ルーティングとリモート アクセス] で選択してください。'],
    },
    references: ['https://mskb.pkisolutions.com/kb/947031'],
    situations: ['6.8', '6.9'],
    clientErrors: ['0x800B010F'],
  },
  {
    id: 'firewall/sstp-exception',
    en: {
      title: 'Windows Firewall lets SSTP in',
      why: 'Without an inbound rule the connection is dropped before it reaches the listener.',
      fix: ['Enable the rule: netsh advfirewall firewall set rule name="SSTP (TCP-In)" new enable=yes'],
    },
    ja: {
      title: 'Windows ファイアウォールが SSTP の受信を許可する',
      why: '受信規則がない場合、接続はリスナーに届く前に破棄されます。',
      fix: ['規則を有効にします: netsh advfirewall firewall set rule name="SSTP (TCP-In)" new enable=yes'],
    },
    references: [],
    situations: ['8.10'],
    clientErrors: [],
  },
  {
    id: 'events/sstp-errors',
    en: {
      title: 'SSTP has logged no error of late',
      why: 'The log names the cause of most failures.',
      fix: ['Read the events and follow their text.'],
    },
    ja: {
      title: 'SSTP のエラーが最近記録されていない',
      why: '失敗の原因の多くはイベント ログに記録されます。',
      fix: ['イベントの内容を確認し、指示に従ってください。'],
    },
    references: [],
    situations: ['8.12'],
    clientErrors: [],
  },
];

const answer = (id: string, command: string, rest: Partial<EvidenceNote> = {}): EvidenceNote => ({
  id,
  command,
  exitCode: 0,
  startedAt: '2026-11-24T06:39:04.000Z',
  tookMs: 31,
  complete: true,
  sha256: HASH,
  ...rest,
});
const SERVICES = answer('001', 'sc.exe queryex RemoteAccess');
const PARAMETERS = answer('002', 'reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters', {
  excerpt: `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SstpSvc\\Parameters\r\n    Sha256CertificateHash    REG_BINARY    ${HASH}\r\n`,
});
const FIREWALL = answer('003', 'reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters', {
  exitCode: null,
  complete: false,
  excerpt: 'v2.31|Action=Allow|Active=TRUE|Dir=In|Prot',
});
const EVENTS = answer('004', 'wevtutil.exe qe System /c:200 /rd:true /f:xml', {
  exitCode: 5,
  excerpt: 'アクセスが拒否されました。\r\n',
});

const target = (name: string, rest: Partial<TargetNote> = {}): TargetNote => ({
  name,
  address: `ssh://auditor@${name}`,
  tags: ['production'],
  os: 'Windows Server 2022 (10.0.20348)',
  reached: true,
  startedAt: '2026-11-24T06:39:03.000Z',
  tookMs: 1_234,
  evidence: [SERVICES, PARAMETERS],
  ...rest,
});
const TARGETS: readonly TargetNote[] = [
  target('vpn01.example.com'),
  target('vpn02.example.com', { evidence: [SERVICES, PARAMETERS, FIREWALL, EVENTS] }),
  target('東京-vpn03', { os: 'Windows Server 2019 (10.0.17763)', tags: ['production', '東京'] }),
  target('vpn04.example.com', {
    os: null,
    reached: false,
    reason: 'unreachable',
    detail: 'ssh: connect to host vpn04.example.com port 22: No route to host',
    evidence: [answer('001', 'sc.exe queryex RemoteAccess', { exitCode: null, complete: false })],
    tookMs: 15_004,
  }),
];

const finding = (verdict: Finding['verdict'], message: string, rest: Partial<Finding> = {}): Finding => ({
  verdict,
  message,
  ...rest,
});
const mismatch = (subject: string): Finding =>
  finding('fail', `the listener presents certificate ${OTHER.slice(0, 12)}, SSTP knows ${HASH.slice(0, 12)}`, {
    subject,
    expected: HASH,
    actual: OTHER,
  });
const WAIVER = {
  check: 'certificate/names',
  target: '東京-vpn03',
  subject: '*',
  until: '2026-12-31T23:59:59.999Z',
  because: 'CHG-4412 移行期間中のため',
  approvedBy: '山田',
};

const PASSES: Readonly<Record<string, Pick<Result, 'severity' | 'findings'>>> = {
  'service/running': {
    severity: 'critical',
    findings: [finding('pass', 'RemoteAccess runs and starts by itself', { subject: 'RemoteAccess' })],
  },
  'sstp/certificate-hash': {
    severity: 'critical',
    findings: [finding('pass', 'both hashes are those of the listener')],
  },
  'certificate/names': { severity: 'high', findings: [finding('pass', 'the certificate holds vpn.example.com')] },
  'firewall/sstp-exception': { severity: 'high', findings: [finding('pass', 'SSTP (TCP-In) allows port 443')] },
  'events/sstp-errors': { severity: 'low', findings: [finding('pass', 'no error since 2026-11-17')] },
};

const noName = finding('fail', 'the certificate of *.example.net does not hold the name', {
  subject: 'vpn.example.com',
  expected: 'vpn.example.com',
  actual: '*.example.net, リモート.example.net',
});
const unknown = (reason: NonNullable<Result['reason']>, detail: string): Partial<Result> => ({
  status: 'unknown',
  findings: [],
  reason,
  detail,
});

/** What is not a pass with the evidence 001, by server and check. */
const DIFFERENT: Readonly<Record<string, Readonly<Record<string, Partial<Result>>>>> = {
  'vpn02.example.com': {
    'sstp/certificate-hash': {
      status: 'fail',
      evidence: ['002'],
      findings: [
        mismatch('0.0.0.0:443'),
        mismatch('[::]:443'),
        finding('pass', 'the hash is the same', { subject: '10.0.0.5:443' }),
      ],
    },
    'certificate/names': {
      status: 'inapplicable',
      findings: [finding('inapplicable', 'TLS ends at a load balancer, which presents the certificate')],
    },
    'firewall/sstp-exception': {
      ...unknown('truncated', `the answer ended before its end marker (${FIREWALL.command})`),
      evidence: ['003'],
    },
    'events/sstp-errors': { ...unknown('denied', 'wevtutil.exe: アクセスが拒否されました。'), evidence: ['004'] },
  },
  '東京-vpn03': {
    'service/running': {
      status: 'fail',
      findings: [
        finding('fail', 'the service is STOPPED', { subject: 'SstpSvc', expected: 'RUNNING', actual: 'STOPPED' }),
        finding('pass', 'the service is RUNNING', { subject: 'RemoteAccess' }),
      ],
    },
    'certificate/names': { status: 'waived', evidence: ['002'], findings: [noName], waiver: WAIVER },
  },
};

const resultOf = ({ name, reached, reason, detail }: TargetNote, check: string): Result => ({
  check,
  target: name,
  severity: 'low',
  status: 'pass',
  evidence: ['001'],
  findings: [],
  ...PASSES[check],
  ...(reached ? DIFFERENT[name]?.[check] : unknown(reason ?? 'bug', detail ?? '')),
});

/** Four servers and five checks: every status, a server that was not reached, a waiver of every state. */
export const sample = (language: Language = 'en'): Report =>
  counted({
    format: 'sstp-audit/report/1',
    language,
    tool: { name: 'sstp-audit', version: '0.1.0' },
    profile: { id: 'baseline', version: '1.0.0', title: 'What a careful administrator expects', sha256: OTHER },
    startedAt: '2026-11-24T06:39:02.000Z',
    finishedAt: '2026-11-24T06:39:19.000Z',
    exitCode: 1,
    exitReason: '2 results failed',
    gate: { failOn: 'low', allowUnknown: false },
    auditor: { account: 'svc-audit', host: 'audit01' },
    summary: { targets: 0, fail: 0, unknown: 0, waived: 0, inapplicable: 0, pass: 0 },
    targets: TARGETS,
    checks: CHECKS.map(({ en, ja, ...rest }) => ({ ...rest, ...(language === 'ja' ? ja : en) })),
    results: TARGETS.flatMap((one) => CHECKS.map(({ id }) => resultOf(one, id))),
    waivers: [
      { ...WAIVER, state: 'used' },
      { ...WAIVER, check: 'events/sstp-errors', because: 'CHG-4413', approvedBy: 'j.doe', state: 'unused' },
      {
        ...WAIVER,
        target: 'vpn01.example.com',
        until: '2026-06-30T23:59:59.999Z',
        because: 'CHG-3977',
        state: 'expired',
      },
      {
        ...WAIVER,
        check: 'sstp/certificate-hash',
        target: '*',
        tags: ['production'],
        subject: '0.0.0.0:443',
        actual: HASH,
        because: 'CHG-4388',
        file: 'waivers/production.yaml',
        state: 'ended',
        found: OTHER,
      },
    ],
  });

/** The report with a summary that tells the truth about its results. */
export const counted = (report: Report): Report => {
  const counts = STATUSES.map((status) => [status, report.results.filter((result) => result.status === status).length]);
  return { ...report, summary: { ...report.summary, ...Object.fromEntries(counts), targets: report.targets.length } };
};

/** Everything that a terminal, a CI system, an XML parser or a browser might obey. `seen` is what the HTML page shows of it, where that differs. */
export const ATTACKS: Readonly<Record<string, Readonly<{ text: string; seen?: string }>>> = {
  'a command of GitHub': { text: '::error file=a.js,line=1::stolen' },
  'a command behind blanks': { text: '  ::add-mask::pass' },
  'a command behind an ideographic space': { text: '\u3000::set-output name=x::1' },
  'a command on a line of its own': { text: '\nx\n::warning::y' },
  'a command behind a lone return': { text: 'before\r::warning::after', seen: 'before\n::warning::after' },
  'a command in older spelling': { text: 'x ##[add-mask]y' },
  'three number signs': { text: '###[debug]' },
  'a command of Azure': { text: '##vso[task.complete result=Succeeded;done=true]' },
  'a command that an escape sequence hides': {
    text: '#\u001b[0m#vso[task.complete]',
    seen: '#\ufffd[0m#vso[task.complete]',
  },
  'a command of TeamCity': { text: "##teamcity[buildStatus status='SUCCESS']" },
  'a file to attach': { text: '[[ATTACHMENT|/etc/passwd]]' },
  'a property of a test case': { text: '[[PROPERTY|status=pass]]' },
  'a script': { text: '<script>window.hacked = 1</script>' },
  'an image that fails': { text: '<img src=x onerror="window.hacked = 1">' },
  'the end of an attribute': { text: '" onmouseover="hacked = 1" \' autofocus onfocus=\'hacked = 1' },
  'the end of a script and of a text area': { text: '</script></textarea></title></select></pre>\t<b>x' },
  'the end of a style': { text: '</style><style>* { display: none }' },
  'a template': { text: '`{hacked = 1}` {{hacked}} javascript:hacked' },
  'entities and comments': { text: '&lt;&#60; <!-- --> &#x1b; & &amp' },
  'the end of CDATA': { text: ']]></failure></testcase><!-- " \' &' },
  'colours and a title': {
    text: '\u001b[31mred\u001b]0;title\u0007\u001b[0Ksection_start:1:x',
    seen: '\ufffd[31mred\ufffd]0;title\ufffd\ufffd[0Ksection_start:1:x',
  },
  'control characters': {
    text: 'a\u0000\u0001\u0008\u000b\u000c\u001b\u007fb\u0085\u009b31m\u009fc',
    seen: `a${'\ufffd'.repeat(7)}b\ufffd\ufffd31m\ufffdc`,
  },
  'what is no character': { text: 'a\ufffe\uffff\ufdd0b', seen: 'a\ufffd\ufffd\ufffdb' },
  'separators of lines and paragraphs': { text: 'a\u2028b\u2029c', seen: 'a\ufffdb\ufffdc' },
  'letters turned round': {
    text: '\u202e\u2066evil\u2069\u200f\u200e\u061cexe.gpj',
    seen: '\ufffd\ufffdevil\ufffd\ufffd\ufffd\ufffdexe.gpj',
  },
  'letters that are not seen': { text: 'a\u200bb\ufeffc\u00add', seen: 'a\ufffdb\ufffdc\ufffdd' },
  'letters from right to left': { text: 'שלום عربي' },
  'half characters': { text: 'lone \ud800 and \udc00', seen: 'lone \ufffd and \ufffd' },
  'a formula': { text: "=cmd|' /C calc'!A0;=1+1; @SUM(1)" },
  'a formula in wide letters': { text: '＝1＋1;＠SUM(1)' },
  'what Markdown is made of': {
    text: '[a](javascript:x) ![b](https://a.example/c) @admin :tada: **d** `e` | f \\| #1 $g$ www.a.example ~~h~~',
  },
  'ordinary text': { text: 'tab "tab" 東京 😀' },
};
export const ATTACK = Object.values(ATTACKS)
  .map(({ text }) => text)
  .join('\n');

const LONG = 'A'.repeat(100_000);

/** The same report from servers that lie: every text that a server, or whoever named it, supplied is an attack. */
export const hostile = (
  report: Report,
  bad: (what: string) => string = (what) => `${ATTACK}\n${what} ${LONG}`,
): Report => {
  const evil = (finding: Finding): Finding => ({
    verdict: finding.verdict,
    ...(finding.subject !== undefined && { subject: bad('subject') }),
    message: bad('message'),
    ...(finding.expected !== undefined && { expected: bad('expected') }),
    ...(finding.actual !== undefined && { actual: bad('actual') }),
  });
  const evilWaiver = <W extends Report['waivers'][number] | NonNullable<Result['waiver']>>(waiver: W): W => ({
    ...waiver,
    target: bad(waiver.target),
    subject: bad('subject'),
    because: bad('because'),
    approvedBy: bad('approvedBy'),
    ...('tags' in waiver && { tags: [bad('tag')] }),
    ...('actual' in waiver && { actual: bad('excused') }),
    ...('found' in waiver && { found: bad('found') }),
    ...('file' in waiver && { file: bad('file') }),
  });
  return {
    ...report,
    targets: report.targets.map((target) => ({
      ...target,
      name: bad(target.name),
      address: bad('address'),
      tags: target.tags.map(bad),
      os: target.os && bad('os'),
      ...(target.detail !== undefined && { detail: bad('detail') }),
      evidence: target.evidence.map((note) => ({
        ...note,
        command: bad('command'),
        ...(note.excerpt !== undefined && { excerpt: bad('excerpt') }),
      })),
    })),
    results: report.results.map((result) => ({
      ...result,
      target: bad(result.target),
      findings: result.findings.map(evil),
      ...(result.detail !== undefined && { detail: bad('detail') }),
      ...(result.waiver && { waiver: evilWaiver(result.waiver) }),
    })),
    waivers: report.waivers.map(evilWaiver),
  };
};

/** A fleet of so many servers and checks, most of them healthy. */
export const fleet = (servers: number, checks: number): Report => {
  const small = sample();
  const [first] = small.targets;
  const [note] = small.checks;
  if (!first || !note) throw new Error('the sample is empty');
  const notes = Array.from({ length: checks }, (_, at) => ({ ...note, id: `area/check-${at}` }));
  const targets = Array.from({ length: servers }, (_, at) => ({ ...first, name: `vpn${at}` }));
  const results = targets.flatMap(({ name }, server) =>
    notes.map(({ id }, at): Result => {
      const broken = (server + at) % 10 === 0;
      const findings = [broken ? mismatch('0.0.0.0:443') : finding('pass', 'as it should be')];
      const status = broken ? 'fail' : 'pass';
      return { check: id, target: name, severity: 'high', status, findings, evidence: ['002'] };
    }),
  );
  return counted({ ...small, targets, checks: notes, results, waivers: [] });
};

/**
 * Lines that a terminal or a CI system would obey: GitHub's `::name` at the start of a line, `##[`, `##vso[` and
 * `##teamcity[` anywhere, escape sequences and other control characters, and what turns the reading direction round.
 */
export const obeyed = (text: string): readonly string[] =>
  text
    .split(/\r\n?|[\n\u0085\u2028\u2029]/)
    .filter((line) =>
      /^\s*::|##|[\u0000-\u001f\u007f-\u009f]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r/.test(line),
    );
