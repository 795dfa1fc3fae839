import { wrap } from '../../reporters/layout.ts';
import { factsOf } from '../audit.ts';
import { roleCapability } from '../jea.ts';
import { printable } from '../printable.ts';
import { networkQuestionsOf, type Question, questionsOf } from '../questions.ts';
import { knownChecks } from './checks.ts';
import { version } from './version.ts';

/** In columns; a command stands in one line, whatever its length. */
const WIDTH = 100;

/** Every question of every check, to a server. */
export const everyQuestion = (): Promise<readonly Question[]> => questionsOf(factsOf(knownChecks()));

/** Prints every question that could be asked, with the facts that ask it and the right that it needs. */
export const printQuestions = async (json: boolean): Promise<number> => {
  const questions = [...(await everyQuestion()), ...(await networkQuestionsOf(factsOf(knownChecks())))];
  const text = json
    ? JSON.stringify(questions, undefined, 2)
    : questions
        .flatMap(({ command, facts, rights }) => [
          printable(command),
          ...wrap({ indent: 4, lead: 'for ', text: facts.join(', '), own: true }, WIDTH),
          ...wrap({ indent: 4, lead: 'needs ', text: rights.join('; '), own: true }, WIDTH),
        ])
        .join('\n');
  process.stdout.write(`${text}\n`);
  return 0;
};

/** Prints the questions as a role capability of Just Enough Administration. */
export const printRoleCapability = async (): Promise<number> => {
  process.stdout.write(roleCapability(await everyQuestion(), version));
  return 0;
};
