import { fail, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import type { SstpParameters, StoredHash } from '../facts/sstp-parameters.ts';

/** The two hashes that SSTP keeps of its certificate, by the name and the length that they must have. */
export const HASHES = [
  { subject: 'Sha256CertificateHash', field: 'sha256', length: 32 },
  { subject: 'Sha1CertificateHash', field: 'sha1', length: 20 },
] as const;
export type Hash = (typeof HASHES)[number];

type Reads = SstpParameters['reads'];

/** Why a hash does not count, where it is not read. */
export const UNREAD = {
  sha256: 'SSTP does not read it (SHA256Enabled is 0)',
  sha1: 'SSTP does not read it (SHA1Enabled is not set)',
} as const;

const malformed = ({ subject, length }: Hash, { type, bytes }: StoredHash): string | undefined => {
  if (!bytes) return `${subject} is ${type}, not REG_BINARY`;
  return bytes.length === length ? undefined : `${subject} holds ${bytes.length} bytes, not ${length}`;
};

/** A value that the SSTP service does not take as a hash, or `undefined`. Source: RasSstp events 18 and 19. */
export const judgeForm = (hash: Hash, stored: StoredHash, reads: Reads): Finding | undefined => {
  const { subject, field } = hash;
  const problem = malformed(hash, stored);
  if (problem === undefined || reads[field]) return problem === undefined ? problem : fail(problem, { subject });
  const unread = `${problem}; ${UNREAD[field]}, but whether older versions do is not known`;
  return unknown('unreadable', unread, { subject });
};

/** The article takes either hash; RasSstp events 18 and 19 want each that is read, and so do public notes on sstpcfg.dll. */
const MISSING = {
  sha256: 'it is not there, and SSTP accepts no connection without it (RasSstp event 18)',
  sha1: 'it is not there, though SHA1Enabled has SSTP read it, too (RasSstp event 19)',
} as const;

/** A hash that is not there. */
export const judgeMissing = ({ subject, field }: Hash, reads: Reads): readonly Finding[] =>
  reads[field] ? [fail(MISSING[field], { subject })] : [];

/** Without SHA-256: clients read the same settings of their own, and have SHA-256 alone unless told otherwise (belief). */
export const judgeSwitch = ({ sha256, sha1 }: Reads): readonly Finding[] => {
  const subject = 'SHA256Enabled';
  if (sha256) return [];
  return sha1
    ? [unknown('absent', 'it is 0: SSTP offers SHA-1 alone, and whether clients take that is not known', { subject })]
    : [fail('it is 0, and SHA1Enabled is not set: SSTP has no hash to prove its certificate by', { subject })];
};
