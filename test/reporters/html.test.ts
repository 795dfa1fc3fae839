import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { LANGUAGES, type Report, type Result } from '../../engine/model.ts';
import assets from '../../reporters/html/assets.json' with { type: 'json' };
import { html } from '../../reporters/html.ts';
import { golden } from './golden.ts';
import { counted, fleet, hostile, sample } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (report: Report): string => [...html(report, ANY)].join('');
/** The page without what is the same in every one. */
const bare = (report: Report): string =>
  write(report)
    .replace(assets.style, '(page.css)')
    .replace(assets.script, '(page.js)')
    .replaceAll(/sha256-[\w+/=]+/g, 'sha256-(hash)');
/** All that a pattern's first group finds. */
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, one = '']) => one);
const ids = (text: string): readonly string[] => found(text, / id="([^"]*)"/g);
const changed = (report: Report, change: (result: Result) => Partial<Result>): Report =>
  counted({ ...report, results: report.results.map((result) => ({ ...result, ...change(result) })) });
const renamed = (name: string): Report => {
  const [target] = sample().targets;
  return { ...sample(), targets: target ? [{ ...target, name }] : [], results: [] };
};

test('people have read the page', (t) => golden(t, 'report.html', bare(sample())));

test('what failed stands below the verdict, the worst first, with its cause, and leads to the result', (t) => {
  const listIn = (report: Report): string =>
    /<ul class="failures">[\s\S]*?<\/ul>[\s\S]*?<\/div>/.exec(bare(report))?.[0] ?? '';
  const list = listIn(sample());
  t.deepEqual(found(list, / · ([^<]*)<\/a>/g), ['sstp/certificate-hash', 'service/running']);
  t.regex(list, /the service is STOPPED/);
  for (const anchor of found(list, /href="#([^"]*)"/g)) t.true(ids(bare(sample())).includes(decodeURI(anchor)), anchor);
  const many = changed(fleet(6, 3), () => ({ status: 'fail', severity: 'high' }));
  t.regex(
    listIn({
      ...many,
      results: many.results.toSpliced(9, 1, {
        ...sample().results[0],
        ...many.results[9],
        severity: 'critical',
      } as Result),
    }),
    /<ul class="failures">\n<li><a href="#vpn3\/[\s\S]*<p>8 more<\/p>/,
  );
  t.is(listIn(changed(sample(), () => ({ status: 'pass' }))), '');
});

