import type { Evidence } from '../model.ts';
import { readFetched, readHandshake, readResolved, readRoots, readVersions } from './answers.ts';
import { type Question, textOf } from './questions.ts';
import type { Endpoint, Probe } from './seen.ts';

/** A probe whose questions are answered by `ask`, live or from evidence. `ask` throws for an answer that is not whole. */
export const probeFor = (endpoint: Endpoint, ask: (command: string) => Promise<Evidence>): Probe => {
  const put = async <T>(question: Question, read: (bytes: Uint8Array) => T): Promise<T> =>
    read((await ask(textOf(question))).stdout);
  return {
    endpoint,
    resolve: (name) => put({ kind: 'resolve', name }, readResolved),
    handshake: (address, until) => put({ kind: 'handshake', address, until, endpoint }, readHandshake),
    versions: (address) => put({ kind: 'versions', address, endpoint }, readVersions),
    fetch: (url, request) => put({ kind: 'fetch', url, ...(request && { request }) }, readFetched),
    trustedRoots: (subjectId) => put({ kind: 'trusted-roots', subjectId }, readRoots),
  };
};
