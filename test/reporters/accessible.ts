import type { ExecutionContext } from 'ava';
import axe from 'axe-core';
import type { Page } from 'puppeteer-core';

/** axe has nothing to complain of in the page, or in the part that is given, and has looked at colours. */
export const pleasesAxe = async (t: ExecutionContext, page: Page, part = ':root'): Promise<void> => {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const where = part === ':root' ? 'document' : JSON.stringify(part);
  const { violations, passes } = (await page.evaluate(
    `axe.run(${where}, { resultTypes: ['violations'], selectors: false })`,
  )) as axe.AxeResults;
  t.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]),
    [],
  );
  t.true(passes.some(({ id }) => id === 'color-contrast'));
};

/** The same of a whole page, with everything in it opened. */
export const opensToAxe = async (t: ExecutionContext, page: Page): Promise<void> => {
  await page.$$eval('details', (all) => {
    for (const one of all) one.open = true;
  });
  await pleasesAxe(t, page);
};
