/** The answers that a result rests on. Each is shown once for each server; later results lead there. */
import type { EvidenceNote } from '../../engine/model.ts';
import { type Markup, markup, NOTHING, when } from './escape.ts';
import { duration, instant } from './parts.ts';
import { hrefOf, type Sheet } from './sheet.ts';

/** Where each answer of a server has been shown: the anchor of a result, by the id of the answer. */
export type Shown = Map<string, string>;

type Around = Readonly<{
  sheet: Sheet;
  notes: ReadonlyMap<string, EvidenceNote>;
  shown: Shown;
  /** Of the result that shows them. */
  anchor: string;
}>;

/** The answers by their ids: what was asked, how it ended, and the excerpt. A browser drops the line feed that begins a `pre`, so ours does. */
export const evidenceOf = (ids: readonly string[], around: Around): Markup =>
  ids.length === 0 ? NOTHING : markup`<ul class="evidence">\n${ids.map((id) => answer(id, around))}</ul>`;

const answer = (id: string, { sheet, notes, shown, anchor }: Around): Markup => {
  const note = notes.get(id);
  if (!note) return markup`<li><b>${id}</b> ${sheet.say.noEvidence}</li>\n`;
  const before = shown.get(id);
  if (before === undefined) shown.set(id, anchor);
  const name = markup`<b>${id}</b> <code>${note.command}</code>`;
  if (before !== undefined) {
    const place = before.slice(before.indexOf('/') + 1);
    return markup`<li>${name} <small>${sheet.say.also} <a href="${hrefOf(before)}">${place}</a></small></li>\n`;
  }
  if (note.excerpt === undefined) return markup`<li>${name} <small>${bearings(note, sheet)}</small></li>\n`;
  return markup`<li><details class="answer"><summary>${name}</summary>
<p><small>${bearings(note, sheet)}</small></p>
<pre>
${note.excerpt}</pre>
</details></li>
`;
};

const bearings = ({ exitCode, complete, startedAt, tookMs, sha256 }: EvidenceNote, { names, say }: Sheet): Markup =>
  markup`${names.label.exitCode} ${exitCode ?? '–'}${when(!complete, () => markup`, <strong>${names.label.incomplete}</strong>`)}, ${instant(startedAt)}, ${say.took(duration(tookMs))}, sha256 <code class="digest">${sha256}</code>`;
