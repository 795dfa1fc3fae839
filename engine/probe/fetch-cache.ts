import { LIMITS } from '../limits.ts';
import { awaited } from './patience.ts';
import type { Fetched } from './seen.ts';

/** Fetches a URL, or posts to it; what was fetched for one target is not fetched again for another. */
export type Fetch = (
  url: string,
  request: Uint8Array<ArrayBuffer> | undefined,
  signal: AbortSignal,
) => Promise<Fetched>;

type FetchOnce = (url: string, request: Uint8Array<ArrayBuffer> | undefined, signal: AbortSignal) => Promise<Fetched>;

type Shared = { fetched: Promise<Fetched>; stop: AbortController; waiting: number; bytes: number | undefined };

const keyOf = (url: string, request: Uint8Array | undefined): string =>
  request ? `${url} ${Buffer.from(request).toString('hex')}` : url;

/** Oldest first, until the rest fits: a run over many servers with large lists stays small. */
const trim = (shared: Map<string, Shared>): void => {
  let total = [...shared.values()].reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  for (const [key, { bytes }] of shared) {
    if (total <= LIMITS.fetchCacheBytes) return;
    if (bytes !== undefined) shared.delete(key);
    total -= bytes ?? 0;
  }
};

/** One fetch for all who want it at the same time or later; it ends with the last of them who gives up waiting. */
export const cached = (fetchOnce: FetchOnce): Fetch => {
  const shared = new Map<string, Shared>();
  const start = (key: string, url: string, request: Uint8Array<ArrayBuffer> | undefined): Shared => {
    const stop = new AbortController();
    const fetched = fetchOnce(url, request, stop.signal);
    const entry: Shared = { fetched, stop, waiting: 0, bytes: undefined };
    shared.set(key, entry);
    void fetched.then((outcome) => {
      entry.bytes = key.length + ('body' in outcome ? outcome.body.length : 0);
      trim(shared);
    });
    return entry;
  };
  return async (url, request, signal) => {
    const key = keyOf(url, request);
    const entry = shared.get(key) ?? start(key, url, request);
    entry.waiting++;
    const went = await awaited<Fetched>(
      (report) => {
        void entry.fetched.then((value) => report({ value }));
        return () => {};
      },
      { ms: LIMITS.longestFetchMs, signal },
      () => 'no answer',
    );
    entry.waiting--;
    if ('value' in went) return went.value;
    if (entry.waiting === 0) {
      shared.delete(key);
      entry.stop.abort();
    }
    return { url, trouble: went.trouble };
  };
};
