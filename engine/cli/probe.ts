import pLimit from 'p-limit';
import { Mistake } from '../mistake.ts';
import type { Language } from '../model.ts';
import { verdictOf } from './exit-code.ts';
import { endpointAt, nameOf, type OutsideOptions, sharedNetwork, wayTo } from './outside.ts';
import { type Look, lookAt } from './probe/look.ts';
import { pictureOf } from './probe/picture.ts';
import { recordOf } from './probe/record.ts';
import { hasColour } from './terminal.ts';

type ProbeOptions = OutsideOptions &
  Readonly<{ versions: boolean; json: boolean; atATime: number; timeout: number; lang: Language }>;

const FORMAT = 'sstp-audit/probe/1';

/** What is written before, between and after the looks, and for each of them. */
type Form = Readonly<{ head: string; between: string; tail: string; tell(look: Look): string }>;

const JSON_FORM: Form = {
  head: `{"format":"${FORMAT}","targets":[\n`,
  between: ',\n',
  tail: '\n]}\n',
  tell: (look) => JSON.stringify(recordOf(look)),
};

const picture = (language: Language): Form => {
  const paper = { language, width: Math.max(40, process.stdout.columns ?? 100), colour: hasColour() };
  return { head: '', between: '\n', tail: '', tell: (look) => pictureOf(look, paper) };
};

/** Looks at each server from outside, and writes what was seen in the order of the command line. Gives the exit code. */
export const probeAll = async (
  targets: readonly string[],
  options: ProbeOptions,
  stop: AbortSignal,
): Promise<number> => {
  const endpoints = targets.map((target) => endpointAt(target, options));
  const names = endpoints.map(nameOf);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Mistake(`${twice} is named twice`, 'name each server once');
  const shared = await sharedNetwork(options);
  const limit = pLimit(options.atATime);
  const looks = endpoints.map((endpoint) =>
    limit(() => {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(options.timeout * 1_000)]);
      return lookAt(wayTo(endpoint, shared), { versions: options.versions, signal });
    }),
  );
  const { head, between, tail, tell } = options.json ? JSON_FORM : picture(options.lang);
  const results = [];
  process.stdout.write(head);
  // Each is let go when it is written: a thousand of them would fill the memory.
  for (let next = looks.shift(); next; next = looks.shift()) {
    const look = await next;
    process.stdout.write(`${results.length > 0 ? between : ''}${tell(look)}`);
    results.push(...look.results);
  }
  process.stdout.write(tail);
  return verdictOf(results, { failOn: 'low', allowUnknown: false }).exitCode;
};
