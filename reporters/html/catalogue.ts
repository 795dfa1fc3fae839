/** The checks that the report speaks of: what each looks at, why, and how it is mended. */
import type { CheckNote } from '../../engine/model.ts';
import { joined, type Markup, markup, NOTHING } from './escape.ts';
import { entry, reference } from './parts.ts';
import { checkAnchor, type Sheet } from './sheet.ts';

export const catalogue = function* (sheet: Sheet): Iterable<Markup> {
  const { say, report } = sheet;
  yield markup`<section id="checks" aria-labelledby="checks:title">
<h2 id="checks:title">${say.checks} (${report.checks.length})</h2>
<p class="intro">${say.checksIntro}</p>
`;
  for (const note of report.checks) yield articleOf(note, sheet);
  yield markup`</section>\n`;
};

/** A check in full, where all others lead to. */
export const articleOf = (note: CheckNote, { names }: Pick<Sheet, 'names'>): Markup =>
  markup`<article class="check" id="${checkAnchor(note.id)}">
<h3>${note.title} <code>${note.id}</code></h3>
<dl class="about">
${about(note, { names })}</dl>
</article>
`;

/** Why, how to mend it, which steps of the article it takes, what users see, and where to read on. */
export const about = (
  { why, fix, situations, clientErrors, references }: CheckNote,
  { names }: Pick<Sheet, 'names'>,
): Markup => {
  const { label } = names;
  const steps = fix.length === 0 ? NOTHING : markup`<ol>${fix.map((step) => markup`<li>${step}</li>`)}</ol>`;
  const codes = clientErrors.map((code) => markup`<code>${code}</code>`);
  return joined(
    [
      entry(label.why, markup`${why}`),
      entry(label.remedy, steps),
      entry(label.situations, listed(situations.map((step) => markup`${step}`))),
      entry(label.clientErrors, listed(codes)),
      entry(label.references, references.length === 0 ? NOTHING : joined(references.map(reference), '<br>')),
    ],
    '',
  );
};

const listed = (parts: readonly Markup[]): Markup => (parts.length === 0 ? NOTHING : joined(parts, ', '));
