import type { ChatEvent } from '@secureconnect/client';
import { bundle } from '@secureconnect/client/generator/bundle';
import {
  type BrowserPage,
  eventually,
  programSkipReason,
  startBrowser,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePage } from '../support/serve-page.ts';
import { ClientWorld, contentsOf, type Person } from './world.ts';

const missing = programSkipReason(['chromium']);
const patiently = { timeoutMs: 20_000 };

describe.skipIf(missing !== '')(`the client in a browser${missing}`, { timeout: 60_000 }, () => {
  const parts = new AsyncDisposableStack();
  let world: ClientWorld;
  let browser: BrowserPage;
  let url: string;
  beforeAll(async () => {
    const entry = "export * from './index.ts'; export * from './browser.ts';";
    const page = parts.use(await servePage([await bundle(entry, 'iife')]));
    ({ url } = page);
    world = parts.use(await ClientWorld.start({ CORS_ORIGINS: new URL(url).origin }));
    browser = parts.use(await startBrowser());
  });
  afterAll(() => parts.disposeAsync());

  /** Opens a page of a person, and in it a client over what the page before has kept. */
  async function load(page: BrowserPage, { network }: Person): Promise<void> {
    await page.open(url);
    await page.evaluate(`
      globalThis.outcomes = [];
      globalThis.client = new SecureConnect.Client({
        baseUrl: 'http://127.0.0.1:${network.port}',
        store: new SecureConnect.IndexedDbStore(),
      });
      undefined`);
  }

  const signIn = (page: BrowserPage, { email }: Person) =>
    page.evaluate(
      `await client.signIn({ email: '${email}', password: '${world.password}' }), undefined`,
    );
  const openChat = (page: BrowserPage) =>
    page.evaluate(`
      globalThis.chat = await client.openChat({ onOutcome: (one) => outcomes.push(one) });
      undefined`);

  it('sends what was written offline, once, though its page was loaded again', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const events: ChatEvent[] = [];
    await bob.open().openChat({ onEvent: (event) => void events.push(event) });
    await using page = await browser.anotherPerson();
    await load(page, ada);
    await signIn(page, ada);
    await openChat(page);
    ada.network.set('cut');
    await page.evaluate(`
      for (const content of ['one', 'two'])
        void chat.send({ conversation_id: '${conversationId}', content });
      while ((await chat.outbox.entries()).length < 2) await new Promise(setTimeout);`);
    await load(page, ada);
    ada.network.set('up');
    await openChat(page);
    await eventually(() => expect(contentsOf(events)).toEqual(['one', 'two']), patiently);
    await eventually(
      async () => expect(await page.evaluate('await chat.outbox.entries()')).toEqual([]),
      patiently,
    );
    expect(await page.evaluate('outcomes.map(({ message }) => message.content)')).toEqual([
      'one',
      'two',
    ]);
  });

  it('renews a session in one of two tabs, for both', async () => {
    const ada = await world.person();
    await using page = await browser.anotherPerson();
    await load(page, ada);
    await signIn(page, ada);
    await using tab = await page.anotherTab();
    await load(tab, ada);
    const tabs = [page, tab];
    // What is kept seems to have ended.
    await page.evaluate(`
      const store = new SecureConnect.IndexedDbStore();
      const session = JSON.parse(await store.get('session'));
      await store.set('session', JSON.stringify({ ...session, expiresAtMs: 0 }));`);
    for (const each of tabs) await load(each, ada);
    const me = "(await client.request('GET /v1/users/me')).user_id";
    const ids = await Promise.all(tabs.map((each) => each.evaluate(me)));
    expect(ids).toEqual([ada.userId, ada.userId]);
    const isRefresh = (address: string) => address.endsWith('/v1/auth/refresh');
    expect(tabs.filter(({ requests }) => requests.some(isRefresh)).length).toBe(1);
  });

  it('shows how much of a file is sent', async () => {
    const ada = await world.person();
    await using page = await browser.anotherPerson();
    await load(page, ada);
    await signIn(page, ada);
    const progress = await page.evaluate(`
      const steps = [];
      const onProgress = (sent, total) => steps.push([sent, total]);
      const file = await client.files.upload(new Blob([new Uint8Array(3e6)]), {
        fileName: 'notes.bin', onProgress });
      [file.status, ...steps]`);
    expect(progress).toMatchObject({ 0: 'uploaded' });
    expect((progress as unknown[]).at(-1)).toEqual([3e6, 3e6]);
  });
});
