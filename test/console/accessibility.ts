import axe from 'axe-core';
import type { Page } from 'playwright-core';

const serious = ['serious', 'critical'];

/** What axe-core finds in a page that keeps people from using it: the rule, and where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
  return violations
    .filter(({ impact }) => serious.includes(impact ?? ''))
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
