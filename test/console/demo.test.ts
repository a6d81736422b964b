import { programSkipReason } from '@secureconnect/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForReal } from '../support/started-stack.ts';
import { seriousFindings } from './accessibility.ts';
import { problemsOf, startChromium } from './chromium.ts';
import { DemoPage } from './demo-page.ts';

const missing = programSkipReason(['chromium']);

describe.skipIf(missing !== '')(`the demo${missing}`, { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  let browser: Browser;
  let page: Page;
  let demo: DemoPage;
  let problems: readonly string[];

  beforeAll(async () => {
    const stack = parts.use(await startForReal());
    browser = await startChromium();
    parts.defer(() => browser.close());
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    problems = problemsOf(page);
    demo = new DemoPage(page);
    await page.goto(`http://localhost:${stack.ports.gateway}/console/demo`);
  }, 180_000);
  afterAll(() => parts.disposeAsync());

  it('makes up two people who write to each other', async () => {
    await demo.tell('Ada', 'Bob', 'Can you hear me?');
    await page.getByText('Redis is running').waitFor();
    expect(await page.getByText('A part of the server is down').count()).toBe(0);
  });

  it('stops Redis: messages go on, and the page says what is limited and what refuses', async () => {
    await demo.stopRedis();
    await demo.tell('Bob', 'Ada', 'And now, without Redis?');
    await demo.of('Ada').getByText('A part of the server is down').waitFor();
    await demo.attempt('Look Bob up by name', 'done');
    await page.getByText('directory (durable): PostgreSQL is asked').waitFor();
    await demo.attempt('Sign Ada in on a second device', 'refused');
    await demo.use('POST /v1/auth/login').getByText('refuses').waitFor();
    await demo.attempt('Sign out all other devices of Ada', 'refused');
    await demo.of('Ada').getByText('Signing out other devices has to wait.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('lets the two call each other without Redis', async () => {
    await demo.of('Ada').getByRole('button', { name: 'Video call' }).click();
    await demo.of('Bob').getByRole('button', { name: 'Accept' }).click();
    await demo.of('Ada').getByText('In a call with Bob').waitFor();
    await demo.of('Ada').getByRole('button', { name: 'Hang up' }).click();
    await demo.of('Bob').getByText('The call has ended.').waitFor();
  });

  it('starts Redis: what refused works again, and nothing is limited any more', async () => {
    await demo.startRedis();
    await page.getByText('A part of the server is down').first().waitFor({ state: 'detached' });
    await demo.attempt('Sign Ada in on a second device', 'done');
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('finds the two people again after a reload, with what they wrote', async () => {
    await page.reload();
    await demo.messagesOf('Ada').getByText('And now, without Redis?').waitFor();
    await demo.messagesOf('Bob').getByText('Can you hear me?').waitFor();
    expect(problems).toEqual([]);
  });
});
