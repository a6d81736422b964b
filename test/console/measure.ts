// How fast the console can be used over a slow network: npm run measure:console
import { programSkipReason } from '@secureconnect/testkit';
import type { Browser, CDPSession } from 'playwright-core';
import { startForReal } from '../support/started-stack.ts';
import { startChromium } from './chromium.ts';

/** As WebPageTest has "3G": 1.6 Mbit/s down, 768 kbit/s up, 300 ms for a round trip. */
const network = {
  offline: false,
  latency: 300,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 768_000 / 8,
};
const rounds = 5;

/** Pages, and what can be typed into once they can be used. */
const pages = { '/console/sign-in': 'E-mail address', '/console/sign-up': 'User name' } as const;

const missing = programSkipReason(['chromium']);
if (missing !== '') throw new Error(`There is no Chromium to measure with${missing}.`);

/** Milliseconds from the address to a field that takes text, with nothing in the cache. */
async function timeToUse(browser: Browser, address: string, label: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const devTools: CDPSession = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    await devTools.send('Network.emulateNetworkConditions', network);
    const begunAt = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    const field = page.getByLabel(label);
    await field.fill('a@example.com');
    return performance.now() - begunAt;
  } finally {
    await context.close();
  }
}

await using parts = new AsyncDisposableStack();
const stack = parts.use(await startForReal());
const browser = await startChromium();
parts.defer(() => browser.close());
for (const [path, label] of Object.entries(pages)) {
  const address = `http://localhost:${stack.ports.gateway}${path}`;
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    times.push(await timeToUse(browser, address, label));
  const median = times.sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0;
  process.stdout.write(
    `${path}: ${(median / 1000).toFixed(1)} s until it can be used, median of ${rounds}\n`,
  );
}
