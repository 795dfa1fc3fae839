import { Unknown } from '../../../engine/define.ts';

/** A URL that HTTP.sys knows. `host` is `+`, `*`, a name or an address; `path` as it stands there. */
export type HttpUrl = Readonly<{ https: boolean; host: string; port: number; path: string; text: string }>;

/** Between port and path there may be one more colon, and an address after it. No part can run over the next URL: time is short. */
const URL = /(https?):\/\/(\[[\da-f:.%]+\]|[^\s:/<>]+):(\d{1,5})(?::[^\s/<>]*)?(\/[^\s<>]*)/gi;

/** The URLs in a text, in its order. */
export const urlsIn = (text: string): readonly HttpUrl[] =>
  Array.from(text.matchAll(URL), ([whole, scheme = '', host = '', port, path = '']) => ({
    https: scheme.toLowerCase() === 'https',
    host,
    port: Number(port),
    path,
    text: whole,
  }));

/** Each URL stands in a line of its own. */
const urlOf = (line: string): HttpUrl | undefined => urlsIn(line).find(({ text }) => text === line.trim());

/**
 * The URLs that HTTP.sys serves, from `netsh.exe http show servicestate view=requestq`: found by their shape, since every
 * label is translated. Throws Unknown `unreadable` for a text without the underline of its title, with a URL beside other
 * words, or without any URL: no text is known of a server that serves nothing. Never seen from a server with SSTP: the exact
 * spelling of its URL is a belief. Source: windows-facts 3.4.
 */
export const parseRequestQueues = (text: string): readonly HttpUrl[] => {
  const lines = text.split(/\r?\n/);
  const isTitled = lines.some((line) => /^-{10,} *$/.test(line));
  const odd = lines.find((line) => urlsIn(line).length > 0 && !urlOf(line));
  const urls = lines.flatMap((line) => urlOf(line) ?? []);
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text) || !isTitled || odd !== undefined || urls.length === 0)
    throw new Unknown(
      'unreadable',
      `netsh.exe listed no request queues: ${(odd ?? text).trim().slice(0, 80) || 'nothing'}`,
    );
  return urls;
};
