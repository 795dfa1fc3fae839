import assets from '../html/assets.json' with { type: 'json' };
import { type Markup, markup, when } from '../html/escape.ts';
import type { DiffReporter } from '../reporter.ts';
import own from './html/assets.json' with { type: 'json' };
import { changes } from './html/changes.ts';
import { masthead } from './html/masthead.ts';
import { type DiffPage, diffPageOf } from './html/page.ts';
import { byCheck, catalogue, servers, signatures, waivers } from './html/registers.ts';

/** The page of a change review: both audits side by side, on one page that asks the network for nothing and can be signed. */
export const diffHtml: DiffReporter = function* (comparison) {
  for (const piece of pageOf(diffPageOf(comparison))) yield piece.html;
};

const pageOf = function* (page: DiffPage): Iterable<Markup> {
  yield headOf(page);
  yield masthead(page);
  yield contents(page);
  yield markup`<main>\n`;
  yield* byCheck(page);
  yield* changes(page);
  yield* waivers(page);
  yield* servers(page);
  yield* catalogue(page);
  yield signatures(page);
  yield markup`</main>\n<footer><p>${page.say.kept}</p></footer>\n<script>`;
  // Not through the template: the policy holds the hash of exactly this text.
  yield { html: assets.script };
  yield markup`</script>\n</body>\n</html>\n`;
};

const POLICY = `default-src 'none'; script-src '${assets.scriptHash}'; style-src '${assets.styleHash}' '${own.styleHash}'; base-uri 'none'; form-action 'none'`;

const headOf = ({ comparison, say, verdict }: DiffPage): Markup => {
  const { language, before, after } = comparison;
  const title = `${say.verdict[verdict]} · ${before.startedAt.slice(0, 10)} → ${after.startedAt.slice(0, 10)} · ${say.heading}`;
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ html: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${{ html: assets.style }}</style>
<style>${{ html: own.style }}</style>
</head>
<body>
<a class="skip" href="#changes">${say.skip}</a>
`;
};

const contents = ({ say, page, comparison }: DiffPage): Markup => {
  const any = comparison.changes.length > 0;
  return markup`<nav class="contents" aria-label="${say.contents}">
<a href="#overview">${say.byCheck}</a>
<a href="#changes">${say.changes}</a>
<a href="#waivers">${say.waivers}</a>
${when(any, () => markup`<a href="#servers">${say.servers}</a>\n<a href="#checks">${page.checks}</a>\n`)}</nav>
`;
};
