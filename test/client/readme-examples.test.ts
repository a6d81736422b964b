import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatEvent } from '@secureconnect/client';
import { type Call, openCalls } from '@secureconnect/client/calls';
import { bundle } from '@secureconnect/client/generator/bundle';
import { eventually, programSkipReason, startBrowser } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/documented-section.ts';
import { servePage } from '../support/serve-page.ts';
import { ClientWorld, contentsOf } from './world.ts';

const missing = programSkipReason(['chromium']);
const patiently = { timeoutMs: 20_000 };

/** The examples before the one of a whole app, which readme.test.ts runs, in their order. */
async function examples(): Promise<string> {
  const readme = await readFile(join(root, 'packages/client/README.md'), 'utf8');
  const short = readme.slice(0, readme.indexOf('## An app'));
  const blocks = [...short.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks).toHaveLength(4);
  return blocks.join('\n');
}

/** As a module in `src`, for an account and a server of the test. */
function moduleOf(code: string, baseUrl: string, email: string): string {
  return code
    .replaceAll("'@secureconnect/client'", "'./index.ts'")
    .replaceAll(/'@secureconnect\/client\/(\w+)'/g, "'./$1.ts'")
    .replace('https://chat.example.com', baseUrl)
    .replace('ada@example.com', email)
    .concat('\nglobalThis.made = { message, conversations, file, call };');
}

describe.skipIf(missing !== '')(`the examples of the README${missing}`, { timeout: 60_000 }, () => {
  const parts = new AsyncDisposableStack();
  let world: ClientWorld;
  let url: string;
  beforeAll(async () => {
    const page = parts.use(await servePage([]));
    ({ url } = page);
    world = parts.use(await ClientWorld.start({ CORS_ORIGINS: new URL(url).origin }));
  });
  afterAll(() => parts.disposeAsync());

  it('do in a page what they say', async () => {
    const { ada, bob, conversationId } = await world.pair();
    const events: ChatEvent[] = [];
    const bobs = bob.open();
    const chat = await bobs.openChat({ onEvent: (event) => void events.push(event) });
    const { message_id } = await chat.send({ conversation_id: conversationId, content: 'Hello.' });
    const ringing: Call[] = [];
    await openCalls(bobs, { onIncoming: (call) => void ringing.push(call) });
    const page = parts.use(await startBrowser());
    await page.open(url);
    const given = { password: world.password, conversation_id: conversationId, message_id };
    const baseUrl = `http://127.0.0.1:${ada.network.port}`;
    const code = await bundle(moduleOf(await examples(), baseUrl, ada.email), 'esm');
    await page.evaluate(`
      Object.assign(globalThis, ${JSON.stringify(given)}, {
        shown: {}, blob: new Blob(['a film']) });
      for (const name of ['Banner', 'SignIn', 'Progress', 'Ringing', 'Own', 'People', 'End', ''])
        globalThis['show' + name] = (what) => (shown[name] = what);
      const script = new Blob([${JSON.stringify(code)}], { type: 'text/javascript' });
      await import(URL.createObjectURL(script));`);
    await eventually(() => expect(contentsOf(events)).toContain('See you at noon.'), patiently);
    expect(await page.evaluate('[made.message.content, made.file.status]')).toEqual([
      'See you at noon.',
      'uploaded',
    ]);
    const ids = 'made.conversations.map(({ conversation_id }) => conversation_id)';
    expect(await page.evaluate(ids)).toEqual([conversationId]);
    const { pins } = await bobs.request('GET /v1/messages/pinned', {
      query: { conversation_id: conversationId },
    });
    expect(pins.map(({ message }) => message.message_id)).toEqual([message_id]);
    await eventually(() => expect(ringing).toHaveLength(1), patiently);
    await ringing[0]?.accept();
    await eventually(async () => expect(await page.evaluate('made.call.state')).toBe('active'));
    expect(await page.evaluate('shown.Own.getTracks().length')).toBe(2);
    await ringing[0]?.end();
    await eventually(async () => expect(await page.evaluate('shown.End')).toBe('everyone_left'));
    expect(page.problems).toEqual([]);
  });
});
