/** What a code means, and what decides it, as lines for a terminal. */
import type { Diagnosis, Place, Stop } from '../../../checks/diagnosis.ts';
import { type Line, pad, widest } from '../../../reporters/layout.ts';
import type { Language } from '../../model.ts';
import { noteOf } from '../note.ts';
import { WORDS } from './words.ts';

/** The RAS codes of Windows. */
const isRas = (code: string): boolean => /^[6-9]\d\d$/.test(code);

/** What is known of the code and its situation. */
export const meaningLines = ({ code, known, situation }: Diagnosis, language: Language): readonly Line[] => {
  const { meaning, cause, situation: titled, unknownRas, unknownCode } = WORDS[language];
  const about: readonly Line[] = known
    ? [
        { indent: 0, lead: `${known.code} `, text: known.symbol, own: true },
        { indent: 2, lead: `${meaning}: `, text: known.meaning[language], own: true },
        { indent: 2, lead: `${cause}: `, text: known.cause[language], own: true },
      ]
    : code === undefined
      ? []
      : [{ indent: 0, lead: `${code}: `, text: isRas(code) ? unknownRas : unknownCode, own: true }];
  return [
    ...about,
    ...(situation
      ? [
          {
            indent: known ? 2 : 0,
            lead: `${titled(situation.id)}: `,
            text: situation.says[language],
            own: true,
          },
        ]
      : []),
  ];
};

/** Checks, and which step of the article each takes, in columns. */
export const stopLines = (stops: readonly Stop[], language: Language): readonly Line[] => {
  const width = widest(stops.map(({ check }) => check.id));
  return stops.map(({ check, step }) => ({
    indent: 4,
    lead: `${pad(step?.id ?? '-', 4)}  ${pad(check.id, width)}  `,
    text: noteOf(check, language).title,
    own: true,
  }));
};

/** Neighbours that are looked at in one place. */
const walkThrough = (stops: readonly Stop[]): readonly (readonly [Place, readonly Stop[]])[] => {
  const walk: [Place, Stop[]][] = [];
  for (const stop of stops) {
    const [place, there] = walk.at(-1) ?? [];
    if (there && place === stop.place) there.push(stop);
    else walk.push([stop.place, [stop]]);
  }
  return walk;
};

/** Every check that would be looked at, and where, in order. */
export const planLines = (stops: readonly Stop[], language: Language): readonly Line[] => {
  const { plan, place: places } = WORDS[language];
  return [
    { indent: 0, text: plan, own: true },
    ...walkThrough(stops).flatMap(([place, those]) => [
      { indent: 2, text: places[place], own: true },
      ...stopLines(those, language),
    ]),
  ];
};