test('the policy lets in the style and the script of the page, and nothing else', (t) => {
  const text = write(sample());
  const [policy = ''] = found(text, /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g);
  const hashOf = (inside: string | undefined): string =>
    `'sha256-${createHash('sha256')
      .update(inside ?? '')
      .digest('base64')}'`;
  const [style, ...styles] = found(text, /<style>([\s\S]*?)<\/style>/g);
  const [script, ...scripts] = found(text, /<script>([\s\S]*?)<\/script>/g);
  t.is(
    policy,
    `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
  );
  t.deepEqual([...styles, ...scripts], []);
  t.true(text.indexOf(policy) < text.indexOf('<style>'), 'a policy counts for what follows it');
});

test('the style and the script are the files that people edit', (t) => {
  for (const [name, text] of [
    ['page.css', assets.style],
    ['page.js', assets.script],
  ] as const)
    t.is(text, readFileSync(new URL(`../../reporters/html/${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n'));
});

test('no element has a style or a handler of its own, or loads anything', (t) => {
  for (const report of [sample(), hostile(sample())]) {
    const tags = bare(report).match(/<[a-z][^>]*>/g) ?? [];
    t.true(tags.length > 300);
    t.deepEqual(
      tags.filter((tag) =>
        /\s(?:style|src|srcset|on\w+|action|formaction)=|^<(?:link|base|iframe|object|embed|img)/.test(tag),
      ),
      [],
    );
  }
});

test('a link leads to a place in the page, or to a reference of a check', (t) => {
  const odd = {
    ...sample(),
    checks: sample().checks.map((note) => ({
      ...note,
      references: ['javascript:alert(1)', 'https://a.example/x y', 'https://a.example/?b="c"'],
    })),
  };
  for (const report of [sample(), sample('ja'), odd, hostile(sample()), fleet(60, 3)]) {
    const text = bare(report);
    const places = new Set(ids(text));
    for (const href of found(text, / href="([^"]*)"/g))
      if (href.startsWith('#')) t.true(places.has(decodeURI(href.slice(1))), href);
      else t.regex(href, /^https:\/\/(?:mskb\.pkisolutions\.com|a\.example)\//);
  }
  t.deepEqual(new Set(found(bare(odd), / href="(https:[^"]*)"/g)), new Set(['https://a.example/?b=&#34;c&#34;']));
});

test('no two elements have the same id, whatever servers are named', (t) => {
  const [target] = sample().targets;
  const names = [
    'top',
    'results',
    'checks',
    'own',
    'own:filter',
    'a/b',
    'a-b',
    'a b',
    'results:title',
    '',
    '#',
    '\ud800',
    'waivers',
  ];
  const targets = names.flatMap((name) => (target ? [{ ...target, name }] : []));
  for (const report of [sample(), hostile(sample()), { ...sample(), targets, results: [] }]) {
    const all = ids(bare(report));
    t.is(new Set(all).size, all.length);
  }
});

test('a server has the same address in every report', (t) => {
  t.true(ids(bare(renamed('東京-vpn03'))).includes('東京-vpn03'));
  t.true(ids(bare(sample())).includes('東京-vpn03/certificate/names'));
});

test('what fails hurts first: servers by their failures, results by status and severity', (t) => {
  const text = bare(sample());
  t.deepEqual(found(text, /<section class="server" id="([^"]*)"/g), [
    'vpn02.example.com',
    '東京-vpn03',
    'vpn04.example.com',
    'vpn01.example.com',
  ]);
  const statuses = found(text, /<(?:details|div) class="result (?:line )?(\w+)"/g);
  t.deepEqual(statuses.slice(0, 5), ['fail', 'unknown', 'unknown', 'inapplicable', 'pass']);
});

test('a server fails worse by severity, then by number', (t) => {
  const [first] = sample().targets;
  const give = (name: string, ...severities: Result['severity'][]) =>
    severities.map(
      (severity, at): Result => ({
        check: `a/${at}`,
        target: name,
        severity,
        status: 'fail',
        findings: [],
        evidence: [],
      }),
    );
  const results = [
    ...give('two-high', 'high', 'high'),
    ...give('critical', 'critical'),
    ...give('high', 'high'),
    ...give('none'),
  ];
  const targets = ['none', 'high', 'two-high', 'critical'].flatMap((name) => (first ? [{ ...first, name }] : []));
  t.deepEqual(found(bare({ ...sample(), targets, results }), /<section class="server" id="([^"]*)"/g), [
    'critical',
    'two-high',
    'high',
    'none',
  ]);
});

test('a failure is open and shows both values, the remedy and the evidence', (t) => {
  const [, after = ''] = bare(sample()).split('id="vpn02.example.com/sstp/certificate-hash"');
  const [failure = ''] = after.split('\n</details>\n<details class="result');
  t.regex(failure, /^ data-status="fail" data-severity="critical" open>/);
  for (const part of [
    '<bdi>0.0.0.0:443</bdi>',
    '<dt>expected</dt><dd><code class="value">9f86d081',
    '<dt>actual</dt><dd><code class="value">60303ae2',
    '<dt>why</dt><dd>SSTP binds',
    '<ol><li>Open Routing',
    '<li>Restart the service',
    '<b>002</b> <code>reg.exe query',
    '<pre>\nHKEY_LOCAL_MACHINE',
    '<dd>8.7</dd>',
    '<code>0x80070040</code>',
    '<a href="https://mskb.',
  ])
    t.true(failure.includes(part), part);
});

test('what is unknown shows its reason, its detail and advice in the language of the report', (t) => {
  t.regex(
    bare(sample()),
    /<b>denied<\/b>: <span class="said">wevtutil\.exe: .*\n<dt>advice<\/dt><dd>The account lacks a right/,
  );
  t.regex(
    bare(sample('ja')),
    /<b>権限不足<\/b>: <span class="said"><span lang="en">wevtutil.*\n<dt>助言<\/dt><dd>アカウントの権限が/,
  );
});

