import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  type GeneralSubtree,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  Name,
  NameConstraints,
  type RelativeDistinguishedName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.ts';
import { extensionsOf, parsedOf } from '../parsed.ts';
import { isSelfIssued } from './paths.ts';

/** What the name constraints of an authority say to the certificates below it. */
export type Limits = Readonly<
  { kind: 'kept' } | { kind: 'broken'; by: Certificate; name: string } | { kind: 'undecided'; why: string }
>;

const EMAIL = '1.2.840.113549.1.9.1';

/** Forms of names that are compared here. Of the other forms it only matters whether a certificate has such a name. */
type Form = 'dNSName' | 'iPAddress' | 'directoryName';
const COMPARED: readonly Form[] = ['dNSName', 'iPAddress', 'directoryName'];
const UNCOMPARED = ['rfc822Name', 'uniformResourceIdentifier', 'otherName'] as const;
/** The only other name that Windows constrains: a user principal name (UPN). Source: CAPolicy.inf, NameConstraintsPermitted. */
const USER = '1.3.6.1.4.1.311.20.2.3';

/**
 * How a domain with a leading dot is read. RFC 5280 knows none; for OpenSSL it leaves the domain itself out, for Windows that
 * is not told.
 */
type Dot = 'without-domain' | 'with-domain';
const DOTS: readonly Dot[] = ['without-domain', 'with-domain'];

/** Belief: a wildcard is compared as it is written. */
const isInDomain = (name: string, domain: string, dot: Dot): boolean =>
  domain === '' ||
  name === domain ||
  name.endsWith(domain.startsWith('.') ? domain : `.${domain}`) ||
  (dot === 'with-domain' && domain === `.${name}`);

/** The bytes of an address (and its mask), without the tag and the length before them. */
const octetsOf = (name: GeneralName): Uint8Array => new Uint8Array(AsnConvert.serialize(name)).subarray(2);

const isInNetwork = (address: Uint8Array, network: Uint8Array): boolean =>
  network.length === address.length * 2 &&
  address.every((byte, at) => ((byte ^ (network[at] ?? 0)) & (network[at + address.length] ?? 0)) === 0);

/** Attributes compare without regard to case and to repeated blanks. Source: RFC 5280 7.1. */
const spelled = (names: RelativeDistinguishedName): string =>
  [...names]
    .map(({ type, value }) => `${type}=${String(value).toLowerCase().replace(/\s+/g, ' ').trim()}`)
    .sort()
    .join('+');

const isInDirectory = (name: Name, subtree: Name): boolean =>
  [...subtree].every((part, at) => spelled(part) === (name[at] && spelled(name[at])));

const isWithin = (form: Form, name: GeneralName, base: GeneralName, dot: Dot): boolean => {
  switch (form) {
    case 'dNSName':
      return isInDomain((name.dNSName ?? '').toLowerCase(), (base.dNSName ?? '').toLowerCase(), dot);
    case 'iPAddress':
      return isInNetwork(octetsOf(name), octetsOf(base));
    case 'directoryName':
      return isInDirectory(name.directoryName ?? new Name(), base.directoryName ?? new Name());
  }
};

type Trees = Readonly<{ permitted: readonly GeneralSubtree[]; excluded: readonly GeneralSubtree[] }>;

const isSame = (one: ArrayBuffer, other: ArrayBuffer): boolean =>
  one.byteLength === other.byteLength && new Uint8Array(one).every((byte, at) => byte === new Uint8Array(other)[at]);

/** The constraints, or `undefined` where not every bit of them was understood (a mask with holes, for example). */
const treesOf = (authority: Certificate): Trees | undefined => {
  const value = extensionsOf(authority).all.find(({ type }) => type === id_ce_nameConstraints)?.value;
  if (!value) return { permitted: [], excluded: [] };
  try {
    const { permittedSubtrees, excludedSubtrees } = AsnConvert.parse(value, NameConstraints);
    const read = new NameConstraints({
      ...(permittedSubtrees && { permittedSubtrees }),
      ...(excludedSubtrees && { excludedSubtrees }),
    });
    if (!isSame(AsnConvert.serialize(read), value)) return;
    return { permitted: [...(permittedSubtrees ?? [])], excluded: [...(excludedSubtrees ?? [])] };
  } catch {
    return undefined;
  }
};

