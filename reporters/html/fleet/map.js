// The map: a table of which only the rows in view exist, so that ten thousand servers take no longer than thirty.
import { make } from './make.js';

const frame = document.getElementById('own:map');
const table = frame.querySelector('table');
const [head, body] = [table.tHead, table.tBodies[0]];
/** Rows beyond both edges, so that the tab key and a slow scroll find them there. */
const BEYOND = 8;
const QUIET = ['pass', 'inapplicable'];

/** Widths of the columns, in pixels, as the style sheet has them. */
const [NAME, NARROW, WIDE] = [240, 24, 56];

let view;
let chosen = () => {};
let height = 24;
const rows = new Map();
const [above, below] = [0, 1].map(() => make('tr', { 'aria-hidden': 'true', class: 'beyond' }, make('td')));

/** What is done when somebody chooses a row or a cell that is no link. */
export const onChoice = (act) => {
  chosen = act;
};

/** Leads somewhere, or chooses something, or is only shown. */
const way = ({ text, title, href, choose }) => {
  if (href !== undefined) return make('a', { href, title, 'aria-label': title }, text);
  if (choose === undefined) return text;
  const button = make('button', { type: 'button', title, 'aria-label': title }, text);
  button.addEventListener('click', () => chosen(choose));
  return button;
};

/** What wants no action is no link, and most of the map: one element for each, which opens all the same. */
const cellOf = (at, column) => {
  const cell = view.cell(at, column);
  const about = { class: cell.status ?? 'blank', 'data-first': column.isFirst };
  if (!cell.status || (cell.href && QUIET.includes(cell.status)))
    return make('td', { ...about, title: cell.title || undefined, 'data-href': cell.href }, cell.text ?? '');
  return make('td', about, way(cell));
};

const rowOf = (at) => {
  const { text, ...rest } = view.row(at);
  const name = make('th', { scope: 'row' }, way({ ...rest, text: make('bdi', {}, text) }));
  return make('tr', { 'aria-rowindex': at + 2 }, name, ...view.columns.map((column) => cellOf(at, column)));
};

const headOf = ({ name, area, isFirst, href, status }) => {
  const text = [make('span', { class: 'area' }, name.slice(0, area)), name.slice(area)];
  const inside =
    href === undefined ? make('span', { class: `name ${status ?? ''}` }, ...text) : make('a', { href }, ...text);
  return make('th', { scope: 'col', 'data-first': isFirst }, inside);
};

/** The rows that are in view, or nearly. */
const range = () => {
  const top = Math.max(0, frame.scrollTop - head.offsetHeight);
  const first = Math.max(0, Math.floor(top / height) - BEYOND);
  return [first, Math.min(view.count, first + Math.ceil(frame.clientHeight / height) + 2 * BEYOND)];
};

const room = (row, count) => {
  row.hidden = count === 0;
  row.firstChild.style.height = `${count * height}px`;
};

const paint = () => {
  const [first, last] = range();
  for (const [at, row] of rows)
    if (at < first || at >= last) {
      row.remove();
      rows.delete(at);
    }
  let next = below;
  for (let at = last - 1; at >= first; at--) {
    if (!rows.has(at)) {
      const row = rowOf(at);
      rows.set(at, row);
      next.before(row);
    }
    next = rows.get(at);
  }
  room(above, first);
  room(below, view.count - last);
};

/** Draws a view from its first row. */
export const draw = (next) => {
  view = next;
  rows.clear();
  table.setAttribute('aria-rowcount', view.count + 1);
  table.classList.toggle('wide', view.wide === true);
  // With widths that are known beforehand nothing has to be measured.
  table.style.width = `${NAME + view.columns.length * (view.wide ? WIDE : NARROW)}px`;
  head.replaceChildren(make('tr', {}, make('th', { scope: 'col' }, view.name), ...view.columns.map(headOf)));
  body.replaceChildren(above, below);
  frame.scrollTop = 0;
  paint();
  const row = rows.get(0)?.getBoundingClientRect().height;
  if (row !== undefined && row > 0 && Math.abs(row - height) > 0.1) {
    height = row;
    paint();
  }
};

let isWaiting = false;
frame.addEventListener('scroll', () => {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    paint();
  });
});

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Arrow keys go from cell to cell; at the edge of what exists the map follows first. */
frame.addEventListener('keydown', (event) => {
  const cell = event.target.closest('tbody :is(th, td)');
  const step = STEPS[event.key];
  if (!cell || !step || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const at = Number(cell.parentElement.getAttribute('aria-rowindex')) - 2 + step[0];
  const place = cell.cellIndex + step[1];
  const to = rows.get(at)?.cells[place];
  if (!to) return;
  const [box, seen] = [to.getBoundingClientRect(), frame.getBoundingClientRect()];
  const top = seen.top + head.offsetHeight;
  if (box.top < top) frame.scrollTop -= top - box.top;
  const inside = to.querySelector('a, button') ?? to;
  if (inside === to) to.tabIndex = -1;
  inside.focus();
});

const open = (event) => {
  const href = event.target.closest('td')?.dataset.href;
  if (href === undefined || (event.type === 'keydown' && event.key !== 'Enter')) return;
  location.hash = href;
};
frame.addEventListener('click', open);
frame.addEventListener('keydown', open);

new ResizeObserver(() => view && paint()).observe(frame);
