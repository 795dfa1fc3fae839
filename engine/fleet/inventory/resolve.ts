import { access } from 'node:fs/promises';
import path from 'node:path';
import { below, type Complaint } from '../../document/places.ts';
import { suggestion } from '../../document/suggest.ts';
import { type Inputs, inputObjection } from '../../profile/inputs.ts';
import { serverKey } from '../../server-name.ts';
import type { Listed } from '../listed.ts';
import type { Draft, Drafts } from './draft.ts';
import type { Settings } from './form.ts';

type Statements = Drafts['statements'];

/** The servers that drafts stand for. Files are relative to `folder`. */
export const listedOf = ({ hosts, addresses }: Drafts, folder: string): readonly Listed[] => [
  ...hosts.map((draft) => listed(draft, folder)),
  ...addresses.map(({ address }) => ({ address, tags: [], inputs: {}, groups: [], reach: {} })),
];

const listed = ({ name, groups, settings }: Draft, folder: string): Listed => {
  const { tags = [], inputs = {}, site, via, hostKey, caFile, pin, probe } = settings;
  return {
    name,
    address: addressOf(name, settings),
    // A group is a tag of its hosts: profiles and reports speak of tags.
    tags: [...new Set([...groups, ...tags])],
    inputs,
    groups,
    reach: {
      ...(site && { site }),
      ...(via && { via }),
      ...(hostKey && { hostKeys: [hostKey].flat() }),
      ...(caFile && { caFile: path.resolve(folder, caFile) }),
      ...(pin && { pin: pin.toLowerCase() }),
      ...(probe && { probe }),
    },
  };
};

/** A URI that says who, where and how. */
const addressOf = (name: string, { transport = 'ssh', address = name, port, user }: Settings): string => {
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  const host = bare.includes(':') ? `[${bare}]` : bare;
  const account = user === undefined ? '' : `${encodeURIComponent(user)}@`;
  return `${transport}://${account}${host}${port === undefined ? '' : `:${port}`}`;
};

/** What no schema can say: two names for one server, a name that is no address, a file that is not there. */
export const meaningComplaints = async (drafts: Drafts, folder: string): Promise<readonly Complaint[]> => [
  ...twinComplaints(drafts.hosts),
  ...addressComplaints(drafts.addresses),
  ...(await fileComplaints(drafts.statements, folder)),
];

const twinComplaints = (hosts: readonly Draft[]): readonly Complaint[] => {
  const names = new Set<string>();
  const first = new Map<string, string>();
  return hosts.flatMap(({ name, at, settings }): readonly Complaint[] => {
    if (settings.address === undefined && !isPlain(name))
      return [{ at, on: 'key', says: `${name} is no address: say its address too${orNarrow(name)}` }];
    const uri = addressOf(name, settings);
    if (!URL.canParse(uri)) return [{ at, on: 'key', says: noAddress(settings.address ?? name) }];
    const key = serverKey(name);
    if (names.has(key)) return [{ at, on: 'key', says: `${name} is listed twice` }];
    names.add(key);
    const address = `${uri} ${settings.via ?? ''}`.toLowerCase();
    const twin = first.get(address);
    first.set(address, twin ?? name);
    return twin === undefined ? [] : [{ at, on: 'key', says: `${name} has the address of ${twin}` }];
  });
};

const isPlain = (name: string): boolean => /^[\x21-\x7e]+$/.test(name);

/** Japanese input makes letters and digits of it that look alike. */
const orNarrow = (name: string): string => {
  const narrow = name.normalize('NFKC');
  return isPlain(narrow) ? `, or write ${narrow} without full-width characters` : '';
};

/** Many write a port behind a name, where it would be read as the address of IPv6 that it is not. */
const noAddress = (text: string): string => {
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  return host === undefined
    ? `${text} is no address`
    : `${text} is no name: write port: ${port} apart from it, or ssh://${text} in a list`;
};

const addressComplaints = (addresses: Drafts['addresses']): readonly Complaint[] =>
  addresses.flatMap(({ address, at }) =>
    address.includes('://') && !URL.canParse(address) ? [{ at, on: 'key', says: noAddress(address) }] : [],
  );

const fileComplaints = async (statements: Statements, folder: string): Promise<readonly Complaint[]> => {
  const found = new Map<string, Promise<boolean>>();
  const isThere = (file: string): Promise<boolean> => {
    const known =
      found.get(file) ??
      access(file).then(
        () => true,
        () => false,
      );
    found.set(file, known);
    return known;
  };
  const complaints = await Promise.all(
    statements.map(async ([at, { caFile }]) =>
      caFile === undefined || (await isThere(path.resolve(folder, caFile)))
        ? []
        : [{ at: below(at, 'caFile'), says: `${caFile} cannot be read` }],
    ),
  );
  return complaints.flat();
};

/** What a profile does not take of the inputs that are given; notes for those that it does not know. */
export const inputComplaints = (
  statements: Statements,
  inputs: Inputs,
): Readonly<{ complaints: readonly Complaint[]; notes: readonly string[] }> => {
  const given = statements.flatMap(([at, settings]) =>
    Object.entries(settings.inputs ?? {}).map(([name, value]) => ({ at: below(at, 'inputs', name), name, value })),
  );
  const known = Object.keys(inputs);
  const complaints = given.flatMap(({ at, name, value }): readonly Complaint[] => {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    const says = input && inputObjection(input, value);
    return says ? [{ at, says }] : [];
  });
  const unknown = new Set(given.map(({ name }) => name).filter((name) => !known.includes(name)));
  return {
    complaints,
    notes: [...unknown].map((name) => `the profile has no input ${name}${suggestion(name, known)}`),
  };
};