test('a server that was not reached is one thing: its checks hide behind it, still unknown', (t) => {
  const text = bare(sample());
  t.regex(text, /<h2 id="not-reached:title">Servers not reached \(1\)<\/h2>/);
  t.regex(text, /<ul class="missed">\n<li><a href="#vpn04\.example\.com">/);
  const [, server = ''] = text.split('<section class="server" id="vpn04.example.com"');
  const [own = ''] = server.split('</section>');
  t.regex(
    own,
    /<p class="missed"><strong>not reached<\/strong>: <b>unreachable<\/b>.*No route to host.*Check the name/,
  );
  t.regex(own, /<details class="rest"><summary><b>5<\/b> unknown, because the server was not reached<\/summary>/);
  t.is(own.split('class="result line unknown"').length - 1, 5);
  t.is(own.split('<details class="result').length - 1, 0);
  const reached = { ...sample(), targets: sample().targets.map((target) => ({ ...target, reached: true })) };
  t.regex(bare(reached), /Every server was reached/);
});

test('what is unknown for another reason does not hide behind a server that was not reached', (t) => {
  const report = changed(sample(), ({ target, check }) =>
    target === 'vpn04.example.com' && check === 'service/running' ? { reason: 'bug', detail: 'odd' } : {},
  );
  t.regex(
    bare(report),
    /<details class="result unknown" id="vpn04\.example\.com\/service\/running"[\s\S]*defect of sstp-audit<\/b>: <span class="said">odd/,
  );
});

test('waivers are shown with what became of them, and a waived result with its terms', (t) => {
  const text = bare(sample());
  t.deepEqual(found(text, /<span class="state (\w+)">/g), ['used', 'unused', 'expired', 'ended']);
  t.regex(
    text,
    /<dl class="exception">\n<dt>until<\/dt><dd><time datetime="2026-12-31T23:59:59\.999Z">2026-12-31 23:59:59 UTC<\/time><\/dd>\n<dt>approved by<\/dt><dd><bdi>山田<\/bdi>/,
  );
  t.regex(text, /ended<\/span><br><small>found <code class="value">60303ae2/);
  t.regex(text, /<bdi>0\.0\.0\.0:443<\/bdi><br><small>only for <code class="value">9f86d081/);
  t.regex(text, /<bdi>waivers\/production\.yaml<\/bdi>/);
  t.regex(text, /class="result waived"[\s\S]*does not hold the name/);
  t.regex(bare({ ...sample(), waivers: [] }), /No waiver was given/);
});

const verdict = test.macro((t, exitCode: number, change: Partial<Report>, word: string, style: string) => {
  const report = { ...sample(), ...change, exitCode };
  t.regex(
    bare(report),
    new RegExp(
      `<div class="verdict ${style}">\n<p class="word"><span class="glyph" aria-hidden="true">.</span> ${word}</p>\n<p>exit code ${exitCode}: `,
    ),
  );
  t.regex(bare(report), new RegExp(`<title>${word} `));
});
const clean = counted({ ...sample(), results: sample().results.filter(({ status }) => status === 'pass') });
test('0 with nothing but passes is a pass', verdict, 0, clean, 'Passed', 'pass');
const waived = counted({ ...sample(), results: sample().results.filter(({ status }) => /pass|waived/.test(status)) });
test('0 with a waiver says so', verdict, 0, waived, 'Passed, with waivers', 'pass');
test('0 that only the gate made possible says so', verdict, 0, {}, 'Accepted by the gate', 'unknown');
test('1 is a failure', verdict, 1, {}, 'Failed', 'fail');
test('3 could not tell', verdict, 3, {}, 'Could not tell', 'unknown');
test('a signal stopped the run', verdict, 130, {}, 'Not completed', 'unknown');

test('the gate is stated, softened or not', (t) => {
  t.regex(bare(sample()), /<dt>gate<\/dt><dd>every failure counts, and so does what is unknown<\/dd>/);
  const soft = bare({ ...sample(), exitCode: 0, gate: { failOn: 'high', allowUnknown: true } });
  t.regex(soft, /The exit code is 0 although not everything passed/);
  t.regex(soft, /<li><strong>what is unknown does not count \(--allow-unknown\)<\/strong><\/li>/);
  t.regex(soft, /<li><strong>failures below high do not count \(--fail-on\)<\/strong><\/li>/);
});

