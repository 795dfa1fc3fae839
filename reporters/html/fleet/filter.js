// Which servers and which of their results are wanted. All of it in some milliseconds for ten thousand servers.
import { data, partsOf, tagsOf, words } from './data.js';

const normal = (text) => text.normalize('NFKC').toLowerCase();

const names = data.names.map(normal);
const tags = data.tagSets.map((set) => set.map((tag) => normal(data.tags[tag])));
let says;

const form = document.getElementById('own:filter');
const field = (name) => document.getElementById(`own:${name}`);
const checked = (name) => new Set([...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value));

/** For every letter whether it is wanted. */
const lettersWanted = () => {
  const [statuses, severities] = [checked('status'), checked('severity')];
  return Array.from({ length: 128 }, (_, letter) => {
    const parts = partsOf(letter);
    return (
      parts !== undefined &&
      statuses.has(words.statuses[parts.status]) &&
      severities.has(words.severities[parts.severity])
    );
  });
};

/** For every text of what is wrong whether a word is in it. */
const saidWith = (word) => {
  says ??= data.says.map(normal);
  return says.map((text) => text.includes(word));
};

const wordTest = (word) => {
  const said = saidWith(word);
  return (server) =>
    names[server].includes(word) ||
    tags[data.tagged[server]].some((tag) => tag.includes(word)) ||
    data.saying[server].some((number) => said[number]);
};

/** The servers that are wanted, how many of their results are, and which of the columns and letters. */
export const filtered = () => {
  const wanted = lettersWanted();
  const tag = data.tags.indexOf(field('tag').value);
  const check = field('check').value;
  const columns = data.columns.map(([name]) => check === '' || name === check);
  const counts = data.patterns.map((pattern) => {
    let count = 0;
    for (let at = 0; at < columns.length; at++) if (columns[at] && wanted[pattern.charCodeAt(at)]) count += 1;
    return count;
  });
  const tests = normal(field('search').value).split(/\s+/).filter(Boolean).map(wordTest);
  const servers = [];
  let results = 0;
  for (let server = 0; server < names.length; server++) {
    const count = counts[data.patterned[server]];
    if (count === 0) continue;
    if (tag >= 0 && !tagsOf(server).includes(tag)) continue;
    if (!tests.every((test) => test(server))) continue;
    servers.push(server);
    results += count;
  }
  return {
    servers,
    results,
    isWanted: (letter, column) => columns[column] && wanted[letter],
    rows: field('rows').value,
  };
};
