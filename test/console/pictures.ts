import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { RunningStack } from './operators-events.ts';
import type { Admin } from './operators-page.ts';

/** Each way in which a page is looked at. */
export const views = {
  light: { colorScheme: 'light', width: 1200, height: 800 },
  dark: { colorScheme: 'dark', width: 1200, height: 800 },
  phone: { colorScheme: 'light', width: 375, height: 750 },
} as const;

/** Long lists are cut, in pixels: what follows looks like what is shown. */
const maxHeightPx = 2000;

/** What pictures are taken of, and where they go. */
export interface World {
  /** Of the pictures. */
  readonly folder: string;
  readonly browser: Browser;
  /** Of the gateway. */
  readonly origin: string;
  readonly stack: RunningStack;
  readonly admin: Admin;
}

export async function newPage({ browser }: World): Promise<Page> {
  return (await browser.newContext()).newPage();
}

/** Takes a page in each view, and leaves it as it was. */
export async function take({ folder }: World, page: Page, name: string): Promise<void> {
  await page.getByText(/^Loading /).waitFor({ state: 'detached' });
  for (const [view, { colorScheme, width, height }] of Object.entries(views)) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    const full = await page.evaluate<number>('document.documentElement.scrollHeight');
    const clip = { x: 0, y: 0, width, height: Math.min(Math.max(full, height), maxHeightPx) };
    await page.screenshot({
      path: join(folder, `${name}-${view}.png`),
      fullPage: true,
      clip,
    });
  }
  const { width, height } = views.light;
  await page.setViewportSize({ width, height });
  process.stdout.write(`${name}\n`);
}
