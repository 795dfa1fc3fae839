import assets from '../html/assets.json' with { type: 'json' };
import { type Markup, markup, when } from '../html/escape.ts';
import { headOf } from '../html/head.ts';
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
  yield beginning(page);
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

const beginning = ({ comparison, say, verdict }: DiffPage): Markup => {
  const { language, before, after } = comparison;
  return headOf({
    language,
    title: `${say.verdict[verdict]} · ${before.startedAt.slice(0, 10)} → ${after.startedAt.slice(0, 10)} · ${say.heading}`,
    styles: [assets, own],
    scriptHash: assets.scriptHash,
    main: 'changes',
    skip: say.skip,
  });
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
