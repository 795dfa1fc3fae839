/** A look as a picture for a terminal: stage by stage, what came of it, how long it took, and what users would see. */
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
  const { healthy, undecided, inside, aged } = WORDS[language];
  const shown = shownIn(look);
  if (shown.length > 0) return shown.flatMap((one) => shownLines(one, language));
  const isWhole = look.results.every(({ status }) => status === 'pass' || status === 'inapplicable');
  const tried = look.connections.known ? look.connections.value.tried : [];
  const isInside = tried.length > 0 && tried.every(({ address }) => !isPublicAddress(address));
  const isAged = tried.some(({ tls }) => tls && AGED.includes(tls.protocol));
  const said = [isWhole ? healthy : undecided, ...(isInside ? [inside] : []), ...(isAged ? [aged] : [])];
  return said.map((text) => ({ indent: 2, text, own: true }));
};

/** Source: learn.microsoft.com, "TLS/SSL overview (Schannel SSP)": Windows 11 gives them up. */
const AGED: readonly string[] = ['TLS 1.0', 'TLS 1.1'];

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
