import { defineCheck, fail, inapplicable, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { type Bound, type BoundCertificate, boundCertificate } from '../facts/bound-certificate.ts';
import type { StoredCertificate } from '../facts/certificate-stores.ts';
import { observedAt } from '../facts/observed-at.ts';
import { setAside, titleOf } from './bound.ts';
import { misuseOf } from './purposes.ts';

const NO_KEY = 'it has no link to a private key';
const ASSIGNED =
  'the store MY of Group Policy or Active Directory, and whether HTTP.sys takes it from there is not known';
const ARCHIVED = 'it is archived, and Windows passes it over';

/** Why SSTP could not take a certificate by itself, or `undefined`. Source: windows-facts 2. */
const obstacleOf = (stored: StoredCertificate, now: Date): string | undefined => {
  const { certificate, hasKeyLink, isArchived } = stored;
  if (!hasKeyLink) return NO_KEY;
  if (isArchived) return ARCHIVED;
  const isValid = certificate.notBefore <= now && now <= certificate.notAfter;
  return misuseOf(stored) ?? (isValid ? undefined : 'it is not valid now');
};

/** Where nothing is bound, that is another check's finding; here it matters whether there is anything to bind. */
const judgeStore = ({ endpoints, store }: Extract<Bound, { kind: 'unbound' }>, now: Date): Finding => {
  const obstacles = store.certificates.map((it) => [titleOf(it.certificate), obstacleOf(it, now)] as const);
  const usable = obstacles.flatMap(([title, obstacle]) => (obstacle ? [] : [title]));
  const where = endpoints.join(' or ');
  if (usable.length > 0)
    return inapplicable(`no certificate is bound to ${where}; LocalMachine\\My holds ${usable.join(', ')} to bind`);
  const each = obstacles.map(([title, obstacle]) => `${title}: ${obstacle}`).join('; ') || 'it is empty';
  return fail(`LocalMachine\\My holds no server-authentication certificate that SSTP could use (${each})`);
};

const judgeOne = (bound: BoundCertificate): Finding => {
  const { hash, missing } = bound;
  if (missing)
    return missing.reason === 'absent'
      ? fail(missing.detail, { subject: hash })
      : unknown(missing.reason, missing.detail, { subject: hash });
  const { stored, isElsewhere } = bound;
  const subject = titleOf(stored.certificate);
  if (isElsewhere)
    return unknown('absent', `${subject} (${hash}) is not in LocalMachine\\My itself, but in ${ASSIGNED}`, { subject });
  const obstacles = [...(stored.hasKeyLink ? [] : [NO_KEY]), ...(stored.isArchived ? [ARCHIVED] : [])];
  const where = `${subject} (${hash}) is in LocalMachine\\My`;
  if (obstacles.length > 0) return fail(`${where}, but ${obstacles.join('; ')}`, { subject });
  return stored.keyDoubt
    ? unknown('unreadable', `${where}, but ${stored.keyDoubt}, and whether HTTP.sys can use it is not known`, {
        subject,
      })
    : pass(`${where} and linked to a private key`, { subject });
};

export default defineCheck({
  id: 'certificate/installed',
  title: 'The certificate bound to the SSTP listener is in the computer store, with its private key',
  severity: 'critical',
  situations: ['2.3', '3.8', '8.6'],
  clientErrors: ['809', '0x80070040'],
  why: 'HTTP.sys takes the certificate from the Personal store of the computer by its hash. If it was removed or archived there, or came without its private key, the server cannot do TLS, and the client sees the connection end.',
  fix: [
    'Import the certificate with its private key (a .pfx file) into the Personal store of the computer: certlm.msc, Personal, All Tasks, Import.',
    'If the certificate is there without its key, and the key was made on this server, run: certutil -repairstore my THUMBPRINT',
    'If its key is of a user, or for signing only, export the certificate with its key, remove it, and import it for the computer, as an administrator: certutil -importpfx FILE.pfx AT_KEYEXCHANGE',
    'In Routing and Remote Access, open the properties of the server, choose the certificate on the Security tab, and restart the service.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/archive/blogs/rrasblog/how-to-change-machine-certificate-on-the-sstp-server',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/certutil',
    'https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/technical-reference/ad-fs-and-keyspec-property',
  ],
  needs: { bound: boundCertificate, observedAt },
  expects: {},
  judge({ bound, observedAt: now }) {
    if (bound.kind === 'unbound') return [judgeStore(bound, now)];
    return bound.kind === 'bound' ? bound.certificates.map(judgeOne) : setAside(bound);
  },
});
