import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Comparison } from '../../engine/comparison.ts';
import { LANGUAGES } from '../../engine/model.ts';
import own from '../../reporters/diff/html/assets.json' with { type: 'json' };
import { diffHtml } from '../../reporters/diff/html.ts';
import assets from '../../reporters/html/assets.json' with { type: 'json' };
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { golden } from './golden.ts';
import { counted, fleet, hostile } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (comparison: Comparison): string => [...diffHtml(comparison, ANY)].join('');
/** The page without what is the same in every one. */
const bare = (comparison: Comparison): string =>
  write(comparison)
    .replace(assets.style, '(page.css)')
    .replace(own.style, '(diff.css)')
    .replace(assets.script, '(page.js)')
    .replaceAll(/sha256-[\w+/=]+/g, 'sha256-(hash)');
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, one = '']) => one);
const [before, after] = twoReports();
const unchanged = compared([before, before]);
const lies = compared([hostile(before), hostile(after)]);

test('people have read the page', (t) => golden(t, 'diff.html', bare(diffSample())));

test('the policy lets in the styles and the script of the page, and nothing else', (t) => {
  const text = write(diffSample());
  const [policy = ''] = found(text, /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g);
  const hashOf = (inside: string): string => `'sha256-${createHash('sha256').update(inside).digest('base64')}'`;
  const styles = found(text, /<style>([\s\S]*?)<\/style>/g).map(hashOf);
  const scripts = found(text, /<script>([\s\S]*?)<\/script>/g).map(hashOf);
  t.is(
    policy,
    `default-src 'none'; script-src ${scripts.join(' ')}; style-src ${styles.join(' ')}; base-uri 'none'; form-action 'none'`,
  );
  t.deepEqual([styles.length, scripts.length], [2, 1]);
  t.true(text.indexOf(policy) < text.indexOf('<style>'), 'a policy counts for what follows it');
});

