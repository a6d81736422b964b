import { type BrowserPage, type SampleUser, startBrowser } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { type Stack, type StackOptions, startStack } from '../support/stack.ts';
import { type PhoneOptions, PhonePage, servePages, videosMove } from './phone-pages.ts';
import { newScene } from './scene.ts';

/** Two users with a conversation, each with a page. */
export interface Pair {
  readonly conversationId: string;
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly adas: PhonePage;
  readonly bobs: PhonePage;
}

/** A stack, and a browser in which its users have pages. */
export class BrowserScene implements AsyncDisposable {
  readonly stack: Stack;
  readonly #browser: BrowserPage;
  readonly #url: string;
  readonly #parts: AsyncDisposableStack;
  #pages = new AsyncDisposableStack();

  private constructor(
    started: { readonly stack: Stack; readonly browser: BrowserPage; readonly url: string },
    parts: AsyncDisposableStack,
  ) {
    this.stack = started.stack;
    this.#browser = started.browser;
    this.#url = started.url;
    this.#parts = parts;
  }

  static async start(
    environment: NodeJS.ProcessEnv = {},
    options: StackOptions = {},
  ): Promise<BrowserScene> {
    await using parts = new AsyncDisposableStack();
    const { origin, url } = parts.use(await servePages());
    const stack = parts.use(await startStack({ CORS_ORIGINS: origin, ...environment }, options));
    const browser = parts.use(await startBrowser());
    return new BrowserScene({ stack, browser, url }, parts.move());
  }

  /** Opens a page of a user: a device of its own. */
  async device(
    user: SampleUser,
    options: Pick<PhoneOptions, 'token' | 'configuration'> = {},
  ): Promise<PhonePage> {
    const page = this.#pages.use(await this.#browser.anotherPerson());
    const gateway = this.stack.urls.gateway;
    return PhonePage.open(page, { url: this.#url, gateway, user, ...options });
  }

  /** New users, whose pages have this configuration of connections. */
  async pair(configuration: object = {}): Promise<Pair> {
    const { users, conversationId } = await newScene(this.stack, 2);
    const [ada, bob] = users as readonly [SampleUser, SampleUser];
    const adas = await this.device(ada, { configuration });
    const bobs = await this.device(bob, { configuration });
    return { conversationId, ada, bob, adas, bobs };
  }

  async closePages(): Promise<void> {
    await this.#pages.disposeAsync();
    this.#pages = new AsyncDisposableStack();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closePages();
    await this.#parts.disposeAsync();
  }
}

/**
 * Each page has been told the end of this call once, and nothing more of it: that has been told when
 * they hear of the next call, which Ada starts and cancels.
 */
export async function expectEndedOnce(
  { conversationId, adas, bobs }: Pair,
  id: string,
  others: readonly PhonePage[] = [],
): Promise<void> {
  await adas.phone(`start('${conversationId}', 'video')`);
  const next = { id: expect.not.stringMatching(id) };
  for (const page of [bobs, ...others]) await page.hears('ringing', next);
  await adas.phone('hangUp()');
  for (const page of [adas, bobs, ...others]) {
    await page.hears('ended', { reason: 'cancelled' });
    const ends = await page.told('ended');
    expect(ends.map((end) => (end['id'] === id ? 'this' : 'next'))).toEqual(['this', 'next']);
  }
}

/** Ada calls, Bob's page rings and accepts; each sees the other's video move. */
export async function talk({ conversationId, ada, adas, bobs }: Pair, kind?: string) {
  await adas.phone(`start('${conversationId}', 'video')`);
  const { id } = await bobs.hears('ringing', { from: ada.userId });
  await bobs.phone(`accept('${id}')`);
  await videosMove([adas, bobs], kind === undefined ? {} : { kind });
  return String(id);
}
