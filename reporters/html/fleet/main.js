// The page of a fleet reads without this script; with it, the map is drawn, filtered and opened.
import { anchorOf, data, grouped } from './data.js';
import { filtered } from './filter.js';
import { draw, onChoice } from './map.js';
import { show } from './panel.js';
import { viewOf } from './views.js';

const form = document.getElementById('own:filter');
const field = (name) => document.getElementById(`own:${name}`);
const shown = field('shown');
let total;

const update = () => {
  const result = filtered();
  total ??= result.results;
  draw(viewOf(result));
  const numbers = { shown: result.results, all: total, servers: result.servers.length };
  shown.textContent = shown.dataset.say.replace(/\{(\w+)\}/g, (_, word) => grouped(numbers[word]));
};

let waiting;
const updateSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(update, 150);
};

/** Goes from a tag or a check to its servers. */
onChoice(({ tag, check, status }) => {
  if (tag !== undefined) field('tag').value = tag;
  // Beyond the tags of the list, the search finds them.
  if (tag !== undefined && field('tag').value !== tag) [field('tag').value, field('search').value] = ['', tag];
  if (check !== undefined) field('check').value = check;
  if (status !== undefined)
    for (const box of form.querySelectorAll('input[name="status"]')) box.checked = box.value === status;
  field('rows').value = 'server';
  update();
  field('map').focus();
});

const servers = new Map();
/** A place of a server, or of one of its results, opens it; other places are the browser's. */
const arrive = () => {
  if (servers.size === 0)
    for (let server = 0; server < data.names.length; server++) servers.set(encodeURI(anchorOf(server)), server);
  const [anchor, ...slug] = location.hash.slice(1).split('/');
  const server = servers.get(anchor);
  if (server === undefined) return;
  show(server, slug.join('/')).catch((error) => {
    shown.textContent = error.message;
  });
};

const pressed = (event) => {
  if (event.key === 'Escape' && event.target === field('search')) {
    field('search').value = '';
    update();
  }
  if (event.key !== '/' || event.target.matches('input:not([type="checkbox"]), select')) return;
  event.preventDefault();
  field('search').select();
};

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(update));
form.addEventListener('change', update);
field('search').addEventListener('input', updateSoon);
document.addEventListener('keydown', pressed);
window.addEventListener('hashchange', arrive);

// Where the style sheet cannot open everything for print, the script does.
if (!CSS.supports('selector(::details-content)')) {
  let closed = [];
  window.addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    for (const element of closed) element.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const element of closed) element.open = false;
  });
}

form.hidden = false;
field('map').hidden = false;
update();
if (location.hash !== '') arrive();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
