// What the page holds for its script: JSON in base64, packed where whoever wrote the page could.

const bytesOf = (text) => {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes;
};

const unpack = async (name) => {
  const source = document.getElementById(`own:${name}`);
  const bytes = bytesOf(source.textContent);
  if (source.dataset.packed !== 'true') return JSON.parse(new TextDecoder().decode(bytes));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text());
};

export const data = await unpack('data');
export const { words } = data;

const chunks = new Map();
/** The details of a server: read with those of its neighbours when one of them is first wanted. */
export const detailsOf = async (server) => {
  const chunk = Math.floor(server / data.chunk);
  if (!chunks.has(chunk)) chunks.set(chunk, unpack(`data-${chunk}`));
  const { texts, bodies, servers } = await chunks.get(chunk);
  return { texts, bodies, details: servers[server % data.chunk] };
};

const FIRST = 65;
const parts = Array.from({ length: 128 }, (_, letter) =>
  letter < FIRST
    ? undefined
    : {
        status: Math.floor((letter - FIRST) / words.severities.length),
        severity: (letter - FIRST) % words.severities.length,
      },
);
/** The status and the severity of a letter, by their numbers; of a blank nothing. */
export const partsOf = (letter) => parts[letter];

export const anchorOf = (server) => data.anchors[server] || data.names[server];
export const tagsOf = (server) => data.tagSets[data.tagged[server]];
export const hrefOf = (anchor) => `#${encodeURI(anchor)}`;
export const grouped = (count) => count.toLocaleString('en');
