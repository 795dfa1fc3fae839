import type { Certificate } from '../facts/read/certificate.ts';

/** Each certificate once, in the order of its first appearance: two chains may share their authorities. */
export const distinct = (certificates: readonly Certificate[]): readonly Certificate[] => [
  ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
];
