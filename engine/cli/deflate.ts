import { deflateSync } from 'node:zlib';

/** Packs bytes in the zlib format; the same bytes give the same result on every system, which gzip's header would not. */
export const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 9 });
