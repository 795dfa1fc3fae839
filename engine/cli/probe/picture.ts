/** A look as a picture for a terminal: stage by stage, what came of it, how long it took, and what users would see. */
import type { OfferedVersions } from '../../../checks/facts/offered-versions.ts';
import { isPublicAddress } from '../../../checks/facts/read/host.ts';
import { type Line, pad, widest, wrap } from '../../../reporters/layout.ts';
import { painter } from '../../../reporters/page.ts';
import { words } from '../../../reporters/words.ts';
import type { Language } from '../../model.ts';
import type { Look } from './look.ts';
import { certificateRows, connectionRows, nameRows, type Row, versionRows } from './rows.ts';
import { type Shown, shownIn } from './shown.ts';
import { WORDS } from './words.ts';

export type Paper = Readonly<{ language: Language; width: number; colour: boolean }>;

const verdictLines = (look: Look, { language }: Paper): readonly Line[] => {
  const { healthy, undecided, inside } = WORDS[language];
  const shown = shownIn(look);
  if (shown.length > 0) return shown.flatMap((one) => shownLines(one, language));
  const isWhole = look.results.every(({ status }) => status === 'pass' || status === 'inapplicable');
  const tried = look.connections.known ? look.connections.value.tried : [];
  const isInside = tried.length > 0 && tried.every(({ address }) => !isPublicAddress(address));
  const said = [isWhole ? healthy : undecided, ...(isInside ? [inside] : []), ...versionNotes(look, language)];
  return said.map((text) => ({ indent: 2, text, own: true }));
};

/** Source: learn.microsoft.com, "TLS/SSL overview (Schannel SSP)": Windows 11 gives them up. */
const AGED: readonly string[] = ['TLS 1.0', 'TLS 1.1'];
/** Source: learn.microsoft.com, "Protocols in TLS/SSL (Schannel SSP)": Windows has it from Windows 11 and Server 2022 on. */
const NEWEST = 'TLS 1.3';

const offersOlder = ({ versions }: OfferedVersions): boolean =>
  versions.some(({ version, suites }) => version !== NEWEST && suites.length > 0);

/** Of which clients the agreed version says nothing: a server chooses the newest that it is offered. */
const versionNotes = ({ connections, versions }: Look, language: Language): readonly string[] => {
  const { aged, newest, onlyNewest } = WORDS[language];
  const agreed = connections.known ? connections.value.tried.flatMap(({ tls }) => tls?.protocol ?? []) : [];
  const isOnlyNewest = versions?.known === true && !versions.value.every(offersOlder);
  return [
    ...(agreed.some((version) => AGED.includes(version)) ? [aged] : []),
    ...(agreed.includes(NEWEST) && !versions?.known ? [newest] : []),
    ...(agreed.includes(NEWEST) && isOnlyNewest ? [onlyNewest] : []),
  ];
};

const shownLines = ({ at, prediction }: Shown, language: Language): readonly Line[] => {
  const { shows, codeUnknown, confidence, event, at: where, next } = WORDS[language];
  const { code, alternatives, cause } = prediction;
  const said = code === undefined ? codeUnknown : shows(code, alternatives);
  const details = [
    confidence(prediction.confidence),
    ...(prediction.event === undefined ? [] : [event(prediction.event)]),
    ...(at.length > 0 ? [where(at.join(', '))] : []),
  ];
  return [
    { indent: 2, text: `${said} (${details.join('; ')})`, own: true },
    { indent: 4, text: cause[language], own: true },
    ...(code === undefined ? [] : [{ indent: 4, text: next(code), own: true }]),
  ];
};

/** The whole picture of one server, ending with a line feed. */
export const pictureOf = (look: Look, paper: Paper): string => {
  const { language, width, colour } = paper;
  const paint = painter(colour);
  const rows = [nameRows, connectionRows, certificateRows, versionRows].flatMap((of) => of(look, language));
  const names = words[language].status;
  const markWidth = widest(Object.values(names));
  const labelWidth = widest(rows.map(({ label = '' }) => label));
  const blank = ' '.repeat(markWidth);
  const linesOf = ({ status, label, text }: Row): readonly string[] => {
    if (status === undefined && label === undefined) return wrap({ indent: 2, text, own: true }, width);
    const mark = status === undefined ? blank : pad(names[status], markWidth);
    const [first = '', ...rest] = wrap({ indent: 2, lead: `${mark}  ${pad(label ?? '', labelWidth)}  `, text }, width);
    return [status === undefined ? first : first.replace(mark, () => paint(status, mark)), ...rest];
  };
  return [
    paint('strong', look.name),
    ...rows.flatMap(linesOf),
    ...verdictLines(look, paper).flatMap((line) => wrap(line, width)),
  ]
    .map((line) => `${line}\n`)
    .join('');
};
