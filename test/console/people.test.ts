import { readFile } from 'node:fs/promises';
import { eventually, programSkipReason } from '@secureconnect/testkit';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForReal } from '../support/started-stack.ts';
import { seriousFindings } from './accessibility.ts';
import { problemsOf, startChromium } from './chromium.ts';
import { Keyboard } from './keyboard.ts';
import { PeoplePage, password } from './people-page.ts';

const missing = programSkipReason(['chromium']);

/** Waits until pictures of somebody are played. */
async function hasPictures({ page }: PeoplePage, name: string): Promise<void> {
  await eventually(
    async () => {
      const videos = page.locator(`video[aria-label="${name}"]`);
      const times = await videos.evaluateAll((all) => all.map((each) => Object(each).currentTime));
      expect(Math.max(0, ...times)).toBeGreaterThan(0);
    },
    { timeoutMs: 20_000 },
  );
}

describe.skipIf(missing !== '')(`people in the console${missing}`, { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  const problems: (readonly string[])[] = [];
  let browser: Browser;
  let origin: string;
  let ada: PeoplePage;
  let bob: PeoplePage;

  async function person(name: string, options: BrowserContextOptions): Promise<PeoplePage> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    problems.push(problemsOf(page));
    return PeoplePage.signUp(page, origin, name);
  }

  beforeAll(async () => {
    const stack = parts.use(await startForReal());
    origin = `http://localhost:${stack.ports.gateway}`;
    browser = await startChromium();
    parts.defer(() => browser.close());
    ada = await person('Ada', { viewport: { width: 1200, height: 800 } });
    bob = await person('Bob', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  }, 180_000);
  afterAll(() => parts.disposeAsync());

  it('sign up, find each other by name, and write', async () => {
    await ada.writeTo(bob.username);
    await ada.write('Hello Bob, see you at noon?');
    await bob.open('Ada');
    await bob.sees('Hello Bob, see you at noon?');
    await bob.write('Yes, with the notes.');
    await ada.sees('Yes, with the notes.');
    await ada.messages.getByText(/· read$/).waitFor();
  });

  it('send files, and download them', async () => {
    const content = 'a line of the notes\n'.repeat(5000);
    const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from(content) };
    const button = bob.page.getByRole('button', { name: 'Send files' });
    expect(await button.textContent()).toBe('Files');
    await bob.page.getByLabel('Files to send').setInputFiles(file);
    const link = ada.messages.getByRole('button', { name: 'notes.txt' });
    await link.waitFor();
    const [download] = await Promise.all([ada.page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('notes.txt');
    expect(await readFile(await download.path(), 'utf8')).toBe(content);
  });

  it('find a message in the outbox after a reload, and it is sent once', async () => {
    let isCut = true;
    const context = ada.page.context();
    await context.route('**/v1/messages', (route) =>
      isCut && route.request().method() === 'POST' ? route.abort() : route.fallback(),
    );
    await context.routeWebSocket('**/v1/ws/chat', (socket) => {
      if (isCut) return socket.close({ code: 1013, reason: 'cut by the test' });
      socket.connectToServer();
    });
    // The routes hold from the next socket on.
    await ada.page.reload();
    await ada.open('Bob');
    await ada.write('written without a network');
    await ada.messages.getByText('waiting to be sent').waitFor();
    await ada.page.reload();
    await ada.open('Bob');
    await ada.messages.getByText('waiting to be sent').waitFor();
    expect(await ada.count('written without a network')).toBe(1);
    isCut = false;
    await bob.sees('written without a network');
    await ada.messages.getByText('waiting to be sent').waitFor({ state: 'detached' });
    await bob.write('and what is written later');
    await ada.sees('and what is written later');
    await eventually(async () => {
      const counts = [ada, bob].map((each) => each.count('written without a network'));
      expect(await Promise.all(counts)).toEqual([1, 1]);
    });
  });

  it('call each other with video, switch camera and microphone off, and hang up', async () => {
    const inCall = (each: PeoplePage) => each.page.getByRole('region', { name: 'Call' });
    await ada.page.getByRole('button', { name: 'Video call' }).click();
    await inCall(bob).getByText('Ada is calling, with video').waitFor();
    await inCall(bob).getByRole('button', { name: 'Accept' }).click();
    await inCall(ada).getByText('In a call with Bob').waitFor();
    await hasPictures(ada, 'Bob');
    await hasPictures(bob, 'Ada');
    await inCall(ada).getByText('Microphone and camera').click();
    const cameras = inCall(ada).getByLabel('Camera');
    const used = () =>
      inCall(ada)
        .locator('video[aria-label="You"]')
        .evaluate((own) => Object(own).srcObject.getVideoTracks()[0].label);
    const names = await cameras.getByRole('option').allTextContents();
    expect(names).toHaveLength(2);
    await cameras.selectOption({ index: 1 });
    await eventually(async () => expect(await used()).toBe(names[1]));
    await inCall(bob).getByRole('button', { name: 'Mute' }).click();
    await inCall(ada).getByText('Bob is muted.').waitFor();
    await inCall(bob).getByRole('button', { name: 'Camera off' }).click();
    await inCall(ada).getByText('Bob has no camera on.').waitFor();
    await inCall(bob).getByRole('button', { name: 'Share the screen' }).click();
    const pictures = inCall(ada).locator('video[aria-label="Bob"]');
    await eventually(async () => expect(await pictures.count()).toBe(2));
    expect(await seriousFindings(ada.page)).toEqual([]);
    await inCall(ada).getByRole('button', { name: 'Hang up' }).click();
    await inCall(ada).getByText('The call has ended.').waitFor();
    await inCall(bob).getByRole('button', { name: 'Close' }).click();
    await inCall(bob).waitFor({ state: 'detached' });
  });

  it('say no to a call', async () => {
    await bob.page.getByRole('button', { name: 'Call', exact: true }).click();
    await ada.page.getByRole('button', { name: 'Decline' }).click();
    await bob.page.getByText('They do not want to answer now.').waitFor();
  });

  it('sign in, write and call by the keyboard alone, and always see where the focus is', async () => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
    const page = await context.newPage();
    problems.push(problemsOf(page));
    const keyboard = new Keyboard(page);
    await page.goto(`${origin}/console/sign-in`);
    await page.locator('h1:focus').waitFor();
    await keyboard.goTo(/^E-mail address$/);
    await keyboard.type(ada.email);
    await keyboard.goTo(/^Password$/);
    await keyboard.type(password);
    await keyboard.press('Enter');
    const conversations = page.getByRole('navigation', { name: 'Conversations' });
    await conversations.getByRole('button', { name: 'Bob' }).waitFor();
    await keyboard.goTo(/^Bob/);
    await keyboard.press('Enter');
    await page.locator('h2:focus', { hasText: 'Bob' }).waitFor();
    await keyboard.goTo(/^Message$/);
    await keyboard.type('by the keyboard alone');
    await keyboard.press('Enter');
    await bob.sees('by the keyboard alone');
    await keyboard.goTo(/^Video call$/, 'Shift+Tab');
    await keyboard.press('Enter');
    await bob.page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('In a call with Bob').waitFor();
    await keyboard.goTo(/^Hang up$/, 'Shift+Tab');
    await keyboard.press('Enter');
    await bob.page.getByText('The call has ended.').waitFor();
    await keyboard.goTo(/^Close$/);
    await keyboard.press('Enter');
    await page.locator('h1:focus').waitFor();
    await context.close();
  });

  it('can use the pages without a mouse, by a screen reader, in light and dark', async () => {
    expect(await seriousFindings(ada.page)).toEqual([]);
    expect(await seriousFindings(bob.page)).toEqual([]);
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const path of ['sign-in', 'sign-up']) {
      await page.goto(`${origin}/console/${path}`);
      await page.getByLabel('E-mail address').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
    }
  });

  it('go from page to page with the focus on its title, on a phone by a menu in one row', async () => {
    const { page } = bob;
    const link = (name: string) => page.getByRole('link', { name, exact: true });
    const header = await page.getByRole('banner').boundingBox();
    expect(header?.height).toBeLessThan(60);
    for (const [name, title] of [
      ['Account', 'Your account'],
      ['Messages', 'Messages'],
    ] as const) {
      expect(await link(name).count()).toBe(0);
      await page.getByRole('button', { name: 'Menu' }).press('Enter');
      expect(await link('Operators').count()).toBe(0);
      await link(name).click();
      await page.locator('h1:focus', { hasText: title }).waitFor();
    }
    expect(await page.title()).toContain('Messages');
  });

  it('see no error of a page', () => {
    expect(problems.flat()).toEqual([]);
  });
});
