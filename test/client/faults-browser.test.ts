import type { ChatEvent } from '@secureconnect/client';
import { bundle } from '@secureconnect/client/generator/bundle';
import {
  type BrowserPage,
  eventually,
  programSkipReason,
  startBrowser,
} from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { servePage } from '../support/serve-page.ts';
import { ClientWorld, contentsOf, type Person } from './world.ts';

const missing = programSkipReason(['chromium']);
const patiently = { timeoutMs: 20_000 };

describe.skipIf(missing !== '')(`faults of a browser${missing}`, { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  let world: ClientWorld;
  let browser: BrowserPage;
  let url: string;
  let pages: AsyncDisposableStack;
  beforeEach(() => {
    pages = new AsyncDisposableStack();
  });
  afterEach(() => pages.disposeAsync());
  beforeAll(async () => {
    const entry = "export * from './index.ts'; export * from './browser.ts';";
    const page = parts.use(await servePage([await bundle(entry, 'iife')]));
    ({ url } = page);
    const origins = { CORS_ORIGINS: new URL(url).origin };
    world = parts.use(await ClientWorld.start({ ...origins, ACCESS_TOKEN_SECONDS: '60' }));
    browser = parts.use(await startBrowser());
  });
  afterAll(() => parts.disposeAsync());

  /** Opens a page of a person with an open chat; `heard` are the contents of its messages. */
  async function open(page: BrowserPage, { email, network }: Person): Promise<void> {
    await page.open(url);
    await page.evaluate(`
      globalThis.outcomes = [];
      globalThis.heard = [];
      globalThis.states = [];
      globalThis.signedOut = 0;
      globalThis.client = new SecureConnect.Client({
        baseUrl: 'http://127.0.0.1:${network.port}',
        store: new SecureConnect.IndexedDbStore(),
        onSignedOut: () => (signedOut += 1),
      });
      if ((await client.userId()) === undefined)
        await client.signIn({ email: '${email}', password: '${world.password}' });
      globalThis.chat = await client.openChat({
        onEvent: ({ type, data }) => type === 'chat' && heard.push(data.content),
        onOutcome: ({ id }) => outcomes.push(id),
        onState: (state, end) => states.push(end ?? state),
      });
      undefined`);
    await until(page, 'states.at(-1)', 'open');
  }

  const until = (page: BrowserPage, expression: string, value: unknown, within = patiently) =>
    eventually(
      async () => expect(await page.evaluate(expression), expression).toEqual(value),
      within,
    );

  /** Ada in a browser, and Bob elsewhere. */
  async function pair(ownPage?: BrowserPage) {
    const people = await world.pair();
    const events: ChatEvent[] = [];
    const bobs = await people.bob.open().openChat({ onEvent: (event) => void events.push(event) });
    const page = ownPage ?? pages.use(await browser.anotherPerson());
    await open(page, people.ada);
    const send = (content: string) =>
      `chat.send({ conversation_id: '${people.conversationId}', content: '${content}' })`;
    return { ...people, bobs, events, page, send };
  }

  it('a tab that is killed leaves what it has not sent to the other tab, once', async () => {
    const { ada, events, page, send } = await pair();
    await using tab = await page.anotherTab();
    await open(tab, ada);
    ada.network.set('cut');
    await page.evaluate(`void ${send('one')}; void ${send('two')};
      while ((await chat.outbox.entries()).length < 2) await new Promise(setTimeout);`);
    await page.crash();
    ada.network.set('up');
    await eventually(() => expect(contentsOf(events)).toEqual(['one', 'two']), patiently);
    await until(tab, 'await chat.outbox.entries()', []);
    // It hears of them as of those of any other page.
    await until(tab, 'heard', ['one', 'two']);
  });

  it('goes on at once when the browser says that its network is back', async () => {
    const { bobs, conversationId, events, page, send } = await pair();
    await page.setOffline(true);
    await until(page, 'states.at(-1)', 'waiting');
    await bobs.send({ conversation_id: conversationId, content: 'from bob' });
    await page.evaluate(`globalThis.sent = ${send('from ada')}; undefined`);
    await page.setOffline(false);
    await until(page, '(await sent).content', 'from ada');
    await until(page, 'heard', ['from bob']);
    await eventually(() => expect(contentsOf(events)).toEqual(['from ada']), patiently);
  });

  it('a clock that is wrong by ten minutes neither ends a session nor loses a message', async () => {
    const expiring = { timeoutMs: 100_000, intervalMs: 1000 };
    const pairs = await Promise.all([pair(), pair()]);
    for (const [index, minutes] of [-10, 10].entries()) {
      await pairs[index]?.page.evaluate(`
        const now = Date.now.bind(Date);
        Date.now = () => now() + ${minutes} * 60_000;`);
    }
    for (const { bobs, conversationId, page, send } of pairs) {
      // By the clock of the server the token ends, and with it the socket.
      await until(page, "states.filter((state) => state === 'open').length > 1", true, expiring);
      await bobs.send({ conversation_id: conversationId, content: 'after the end' });
      await page.evaluate(`await ${send('goes on')}, undefined`);
      await until(page, '[signedOut, heard]', [0, ['after the end']]);
    }
  });

  it('signing out in one tab ends the other', async () => {
    const { ada, page } = await pair();
    await using tab = await page.anotherTab();
    await open(tab, ada);
    await page.evaluate('await client.signOut()');
    await until(tab, '[states.at(-1), signedOut]', ['signed out', 1]);
    await until(page, '[states.at(-1), signedOut]', ['signed out', 0]);
    expect(await tab.evaluate('await client.userId()')).toBeUndefined();
  });

  it('a message that cannot be kept is not sent, and is sent once when there is space', async () => {
    const page = pages.use(await browser.anotherPerson());
    const { origin } = new URL(url);
    await page.limitStorage(origin, 2_000_000);
    const { events, send } = await pair(page);
    await page.evaluate(fillStorage);
    const refusal = `await ${send('one')}.catch(({ name, message }) => [name, message])`;
    expect(await page.evaluate(refusal)).toEqual([
      'StorageFullError',
      'The storage of this device is full: free some space, then try again.',
    ]);
    expect(await page.evaluate('await chat.outbox.entries()')).toEqual([]);
    await page.limitStorage(origin);
    expect(await page.evaluate(`(await ${send('one')}).content`)).toBe('one');
    await eventually(() => expect(contentsOf(events)).toEqual(['one']), patiently);
  });
});

/** Leaves the origin no room for a single byte. */
const fillStorage = `
  const opening = indexedDB.open('filling');
  opening.onupgradeneeded = () => opening.result.createObjectStore('bytes', { autoIncrement: true });
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const add = (size) => new Promise((resolve) => {
    const transaction = opening.result.transaction('bytes', 'readwrite');
    transaction.objectStore('bytes').add(crypto.getRandomValues(new Uint8Array(size)));
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  });
  for (let size = 65_536; size >= 1; ) if (!(await add(size))) size = Math.floor(size / 2);`;
