import type { Transaction } from 'kysely';
import type { CertificateNote, Certificates } from './certificates.ts';
import { isOutdated, type Place } from './observation.ts';
import type { Tables } from './tables.ts';

/** The certificates of a server in a role are those that were met last. An older observation changes nothing. */
export const recordCertificates = async (
  trx: Transaction<Tables>,
  place: Place,
  certificates: Certificates,
): Promise<void> => {
  for (const [role, notes] of Object.entries(certificates)) await recordRole(trx, place, { role, notes });
};

type Role = Readonly<{ role: string; notes: readonly CertificateNote[] }>;

const recordRole = async (trx: Transaction<Tables>, place: Place, { role, notes }: Role): Promise<void> => {
  const { run, targetId, observedAt } = place;
  const newest = await trx
    .selectFrom('cert_now')
    .select((row) => row.fn.max('last_at').as('at'))
    .where('target_id', '=', targetId)
    .where('role', '=', role)
    .executeTakeFirst();
  if (newest?.at && isOutdated(place, newest.at)) return;
  await trx.deleteFrom('cert_now').where('target_id', '=', targetId).where('role', '=', role).execute();
  const distinct = new Map(notes.map((note) => [note.thumbprint, note]));
  const rows = [...distinct.values()].map(({ subject, thumbprint, notAfter }) => ({
    target_id: targetId,
    role,
    thumbprint,
    subject: subject.toWellFormed(),
    not_after: notAfter,
    last_run: run,
    last_at: observedAt,
  }));
  if (rows.length > 0) await trx.insertInto('cert_now').values(rows).execute();
};