test('the style is the file that people edit', (t) => {
  const file = new URL('../../reporters/diff/html/diff.css', import.meta.url);
  t.is(own.style, readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
});

test('no element has a style or a handler of its own, or loads anything', (t) => {
  for (const one of [diffSample(), lies]) {
    const tags = bare(one).match(/<[a-z][^>]*>/g) ?? [];
    t.true(tags.length > 300);
    t.deepEqual(
      tags.filter((tag) =>
        /\s(?:style|src|srcset|on\w+|action|formaction)=|^<(?:link|base|iframe|object|embed|img)/.test(tag),
      ),
      [],
    );
  }
});

test('a link leads to a place in the page, or to a reference of a check; no place is there twice', (t) => {
  const twins = {
    ...diffSample(),
    changes: [...diffSample().changes, ...diffSample().changes.map((one) => ({ ...one }))],
  };
  for (const one of [diffSample(), diffSample('ja'), unchanged, lies, twins]) {
    const text = bare(one);
    const places = found(text, / id="([^"]*)"/g);
    t.is(new Set(places).size, places.length);
    for (const href of found(text, / href="([^"]*)"/g))
      if (href.startsWith('#')) t.true(places.includes(decodeURI(href.slice(1))), href);
      else t.regex(href, /^https:\/\/mskb\.pkisolutions\.com\//);
  }
});

test('what got worse comes first and is open; where nothing is to be done, it is closed', (t) => {
  const text = bare(diffSample());
  t.deepEqual(found(text, /<section class="server" id="changes\/([\w-]+)"/g).slice(0, 4), [
    'regressed',
    'became-unknown',
    'profile-changed',
    'waiver-changed',
  ]);
  t.regex(text, /<details class="result fail" id="regressed\/vpn01\.example\.com\/sstp\/certificate-hash"[^>]* open>/);
  t.regex(text, /<section class="server" id="changes\/still-failing"[\s\S]*?<details class="rest"><summary>/);
  t.regex(text, /<section class="server" id="changes\/added"[\s\S]*?<details class="rest" open>/, 'it has failures');
});

test('both audits stand side by side: who, when, from where, by which profile, with which hashes', (t) => {
  const [head = ''] = bare(diffSample()).split('</header>');
  for (const part of [
    '<bdi>out/november.json</bdi><br><code class="digest">sha256 0e5751c0',
    '<bdi>evidence-2026-12</bdi><br><code class="digest">sha256 8d969eef',
    '2026-11-24 06:39:02 UTC',
    '2026-12-24 06:39:02 UTC',
    '<bdi>svc-audit</bdi> @ <bdi>audit01</bdi>',
    '<bdi>山田</bdi> @ <bdi>audit02</bdi>',
    '<tr class="other"><th scope="row">profile</th><td data-side="before"><b>baseline</b> 1.0.0',
    'judged by different profiles',
    '13 of 20',
    '17 of 20',
  ])
    t.true(head.includes(part), part);
  t.false(bare(unchanged).includes('class="other"'));
});

test('a change shows what was found before beside what is found now, and both answers', (t) => {
  const [, regressed = ''] = bare(diffSample()).split('id="regressed/vpn01.example.com/sstp/certificate-hash"');
  const [change = ''] = regressed.split('</section>');
  for (const part of [
    '<td data-side="before"><span class="badge pass">',
    'both hashes are those of the listener',
    '<td data-side="after"><span class="badge fail">',
    '<dt>expected</dt><dd><code class="value">0e5751c0',
    '<span class="worse">fails now, did not before</span>',
    '<td><b>002</b> <code class="digest">c3ab8ff1',
    'not asked',
  ])
    t.true(change.includes(part), part);
  const [, waiver = ''] = bare(diffSample()).split('id="waiver-changed/');
  t.regex(
    waiver,
    /<th scope="row">WAIVED<\/th><td data-side="before"><span class="said">waived until 2026-12-31 23:59 UTC by 山田: CHG-4412/,
  );
  const [, demand = ''] = bare(diffSample()).split('id="profile-changed/');
  t.regex(demand, /what is expected, after<\/dt><dd><code class="value">\{&#34;port&#34;:8443\}/);
});

test('a waiver shows what became of it on both sides, and files with their hashes', (t) => {
  const [, register = ''] = bare(diffSample()).split('<section id="waivers"');
  t.regex(
    register,
    /<span class="state used">used<\/span><br><small>until <time[^>]*>[^<]*<\/time><\/small><\/td><td><em class="missing">not given/,
  );
  t.regex(register, /<p>after: <bdi>waivers\/production\.yaml<\/bdi> <code class="digest">sha256 c3ab8ff1/);
  t.regex(
    bare(
      compared([
        { ...before, waivers: [] },
        { ...before, waivers: [] },
      ]),
    ),
    /Neither audit was given a waiver/,
  );
});

test('there is room for three signatures', (t) => {
  const [, block = ''] = bare(diffSample()).split('<section class="signatures"');
  t.deepEqual(found(block, /<th scope="row">([^<]*)<\/th>/g), ['Prepared by', 'Reviewed by', 'Approved by']);
});

test('the page is in the language of the comparison, but for what is English in all of them', (t) => {
  for (const language of LANGUAGES)
    t.true(write(diffSample(language)).startsWith(`<!doctype html>\n<html lang="${language}">`));
  const text = bare(diffSample('ja'));
  t.regex(text, /<h1>SSTP 変更レビュー<\/h1>/);
  t.regex(text, /終了コード 1: 悪化した結果 5 件 \(悪化 1 件、/);
  t.notRegex(bare(diffSample()), / lang="en">(?!\n<head>)/);
});

test('two audits that are the same have a page that says so', (t) => {
  const report = counted({ ...before, results: before.results.filter(({ status }) => status === 'pass') });
  const text = bare(compared([report, report]));
  t.regex(text, /<div class="verdict pass">\n<p class="word">.* Nothing got worse/);
  t.regex(text, /Nothing changed\./);
});

test('the same comparison is the same page', (t) => t.is(write(diffSample()), write(diffSample())));

test('a fleet comes in pieces, and no more of it than a browser lays out', (t) => {
  const many = fleet(1_000, 30);
  const results = many.results.map((one) => ({ ...one, status: 'pass' as const, findings: [] }));
  let count = 0;
  let length = 0;
  for (const piece of diffHtml(compared([counted({ ...many, results }), many]), ANY)) {
    count += 1;
    length += piece.length;
    if (piece.length > 70_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.true(count > 2_000);
  t.true(length < 12_000_000, String(length));
});
