// What the rows of the map are: servers, their tags, or checks. Each view tells its columns and, when asked, its cells.
import { anchorOf, data, grouped, hrefOf, partsOf, tagsOf, words } from './data.js';

const checkColumns = data.columns.map(([name, area, isFirst, slug], at) => ({
  name,
  area,
  isFirst: isFirst === 1,
  href: hrefOf(`checks/${slug}`),
  at,
}));

/** Statuses of what is wanted, counted in the order of the words. */
const counter = () => words.statuses.map(() => 0);

const serverView = ({ servers, isWanted }) => ({
  name: words.labels.server,
  columns: checkColumns,
  count: servers.length,
  row: (at) => {
    const server = servers[at];
    return { text: data.names[server], title: data.names[server], href: hrefOf(anchorOf(server)) };
  },
  cell: (at, { at: column }) => {
    const server = servers[at];
    const letter = data.patterns[data.patterned[server]].charCodeAt(column);
    const parts = partsOf(letter);
    if (!parts || !isWanted(letter, column)) return { title: parts ? '' : words.noResult };
    const status = words.statuses[parts.status];
    return {
      status,
      text: words.glyphs[status],
      title: words.status[status],
      href: hrefOf(`${anchorOf(server)}/${data.columns[column][3]}`),
    };
  },
});

/** The worst status among some results, with how many have it. */
const worstOf = (counts) => {
  const worst = counts.findIndex((count) => count > 0);
  if (worst < 0) return { title: '' };
  const status = words.statuses[worst];
  const title = words.statuses
    .map((one, at) => `${words.status[one]} ${grouped(counts[at])}`)
    .filter((_, at) => counts[at] > 0);
  return { status, text: `${words.glyphs[status]} ${grouped(counts[worst])}`, title: title.join(', ') };
};

/** Adds the wanted results of so many servers that have a pattern to the counts of each check. */
const add = (counts, { pattern, count }, isWanted) => {
  for (let column = 0; column < pattern.length; column++) {
    const letter = pattern.charCodeAt(column);
    if (isWanted(letter, column)) counts[column][partsOf(letter).status] += count;
  }
};

/** Servers with the same tags and the same results are counted together. Tags come as they are met: worst first. */
const alike = (servers) => {
  const all = new Map();
  for (const server of servers) {
    const key = data.tagged[server] * data.patterns.length + data.patterned[server];
    const one = all.get(key) ?? { tags: tagsOf(server), pattern: data.patterns[data.patterned[server]], count: 0 };
    one.count += 1;
    all.set(key, one);
  }
  return all.values();
};

const byTag = ({ servers, isWanted }) => {
  const rows = new Map();
  for (const one of alike(servers))
    for (const tag of one.tags.length === 0 ? [-1] : one.tags) {
      const row = rows.get(tag) ?? { tag: data.tags[tag], servers: 0, counts: checkColumns.map(counter) };
      rows.set(tag, row);
      row.servers += one.count;
      add(row.counts, one, isWanted);
    }
  return [...rows.values()];
};

const tagView = (result) => {
  const rows = byTag(result);
  return {
    name: words.labels.tags,
    columns: checkColumns,
    count: rows.length,
    wide: true,
    row: (at) => {
      const { tag, servers } = rows[at];
      return { text: `${tag ?? words.noTag} (${grouped(servers)})`, choose: tag === undefined ? undefined : { tag } };
    },
    cell: (at, { at: column, name }) => {
      const cell = worstOf(rows[at].counts[column]);
      return cell.status ? { ...cell, choose: { tag: rows[at].tag, check: name, status: cell.status } } : cell;
    },
  };
};

const checkView = ({ servers, isWanted }) => {
  const counts = checkColumns.map(counter);
  for (const one of alike(servers)) add(counts, one, isWanted);
  const rows = checkColumns.filter(({ at }) => counts[at].some((count) => count > 0));
  return {
    name: words.labels.check,
    columns: words.statuses.map((status, at) => ({
      name: words.status[status],
      area: 0,
      isFirst: at === 0,
      status,
      at,
    })),
    count: rows.length,
    wide: true,
    row: (at) => ({ text: rows[at].name, choose: { check: rows[at].name } }),
    cell: (at, { at: place, status }) => {
      const count = counts[rows[at].at][place];
      if (count === 0) return { title: '' };
      const title = `${words.status[status]} ${grouped(count)}`;
      return { status, text: grouped(count), title, choose: { check: rows[at].name, status } };
    },
  };
};

const VIEWS = { server: serverView, tag: tagView, check: checkView };
export const viewOf = (result) => VIEWS[result.rows](result);
