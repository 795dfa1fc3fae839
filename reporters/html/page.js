// The page reads well without this script; with it, results can be searched, filtered and walked through by keys.

const form = document.getElementById('own:filter');
const search = document.getElementById('own:search');
const server = document.getElementById('own:server');
const shown = document.getElementById('own:shown');
const keys = document.getElementById('own:keys');

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const normal = (text) => text.normalize('NFKC').toLowerCase();

const servers = all('.server').map((section) => ({
  section,
  name: section.querySelector('header').textContent,
  results: all('.result', section),
  rests: all('.rest', section).map((element) => ({ element, open: element.open })),
}));
const results = servers.flatMap((one) => one.results);

// What a search looks at: everything but the prose of the check, which is the same for every server. Read when first wanted.
const texts = new Map();
const textOf = (result, name) => {
  if (!texts.has(result)) {
    const parts = all(':scope > summary, :scope > .body > :not(.about, .ways)', result);
    const said = parts.length > 0 ? parts.map((part) => part.textContent) : [result.textContent];
    texts.set(result, normal([name, ...said].join(' ')));
  }
  return texts.get(result);
};

const checked = (name) => new Set(all(`input[name="${name}"]:checked`, form).map((box) => box.value));

const filter = () => {
  const words = normal(search.value).split(/\s+/).filter(Boolean);
  const [statuses, severities] = [checked('status'), checked('severity')];
  const filtered = words.length > 0 || server.value !== '' || all('input[name]:not(:checked)', form).length > 0;
  const wanted = (result, name) =>
    statuses.has(result.dataset.status) &&
    severities.has(result.dataset.severity) &&
    words.every((word) => textOf(result, name).includes(word));
  let count = 0;
  let places = 0;
  for (const { section, name, results: own, rests } of servers) {
    const here = server.value === '' || server.value === section.id;
    for (const result of own) result.hidden = !(here && wanted(result, name));
    const found = own.filter((result) => !result.hidden).length;
    section.hidden = filtered && found === 0;
    for (const { element, open } of rests) {
      element.hidden = element.querySelector('.result:not([hidden])') === null;
      element.open = filtered || open;
    }
    count += found;
    if (!section.hidden) places += 1;
  }
  form.classList.toggle('filtered', filtered);
  const numbers = { shown: count, all: results.length, servers: places };
  shown.textContent = shown.dataset.say.replace(/\{(\w+)\}/g, (_, word) => numbers[word].toLocaleString('en'));
};

let waiting;
const filterSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(filter, 150);
};

/** Goes to the next result that can be seen, or to the one before. */
const step = (by) => {
  const seen = results.filter(
    (result) => !result.hidden && !result.closest('.server[hidden]') && !result.closest('.rest:not([open])'),
  );
  const from = seen.indexOf(document.activeElement.closest('.result'));
  const inView = () => seen.find((result) => result.getBoundingClientRect().bottom > 0);
  const next = from === -1 ? inView() : seen[from + by];
  next?.querySelector('summary, a').focus();
  next?.scrollIntoView({ block: 'nearest' });
};

const pressed = (event) => {
  if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Escape' && event.target === search) {
    search.value = '';
    filter();
  }
  if (event.target.matches('input:not([type="checkbox"]), select')) return;
  if (event.key === '/') {
    event.preventDefault();
    search.select();
  }
  if (event.key === 'j') step(1);
  if (event.key === 'k') step(-1);
};

/** A link to something hidden or closed shows it. */
const arrive = () => {
  const target = document.querySelector(':target');
  if (!target) return;
  if (target.closest('[hidden]')) {
    form.reset();
    filter();
  }
  for (let element = target; element; element = element.parentElement) if ('open' in element) element.open = true;
  target.querySelector(':scope > summary')?.focus();
  target.scrollIntoView();
};

const openAll = (open) => {
  for (const element of all('.server:not([hidden]) :is(.result, .rest)')) if ('open' in element) element.open = open;
};

document.getElementById('own:expand').addEventListener('click', () => openAll(true));
document.getElementById('own:collapse').addEventListener('click', () => openAll(false));
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('change', filter);
search.addEventListener('input', filterSoon);
document.addEventListener('keydown', pressed);
window.addEventListener('hashchange', arrive);

// Where the style sheet cannot open everything for print, the script does.
if (!CSS.supports('selector(::details-content)')) {
  let closed = [];
  window.addEventListener('beforeprint', () => {
    closed = all('details:not([open], .fleet .rest)');
    for (const element of closed) element.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const element of closed) element.open = false;
  });
}

form.hidden = false;
filter();
arrive();
