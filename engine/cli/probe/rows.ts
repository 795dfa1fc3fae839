/** What a look saw, row by row: the stages of each connection, and each certificate. */
import { endpointOf } from '../../../checks/facts/attempts.ts';
import type { Judged } from '../../../checks/facts/certificate-verdicts.ts';
import { CONDITIONS, type Concern, type Kind } from '../../../checks/facts/read/verdict/conditions.ts';
import { remarksOn } from '../../../checks/reach/problems.ts';
import type { Language, Status } from '../../model.ts';
import type { Handshake, Step } from '../../probe/seen.ts';
import type { Look } from './look.ts';
import { WORDS } from './words.ts';

/** A row without a status is a heading, or tells more of the row above it. */
export type Row = Readonly<{ status?: Status; label?: string; text: string }>;

/** What a stage that went well agreed on. */
const agreed = ({ stage }: Step, { tls, http, sstp }: Handshake, language: Language): readonly unknown[] => {
  switch (stage) {
    case 'proxy':
    case 'tcp':
      return [];
    case 'tls':
      return [tls?.protocol, tls?.cipher, tls?.group];
    case 'http':
      return [http?.status, http?.headers['server']];
    case 'sstp':
      return sstp?.message === 'CALL_CONNECT_ACK' ? [WORDS[language].acknowledged(sstp.hashes.join(', '))] : [];
  }
};

const stageRow = (step: Step, handshake: Handshake, language: Language): Row => {
  const { row, took, trouble: words } = WORDS[language];
  const { stage, trouble, tookMs } = step;
  const isOurs = stage === 'proxy' || trouble?.kind === 'unreachable';
  const said = trouble
    ? [`${words[trouble.kind]}: ${trouble.detail}`]
    : agreed(step, handshake, language).filter(Boolean);
  return {
    status: trouble ? (isOurs ? 'unknown' : 'fail') : 'pass',
    label: row[stage],
    text: `${said.join(', ')} (${took(tookMs)})`.trimStart(),
  };
};

export const nameRows = ({ addresses, endpoint, nameMs }: Look, language: Language): readonly Row[] => {
  const { row, took, noAddress } = WORDS[language];
  const label = row.name;
  if (endpoint.proxy !== undefined) return [];
  if (!addresses.known) return [{ status: 'unknown', label, text: addresses.detail }];
  const { addresses: found, missing = noAddress } = addresses.value;
  const text = `${found.join(', ') || missing} (${took(nameMs)})`;
  return [{ status: found.length > 0 ? 'pass' : 'fail', label, text }];
};

export const connectionRows = ({ connections, addresses }: Look, language: Language): readonly Row[] => {
  if (!connections.known)
    return addresses.known ? [{ status: 'unknown', label: WORDS[language].row.tcp, text: connections.detail }] : [];
  return connections.value.tried.flatMap((handshake) => [
    { text: endpointOf(handshake) },
    ...handshake.steps.map((step) => stageRow(step, handshake, language)),
  ]);
};

const CONCERNS = { trust: 'trust', name: 'dialled', revocation: 'revocation' } as const satisfies Record<
  Concern,
  string
>;

type Noted = Readonly<{ certificate: Judged['certificate']; detail: string; kind?: Kind }>;

/** What is noted in detail is English; what it is about is said in the reader's language before it. */
const saidOf = (noted: readonly Noted[], language: Language): string =>
  noted
    .map(({ certificate: { subject }, detail, kind }) => {
      const about = kind && language !== 'en' ? `${CONDITIONS[kind].says[language]}: ` : '';
      return `${about}${subject && `${subject}: `}${detail}`;
    })
    .join('; ');

/** What is told where all is well. */
const wellIn = (concern: Concern, judged: Judged): string => {
  switch (concern) {
    case 'trust':
      return remarksOn(judged).join('; ');
    case 'name':
      return '';
    case 'revocation':
      return judged.verdict.revocations.flatMap(({ tried }) => tried.at(-1)?.url ?? []).join(', ');
  }
};

const concernRow = (concern: Concern, judged: Judged, language: Language): Row => {
  const { verdict } = judged;
  const label = WORDS[language].row[CONCERNS[concern]];
  const problems = verdict.problems.filter((it) => it.concern === concern);
  const open = verdict.open.filter((it) => it.concern === concern);
  if (problems.length > 0) return { status: 'fail', label, text: saidOf(problems, language) };
  if (open.length > 0) return { status: 'unknown', label, text: saidOf(open, language) };
  return { status: 'pass', label, text: wellIn(concern, judged) };
};

const day = (date: Date): string => date.toISOString().slice(0, 10);

const certificateRow = (judged: Judged, language: Language): readonly Row[] => {
  const { certificate: title, names, validity, valid, issuers, weak } = WORDS[language];
  const { certificate, endpoints, verdict } = judged;
  const { subject, dnsNames, addresses, commonNames, notBefore, notAfter, sha256, thumbprint } = certificate;
  const madeOutTo = [...dnsNames, ...addresses];
  const above = verdict.chain.slice(1).map((issuer) => issuer.subject);
  return [
    { text: `${title} (${endpoints.join(', ')})` },
    { label: title, text: subject || thumbprint },
    { label: names, text: (madeOutTo.length > 0 ? madeOutTo : commonNames).join(', ') },
    { label: validity, text: valid(day(notBefore), day(notAfter)) },
    ...(above.length > 0 ? [{ label: issuers, text: above.join(' < ') }] : []),
    { label: 'SHA-256', text: sha256 },
    { label: 'SHA-1', text: thumbprint },
    ...(verdict.weaknesses.length > 0 ? [{ label: weak, text: saidOf(verdict.weaknesses, language) }] : []),
    ...(['trust', 'name', 'revocation'] as const).map((concern) => concernRow(concern, judged, language)),
  ];
};

export const certificateRows = ({ connections, verdicts }: Look, language: Language): readonly Row[] => {
  if (verdicts.known) return verdicts.value.judged.flatMap((judged) => certificateRow(judged, language));
  const isShown = connections.known && connections.value.tried.some(({ tls }) => tls);
  return isShown ? [{ status: 'unknown', label: WORDS[language].certificate, text: verdicts.detail }] : [];
};

export const versionRows = ({ versions }: Look, language: Language): readonly Row[] => {
  const { row, offered, notOffered } = WORDS[language];
  if (!versions) return [];
  if (!versions.known) return [{ status: 'unknown', label: row.versions, text: versions.detail }];
  return versions.value.flatMap(({ at, versions: list }) => [
    { text: `${row.versions} (${at})` },
    ...list.flatMap(({ version, suites }): readonly Row[] => [
      { label: version, text: suites.length > 0 ? offered(suites.length) : notOffered },
      ...suites.map((suite) => ({ label: '', text: suite })),
    ]),
  ]);
};