test('the head tells profile, hash, servers, times and counts', (t) => {
  const [head = ''] = bare(sample()).split('</header>');
  for (const part of [
    '<b>baseline</b> 1.0.0',
    'sha256 60303ae2',
    '4 servers',
    '1 server not reached',
    '2026-11-24 06:39:02 UTC',
    'took 17.0 s',
    'sstp-audit 0.1.0',
  ])
    t.true(head.includes(part), part);
  t.regex(
    head,
    /<tfoot><tr><th scope="row">total<\/th><td class="fail">2<\/td><td class="unknown">7<\/td><td class="waived">1<\/td><td class="inapplicable">1<\/td><td class="pass">9<\/td><td class="sum">20<\/td>/,
  );
});

test('an answer is shown once for a server, and later results lead there', (t) => {
  const report = changed(sample(), ({ target }) => (target === 'vpn02.example.com' ? { evidence: ['004'] } : {}));
  const text = bare(report);
  t.is(text.split('<pre>\nアクセスが拒否されました。').length - 1, 1);
  t.is(text.split('shown under <a href="#vpn02.example.com/sstp/certificate-hash">').length - 1, 4);
});

test('an answer that is not whole says so, and one that the report does not hold is named', (t) => {
  t.regex(bare(sample()), /exit code –, <strong>answer not whole<\/strong>, <time/);
  t.regex(bare(changed(sample(), () => ({ evidence: ['099'] }))), /<b>099<\/b> the report does not describe it/);
});

test('what is too long is cut and says so', (t) => {
  const long = changed(sample(), ({ findings }) => ({
    findings: findings.map((one) => ({ ...one, actual: 'x'.repeat(16_345) })),
  }));
  t.regex(bare(long), /x…<\/code> <em class="missing">\(12,346 more characters: see the JSON report\)/);
  const many = changed(sample(), ({ findings }) => ({ findings: Array.from({ length: 300 }, () => findings).flat() }));
  t.regex(bare(many), /<p class="missing">100 more: see the JSON report<\/p>/);
});

test('of many findings, those that fail come first', (t) => {
  const report = changed(sample(), ({ findings }) => ({ findings: findings.toReversed() }));
  const [, failure = ''] = bare(report).split('id="vpn02.example.com/sstp/certificate-hash"');
  t.deepEqual(found(failure, /<li class="(\w+)">/g).slice(0, 3), ['fail', 'fail', 'pass']);
});

test('a few servers show what passed from the start; of many it stays closed', (t) => {
  t.true(bare(sample()).includes('<details class="rest" open><summary><b>5</b> passed or not applicable'));
  t.false(bare(fleet(6, 3)).includes('<details class="rest" open>'));
});

test('the page is in the language of the report, but for what is English in all of them', (t) => {
  for (const language of LANGUAGES)
    t.true(write(sample(language)).startsWith(`<!doctype html>\n<html lang="${language}">`));
  const text = bare(sample('ja'));
  t.regex(text, /<h1>SSTP サーバー監査レポート<\/h1>/);
  t.regex(text, /<ul class="findings" lang="en">/);
  t.regex(text, /終了コード 1: 不合格の結果 2 件</);
  t.regex(bare({ ...sample('ja'), exitReason: 'so it was' }), /終了コード 1: <span lang="en">so it was<\/span>/);
  t.notRegex(bare(sample()), / lang="en">(?!\n<head>)/);
});

test('a report without servers and results says so', (t) => {
  const text = bare(counted({ ...sample(), targets: [], results: [], waivers: [], checks: [] }));
  t.regex(text, /nothing was judged/);
  t.regex(text, /0 servers/);
});

test('the same report is the same page', (t) => t.is(write(sample()), write(sample())));

test('a large report comes in pieces, never as a whole', (t) => {
  let count = 0;
  for (const piece of html(fleet(50, 300), ANY)) {
    count += 1;
    if (piece.length > 60_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.true(count > 15_000);
});

test('a run that is compared with a baseline says with which, and who ran it', (t) => {
  const gate = { failOn: 'low', allowUnknown: false, baseline: { file: 'march.json', sha256: 'ab12' } } as const;
  const text = bare({ ...sample(), gate });
  t.regex(text, /only what got worse counts \(--baseline march\.json\)<\/strong><br><code class="digest">sha256 ab12/);
  t.regex(text, /<dt>Run by<\/dt><dd><bdi>svc-audit<\/bdi> @ <bdi>audit01<\/bdi><\/dd>/);
});