/** Every name of a certificate; its subject is a directory name, and can hold addresses of e-mail. */
const namesOf = (certificate: Certificate): readonly GeneralName[] => {
  const directoryName = AsnConvert.parse(parsedOf(certificate).subjectName.toArrayBuffer(), Name);
  return [
    ...(extensionsOf(certificate).read(id_ce_subjectAltName, SubjectAlternativeName) ?? []),
    ...(directoryName.length > 0 ? [new GeneralName({ directoryName })] : []),
    ...directoryName
      .flatMap((part) => [...part])
      .filter(({ type }) => type === EMAIL)
      .map(({ value }) => new GeneralName({ rfc822Name: String(value) })),
  ];
};

/** Common names count as names of a host where there are no others; how Windows constrains them is not known. */
const hostsOf = ({ dnsNames, addresses, commonNames }: Certificate): readonly GeneralName[] =>
  dnsNames.length + addresses.length > 0 ? [] : commonNames.map((dNSName) => new GeneralName({ dNSName }));

const textOf = (name: GeneralName): string =>
  name.dNSName ?? name.iPAddress ?? (name.directoryName ? 'its subject' : 'a name');

const isKept = (name: GeneralName, { permitted, excluded }: Trees, dot: Dot): boolean =>
  COMPARED.filter((form) => name[form] !== undefined).every((form) => {
    const ofForm = (trees: readonly GeneralSubtree[]) =>
      trees.map(({ base }) => base).filter((it) => it[form] !== undefined);
    const allowed = ofForm(permitted);
    const isIn = (base: GeneralName) => isWithin(form, name, base, dot);
    return (allowed.length === 0 || allowed.some(isIn)) && !ofForm(excluded).some(isIn);
  });

/** Why the constraints cannot be compared with names like these, or `undefined`. */
const obstacleIn = ({ permitted, excluded }: Trees, names: readonly GeneralName[]): string | undefined => {
  const trees = [...permitted, ...excluded];
  if (trees.some(({ minimum, maximum }) => minimum !== 0 || maximum !== undefined))
    return 'they count the levels of names';
  const known: readonly (keyof GeneralName)[] = [...COMPARED, ...UNCOMPARED];
  const isKnown = ({ base }: GeneralSubtree): boolean =>
    known.some((form) => base[form] !== undefined) && (base.otherName?.typeId ?? USER) === USER;
  if (!trees.every(isKnown)) return 'they constrain a form of names that is not evaluated here';
  const met = UNCOMPARED.find((form) =>
    [trees.map(({ base }) => base), names].every((list) => list.some((name) => name[form] !== undefined)),
  );
  return met && `they constrain names of the form ${met}, and there is such a name`;
};

/**
 * Compares the name constraints of an authority with the names of the certificates below it, the server's own first. An
 * authority that issued itself is not constrained. Source: RFC 5280 4.2.1.10; sstp-protocol 5.1.
 */
export const limitsOf = (authority: Certificate, below: readonly Certificate[]): Limits => {
  const undecided = (why: string): Limits => ({ kind: 'undecided', why });
  const trees = treesOf(authority);
  if (!trees) return undecided('they cannot be read');
  const bound = below.filter((it, at) => at === 0 || !isSelfIssued(it));
  const named = bound.flatMap((by) => namesOf(by).map((name) => ({ by, name })));
  const brokenBy = (name: GeneralName): readonly Dot[] => DOTS.filter((dot) => !isKept(name, trees, dot));
  const broken = named.find(({ name }) => brokenBy(name).length === DOTS.length);
  if (broken) return { kind: 'broken', by: broken.by, name: textOf(broken.name) };
  const dotted = named.find(({ name }) => brokenBy(name).length > 0);
  if (dotted) return undecided(`whether a domain with a leading dot takes in ${textOf(dotted.name)} is not known`);
  const obstacle = obstacleIn(
    trees,
    named.map(({ name }) => name),
  );
  if (obstacle) return undecided(obstacle);
  const hosts = bound.slice(0, 1).flatMap(hostsOf);
  const hasHosts = [...trees.permitted, ...trees.excluded].some(({ base }) => base.dNSName ?? base.iPAddress);
  return hasHosts && hosts.some((name) => brokenBy(name).length > 0)
    ? undecided('the certificate has its name in the common name only')
    : { kind: 'kept' };
};
