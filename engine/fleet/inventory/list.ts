import { below, type Complaint } from '../../document/places.ts';
import { shownAddress } from '../../document/secrets.ts';
import { complaintsBy } from '../../document/validate.ts';
import { RECORDED } from '../../evidence/address.ts';
import { FLEET } from '../limits.ts';
import { type Bare, type Draft, type Drafts, merged, NOTHING } from './draft.ts';
import { hostSchema } from './form.ts';
import { expand, TOO_MANY } from './ranges.ts';

/** A plain list: a name, a range or an address on each line; `#` begins a comment. */
export const draftsOfList = (lines: readonly string[]): Drafts => {
  const hosts: Draft[] = [];
  const addresses: Bare[] = [];
  const complaints: Complaint[] = [];
  for (const [index, line] of lines.entries()) {
    const at = below('', index);
    const entry = line.replace(/(^|\s)#.*/, '').trim();
    if (entry === '') continue;
    const names = namesIn(entry);
    if (typeof names === 'string') complaints.push({ at, says: names });
    else if (isAddress(entry)) addresses.push(...names.map((address) => ({ address, at })));
    else hosts.push(...names.map((name) => ({ name, at, groups: [], settings: merged([]) })));
    if (hosts.length + addresses.length <= FLEET.hosts) continue;
    complaints.push({ at, says: TOO_MANY });
    break;
  }
  return { ...NOTHING, hosts, addresses, complaints };
};

/** The names that an entry stands for; instead of them, what is wrong with it. */
const namesIn = (entry: string): readonly string[] | string => {
  const names = expand(entry);
  return typeof names === 'string' ? names : (objectionTo(entry) ?? names);
};

const SCHEMES = ['ssh:', 'winrm:', 'winrm+http:', 'probe:', RECORDED, 'local:'];

export const isAddress = (entry: string): boolean => /^[a-z][a-z+]*:(?:\/\/|[^\d])/.test(entry) || entry === 'local:';

const judgeName = complaintsBy(hostSchema);

const objectionTo = (entry: string): string | undefined => {
  if (!isAddress(entry)) return judgeName(entry)[0]?.says;
  const scheme = entry.slice(0, entry.indexOf(':') + 1);
  if (!SCHEMES.includes(scheme)) return `begins with ${scheme}, not with one of ${SCHEMES.join(' ')}`;
  return scheme !== RECORDED && shownAddress(entry) !== entry ? 'holds a password, which no address does' : undefined;
};
