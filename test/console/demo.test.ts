import { programSkipReason } from '@secureconnect/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForReal } from '../support/started-stack.ts';
import { seriousFindings } from './accessibility.ts';
import { problemsOf, startChromium } from './chromium.ts';

const missing = programSkipReason(['chromium']);

describe.skipIf(missing !== '')(`the demo${missing}`, { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  let browser: Browser;
  let page: Page;
  let problems: readonly string[];

  /** Somebody's part of the page. */
  const of = (name: string) => page.getByRole('region', { name, exact: true }).first();
  const messagesOf = (name: string) => of(name).getByRole('log');
  async function write(name: string, content: string): Promise<void> {
    await of(name).getByRole('textbox', { name: 'Message' }).fill(content);
    await page.keyboard.press('Enter');
  }
  const attempt = (title: string) => page.getByRole('button', { name: `Try: ${title}` }).click();
  const outcomeOf = (title: string, outcome: string) =>
    page.getByRole('listitem').filter({ hasText: title }).getByText(outcome, { exact: true });

  beforeAll(async () => {
    const stack = parts.use(await startForReal());
    browser = await startChromium();
    parts.defer(() => browser.close());
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    problems = problemsOf(page);
    await page.goto(`http://localhost:${stack.ports.gateway}/console/demo`);
  }, 180_000);
  afterAll(() => parts.disposeAsync());

  it('makes up two people who write to each other', async () => {
    await write('Ada', 'Can you hear me?');
    await messagesOf('Bob').getByText('Can you hear me?').waitFor();
    await page.getByText('Redis is running').waitFor();
    expect(await page.getByText('A part of the server is down').count()).toBe(0);
  });

  it('stops Redis: messages go on, and the page says what is limited and what refuses', async () => {
    await page.getByRole('button', { name: 'Stop Redis' }).click();
    await page.getByText('Redis is stopped').waitFor();
    await write('Bob', 'And now, without Redis?');
    await messagesOf('Ada').getByText('And now, without Redis?').waitFor();
    await of('Ada').getByText('A part of the server is down').waitFor();
    await attempt('Look Bob up by name');
    await outcomeOf('Look Bob up by name', 'done').waitFor();
    await page.getByText('directory (durable): PostgreSQL is asked').waitFor();
    await attempt('Sign Ada in on a second device');
    await outcomeOf('Sign Ada in on a second device', 'refused').waitFor();
    const login = page.getByRole('listitem').filter({ hasText: 'POST /v1/auth/login' });
    await login.getByText('refuses').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('starts Redis: what refused works again, and nothing is limited any more', async () => {
    await page.getByRole('button', { name: 'Start Redis' }).click();
    await page.getByText('Redis is running').waitFor();
    await page.getByText('A part of the server is down').first().waitFor({ state: 'detached' });
    await attempt('Sign Ada in on a second device');
    await outcomeOf('Sign Ada in on a second device', 'done').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('finds the two people again after a reload, with what they wrote', async () => {
    await page.reload();
    await messagesOf('Ada').getByText('And now, without Redis?').waitFor();
    await messagesOf('Bob').getByText('Can you hear me?').waitFor();
    expect(problems).toEqual([]);
  });
});
