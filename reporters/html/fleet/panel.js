// One server in full, as the page of a few servers shows it.
import { anchorOf, data, detailsOf, grouped, hrefOf, partsOf, tagsOf, words } from './data.js';
import { make } from './make.js';

const place = document.getElementById('own:chosen');
const { labels } = words;
const QUIET = ['pass', 'inapplicable'];
const english = () => (words.isEnglish ? {} : { lang: 'en' });

const glyph = (status) => make('span', { class: 'glyph', 'aria-hidden': 'true' }, words.glyphs[status]);
const badge = (status) => make('span', { class: `badge ${status}` }, glyph(status), ` ${words.status[status]}`);
const entry = (term, ...said) => [make('dt', {}, term), make('dd', {}, ...said)];
const instant = (iso) => make('time', { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`);
const bdi = (text) => make('bdi', {}, text);

const finding = (texts, [verdict, subject, message, expected, actual]) => {
  const values = [
    ...(expected < 0 ? [] : entry(labels.expected, make('code', { class: 'value' }, texts[expected]))),
    ...(actual < 0 ? [] : entry(labels.actual, make('code', { class: 'value' }, texts[actual]))),
  ];
  return make(
    'li',
    { class: verdict },
    ...[glyph(verdict), ' ', make('span', { class: 'unseen' }, `${words.status[verdict]}: `)],
    ...(subject < 0 ? [] : [make('b', {}, bdi(texts[subject])), ': ']),
    make('span', { class: 'said' }, texts[message]),
    values.length === 0 ? '' : make('dl', { class: 'values' }, ...values),
  );
};

const answer = (texts, [id, command, exitCode, startedAt, took, complete, sha256, excerpt]) => {
  const name = [make('b', {}, id), ' ', make('code', {}, texts[command])];
  const about = [
    `${labels.exitCode} ${exitCode ?? '–'}`,
    complete === 1 ? '' : `, ${labels.incomplete}`,
    ', ',
    instant(startedAt),
  ];
  const bearings = make('small', {}, ...about, `, ${took} ms, sha256 `, make('code', { class: 'digest' }, sha256));
  if (excerpt < 0)
    return make('li', {}, ...name, ' ', bearings, excerpt === -2 ? make('small', {}, ` ${words.cut}`) : '');
  const open = make('summary', {}, ...name);
  return make(
    'li',
    {},
    make('details', { class: 'answer' }, open, make('p', {}, bearings), make('pre', {}, texts[excerpt])),
  );
};

const ignorance = (texts, reason, detail) =>
  make(
    'dl',
    { class: 'ignorance' },
    ...entry(
      labels.reason,
      make('b', {}, words.reason[reason]),
      ': ',
      make('span', { class: 'said', ...english() }, texts[detail]),
    ),
    ...entry(labels.advice, words.advice[reason]),
  );

const exception = (texts, [until, by, because]) =>
  make(
    'dl',
    { class: 'exception' },
    ...entry(labels.until, instant(until)),
    ...entry(labels.approvedBy, bdi(texts[by])),
    ...entry(labels.because, texts[because]),
  );

const bodyOf = (one, { texts, answers }) => {
  const [findings, more, reason, detail, waiver, ids] = one.body;
  const proof = texts[ids].split(' ').filter((id) => answers.has(id));
  return [
    reason === '' ? '' : ignorance(texts, reason, detail),
    waiver === 0 ? '' : exception(texts, waiver),
    findings.length === 0
      ? ''
      : make('ul', { class: 'findings', ...english() }, ...findings.map((each) => finding(texts, each))),
    findings.length === 0 && reason === '' ? make('p', {}, words.noFinding) : '',
    more > 0 ? make('p', { class: 'missing' }, `+${grouped(more)}`) : '',
    proof.length === 0
      ? ''
      : make(
          'dl',
          { class: 'proof' },
          ...entry(
            labels.evidence,
            make('ul', { class: 'evidence' }, ...proof.map((id) => answer(texts, answers.get(id)))),
          ),
        ),
    make(
      'p',
      { class: 'ways' },
      make('a', { href: one.about }, words.aboutCheck),
      ' · ',
      make('a', { href: one.href }, words.link, make('span', { class: 'unseen' }, ` ${one.name}`)),
    ),
  ];
};

const resultOf = (one, context) =>
  make(
    'details',
    { class: `result ${one.status}`, open: !QUIET.includes(one.status), 'data-check': one.slug },
    make(
      'summary',
      {},
      ...[badge(one.status), ' ', make('span', { class: 'what' }, one.title, ' ', make('code', {}, one.name)), ' '],
      make('span', { class: `severity ${one.severity}` }, words.severity[one.severity]),
    ),
    make('div', { class: 'body' }, ...bodyOf(one, context)),
  );

const resultsOf = (server, bodies, numbers) => {
  const pattern = data.patterns[data.patterned[server]];
  const all = data.columns.flatMap(([name, , , slug, title], column) => {
    const parts = partsOf(pattern.charCodeAt(column));
    if (!parts) return [];
    const [status, severity] = [words.statuses[parts.status], words.severities[parts.severity]];
    const [about, href] = [hrefOf(`checks/${slug}`), hrefOf(`${anchorOf(server)}/${slug}`)];
    return [
      {
        ...{ name, slug, title, status, severity, about, href, rank: parts.status * 10 - parts.severity },
        body: bodies[numbers[column]],
      },
    ];
  });
  return all.toSorted((a, b) => a.rank - b.rank);
};

const headOf = (server, results, { texts, about }) => {
  const [address, os, startedAt, took, reached, reason, detail] = about;
  const tallies = words.statuses.flatMap((status) => {
    const count = results.filter((one) => one.status === status).length;
    return count === 0 ? [] : [make('span', { class: 'tally' }, badge(status), ` ${count}`), ' '];
  });
  const tags = tagsOf(server).map((tag) => make('span', { class: 'tag' }, bdi(data.tags[tag])));
  const parts = [bdi(texts[address]), bdi(os < 0 ? labels.unknownOs : texts[os]), instant(startedAt), `${took} ms`];
  const meta = parts.flatMap((part, at) => (at === 0 ? [part] : [' · ', part]));
  const why =
    reason === ''
      ? ''
      : [': ', make('b', {}, words.reason[reason]), ': ', make('span', { class: 'said' }, texts[detail])];
  return make(
    'header',
    {},
    make('h3', { id: 'own:name', tabindex: '-1' }, bdi(data.names[server])),
    make('p', { class: 'tallies' }, ...tallies),
    make('p', { class: 'meta' }, ...meta, ' ', ...tags.flatMap((tag) => [tag, ' '])),
    reached === 1 ? '' : make('p', { class: 'missed' }, make('strong', {}, labels.notReached), why),
  );
};

let wanted = 0;
/** Shows a server, and of its results the one whose place, as addresses spell it, is asked for. */
export const show = async (server, slug) => {
  const turn = ++wanted;
  place.hidden = false;
  place.replaceChildren(make('p', {}, words.loading));
  const { texts, bodies, details } = await detailsOf(server);
  if (turn !== wanted) return;
  const [about, numbers, evidence] = details;
  const answers = new Map(evidence.map((each) => [each[0], each]));
  const results = resultsOf(server, bodies, numbers);
  const close = make('button', { type: 'button' }, words.close);
  close.addEventListener('click', () => {
    place.hidden = true;
  });
  const parts = results.map((one) => resultOf(one, { texts, answers }));
  place.replaceChildren(
    make(
      'section',
      { class: 'server chosen', 'aria-label': `${words.chosen}: ${data.names[server]}` },
      headOf(server, results, { texts, about }),
      ...parts,
    ),
    close,
  );
  const chosen = parts.find((part) => encodeURI(part.dataset.check) === slug);
  if (chosen) chosen.open = true;
  (chosen?.querySelector('summary') ?? document.getElementById('own:name')).focus({ preventScroll: true });
  (chosen ?? place).scrollIntoView();
};
