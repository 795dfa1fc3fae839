import type { Question } from './recorded.ts';

const OVAL = 'http://oval.mitre.org/XMLSchema';
const ID = 'oval:sstp-audit.bench';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const pattern = (said: string): string => escaped(said.replace(/[.\\]/g, '\\$&'));

const definition = ({ command }: Question, at: number): string =>
  `<definition id="${ID}:def:${at + 1}" version="1" class="compliance"><metadata><title>${escaped(command)}</title>` +
  `<description>the answer is as recorded</description></metadata>` +
  `<criteria><criterion test_ref="${ID}:tst:${at + 1}"/></criteria></definition>`;

const test = (_: Question, at: number): string =>
  `<textfilecontent54_test xmlns="${OVAL}/oval-definitions-5#independent" id="${ID}:tst:${at + 1}" version="1" ` +
  `check="all" check_existence="at_least_one_exists" comment="${at + 1}"><object object_ref="${ID}:obj:${at + 1}"/></textfilecontent54_test>`;

const object =
  (folder: string) =>
  ({ said }: Question, at: number): string =>
    `<textfilecontent54_object xmlns="${OVAL}/oval-definitions-5#independent" id="${ID}:obj:${at + 1}" version="1">` +
    `<filepath>${escaped(folder)}/${at}.txt</filepath><pattern operation="pattern match">${pattern(said)}</pattern>` +
    `<instance datatype="int">1</instance></textfilecontent54_object>`;

/** OVAL definitions that look for a word of each answer in files of `folder`: the least work that oscap can be given. */
export const ovalOf = (questions: readonly Question[], folder: string): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<oval_definitions xmlns="${OVAL}/oval-definitions-5" xmlns:oval="${OVAL}/oval-common-5">`,
    '<generator><oval:product_name>sstp-audit bench</oval:product_name><oval:schema_version>5.11.1</oval:schema_version>',
    `<oval:timestamp>2026-01-01T00:00:00</oval:timestamp></generator>`,
    '<definitions>',
    ...questions.map(definition),
    '</definitions><tests>',
    ...questions.map(test),
    '</tests><objects>',
    ...questions.map(object(folder)),
    '</objects></oval_definitions>',
    '',
  ].join('\n');
