import type { Language } from '../../engine/model.ts';
import { type Markup, markup, NOTHING } from './escape.ts';

type Style = Readonly<{ style: string; styleHash: string }>;

type Page = Readonly<{
  language: Language;
  title: string;
  /** In their order; what they hold is not escaped. */
  styles: readonly Style[];
  scriptHash: string;
  /** Whom `skip` leads to. */
  main: string;
  skip: string;
  fleet?: boolean;
}>;

/** Nothing runs and nothing is drawn but what has one of our hashes, and nothing is fetched. */
const policyOf = ({ styles, scriptHash }: Page): Markup => {
  const hashes = styles.map(({ styleHash }) => `'${styleHash}'`).join(' ');
  return {
    html: `default-src 'none'; script-src '${scriptHash}'; style-src ${hashes}; base-uri 'none'; form-action 'none'`,
  };
};

/** The beginning of a page, with its policy, up to the link over the navigation. */
export const headOf = (page: Page): Markup => markup`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(page)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${page.title}</title>
${page.styles.map(({ style }) => markup`<style>${{ html: style }}</style>\n`)}</head>
<body${page.fleet ? markup` class="fleet"` : NOTHING}>
<a class="skip" href="#${page.main}">${page.skip}</a>
`;
