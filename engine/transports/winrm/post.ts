import type { Reply } from './connection.ts';

/** Posts an envelope and gives the answer, its body unsealed. Throws Unknown. */
export type Post = (xml: string, signal: AbortSignal) => Promise<Reply>;

export const XML_TYPE = { 'Content-Type': 'application/soap+xml;charset=UTF-8' } as const;
