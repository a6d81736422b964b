import { bundle } from '@secureconnect/client/generator/bundle';
import { type BrowserPage, programSkipReason, startBrowser } from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { servePage } from '../support/serve-page.ts';
import { CallPage, videosMove } from './call-page.ts';
import { ClientWorld, type Person } from './world.ts';

const missing = programSkipReason(['chromium']);
const timeout = 90_000;

describe.skipIf(missing !== '')(`calls of the client in browsers${missing}`, { timeout }, () => {
  const parts = new AsyncDisposableStack();
  let world: ClientWorld;
  let browser: BrowserPage;
  let url: string;
  let pages: AsyncDisposableStack;
  beforeAll(async () => {
    const entries = ['index', 'browser', 'calls'].map((name) => `export * from './${name}.ts';`);
    const page = parts.use(await servePage([await bundle(entries.join('\n'), 'iife')]));
    ({ url } = page);
    world = parts.use(await ClientWorld.start({ CORS_ORIGINS: new URL(url).origin }));
    browser = parts.use(await startBrowser());
    pages = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await pages.disposeAsync();
    pages = new AsyncDisposableStack();
  });
  afterAll(() => parts.disposeAsync());

  async function device(person: Person): Promise<CallPage> {
    const page = new CallPage(pages.use(await browser.anotherPerson()));
    await page.open(url, person, world.password);
    return page;
  }

  /** Two people, each with a page. */
  async function pair() {
    const people = await world.pair();
    return { ...people, adas: await device(people.ada), bobs: await device(people.bob) };
  }

  /** Ada calls and Bob accepts; both see each other. */
  async function talk({ adas, bobs, conversationId }: Awaited<ReturnType<typeof pair>>) {
    const id = await adas.start(conversationId);
    await bobs.rings();
    await bobs.run('await call.accept(), undefined');
    await videosMove([adas, bobs]);
    return id;
  }

  it('ring, are answered, show both sides, and end', async () => {
    const scene = await pair();
    const { adas, bobs } = scene;
    const id = await talk(scene);
    expect(await adas.run('call.state')).toBe('active');
    await adas.run('await call.media.setMicrophone(false)');
    await bobs.until('call.participants[0].isMicrophoneOn', false);
    await adas.run('await call.media.shareScreen(), undefined');
    await videosMove([bobs], { videos: 2 });
    await adas.run('call.media.stopScreen()');
    await videosMove([adas, bobs]);
    await bobs.run('await call.end()');
    await bobs.ends(id, 'everyone_left');
    await adas.ends(id, 'everyone_left');
    for (const page of [adas, bobs])
      expect([await page.errors(), page.page.problems]).toEqual([[], []]);
  });
});
