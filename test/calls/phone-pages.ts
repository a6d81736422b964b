import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { type BrowserPage, eventually, type SampleUser } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { root } from '../support/documented-section.ts';

/** What a connection of a page receives, and how. */
export interface Received {
  readonly state: string;
  /** Every state of its negotiation, in order. */
  readonly signalingStates: readonly string[];
  /** The kinds of its own and the peer's candidate in use. */
  readonly kinds: readonly (string | undefined)[];
  /** The frames that each video has decoded: first the camera's, then the screen's. */
  readonly frames: readonly number[];
  /** Grows while something can be heard. */
  readonly audioEnergy: number;
  /** How much sound has been received, silence too. */
  readonly audioSeconds: number;
  /** The peer's user name in ICE, which a restart changes. */
  readonly iceUser: string;
  /** The user name at the TURN server. */
  readonly turnUser: string;
}

export interface PhoneOptions {
  /** Where the page is. */
  readonly url: string;
  readonly gateway: string;
  readonly user: SampleUser;
  /** Default: that of the user. */
  readonly token?: string;
  /** Of the connections to peers. */
  readonly configuration?: object;
}

type Detail = Readonly<Record<string, unknown>>;

const patiently = { timeoutMs: 40_000, intervalMs: 100 };

/** The page of `page/`, which has the phone of the docs' example, as the device of a user. */
export class PhonePage {
  readonly #page: BrowserPage;

  readonly #options: PhoneOptions;

  private constructor(page: BrowserPage, options: PhoneOptions) {
    this.#page = page;
    this.#options = options;
  }

  static async open(page: BrowserPage, options: PhoneOptions): Promise<PhonePage> {
    const opened = new PhonePage(page, options);
    await opened.loadAgain();
    return opened;
  }

  /** The page forgets everything, and its sockets and connections end. */
  async loadAgain(): Promise<void> {
    const { url, gateway, user, token = user.token, configuration = {} } = this.#options;
    await this.#page.open(url);
    const { userId: me, username: name } = user;
    const given = { gateway, me, name, accessToken: token, configuration };
    await this.#page.evaluate(`await page.open(${JSON.stringify(given)})`);
  }

  /** What the console shows of errors and warnings. */
  get problems(): readonly string[] {
    return this.#page.problems;
  }

  /** Calls a function of the phone: `accept('…')`. */
  async phone(expression: string): Promise<void> {
    await this.#page.evaluate(`await page.phone().${expression}`);
  }

  async share(): Promise<void> {
    await this.#page.evaluate('await page.share()');
  }

  async unshare(): Promise<void> {
    await this.#page.evaluate('page.unshare()');
  }

  async restartIce(): Promise<void> {
    await this.#page.evaluate('page.restartIce()');
  }

  /** What belongs to each time that the page was told of something. */
  async told(what: string): Promise<Detail[]> {
    const all = (await this.#page.evaluate('page.told()')) as readonly [string, Detail][];
    return all.filter(([word]) => word === what).map(([, detail]) => detail);
  }

  /** Waits until the page is told of something; returns what belongs to it. */
  hears(what: string, expected: object = {}): Promise<Detail> {
    return eventually(async () => {
      const last = (await this.told(what)).at(-1);
      // Nothing at all would match an empty object.
      if (last === undefined) throw new Error(`the page was not told of ${what} yet`);
      expect(last, what).toMatchObject(expected);
      return last;
    }, patiently);
  }

  /** Everything that explains why a call does not work, as text. */
  async state(): Promise<string> {
    const told = await this.#page.evaluate('page.told()');
    return JSON.stringify({ told, received: await this.received(), problems: this.problems });
  }

  /** One for each peer. */
  async received(): Promise<readonly Received[]> {
    return (await this.#page.evaluate('await page.received()')) as readonly Received[];
  }
}

interface Expected {
  /** Of each peer. Default 1, the camera. */
  readonly videos?: number;
  /** Default 1. */
  readonly peers?: number;
  /** The kind of all candidates in use. */
  readonly kind?: string;
}

/** Waits until each page sees as many videos as expected, and all of them move. */
export async function videosMove(
  pages: readonly PhonePage[],
  { videos = 1, peers = 1, kind }: Expected = {},
): Promise<void> {
  const connected = Array(peers).fill(['connected', videos]);
  const isMoving = async (page: PhonePage, before: readonly Received[]): Promise<void> => {
    const all = await page.received();
    expect(all.map(({ state, frames }) => [state, frames.length])).toEqual(connected);
    for (const [peer, { frames, kinds }] of all.entries()) {
      for (const [video, count] of frames.entries()) {
        expect(count).toBeGreaterThan((before[peer]?.frames[video] ?? 0) + 5);
      }
      if (kind !== undefined) expect(kinds).toEqual([kind, kind]);
    }
  };
  await Promise.all(
    pages.map(async (page) => {
      const before = await page.received();
      await eventually(() => isMoving(page, before), patiently).catch(async (cause: unknown) => {
        throw new Error(`the videos do not move: ${await page.state()}`, { cause });
      });
    }),
  );
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' };

const index = 'test/calls/page/index.html';
const examples = ['phone.js', 'call.js', 'peer.js', 'keep-open.js'];
const files = [
  index,
  'test/calls/page/page.js',
  ...examples.map((name) => `docs/examples/${name}`),
];

export interface Site extends AsyncDisposable {
  readonly origin: string;
  /** The address of the page. */
  readonly url: string;
}

/** Serves the page, and the example that it imports, on loopback, which browsers treat as secure. */
export async function servePages(): Promise<Site> {
  const server = createServer(({ url = '' }, response) => {
    const path = url.slice(1);
    if (!files.includes(path)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', types[extname(path)] ?? '');
    createReadStream(join(root, path)).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    url: `${origin}/${index}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
