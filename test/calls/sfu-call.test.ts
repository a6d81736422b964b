import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Call, SfuAccess } from '@secureconnect/contracts';
import {
  type BrowserPage,
  call,
  eventually,
  freePort,
  liveKitSkipReason,
  programSkipReason,
  type SampleUser,
  sfuEnvironment,
  startBrowser,
  type TestLiveKit,
  testLiveKit,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePage } from '../support/serve-page.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { act, databaseOf, newScene, type Scene } from './scene.ts';
import { type Journey, relayWebhooks, type WebhookRelay } from './webhook-relay.ts';

const missing = liveKitSkipReason || programSkipReason(['chromium']);
const patiently = { timeoutMs: 30_000 };
const require = createRequire(import.meta.url);
const client = require.resolve('livekit-client');

interface Guest {
  readonly user: SampleUser;
  readonly page: BrowserPage;
}

describe.skipIf(missing !== '')(`a call in browsers through LiveKit${missing}`, () => {
  const parts = new AsyncDisposableStack();
  let stack: Stack;
  let liveKit: TestLiveKit;
  let relay: WebhookRelay;
  let browser: BrowserPage;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    stack = parts.use(await startStack(sfuEnvironment(port)));
    relay = parts.use(await relayWebhooks(`${stack.urls.gateway}/v1/calls/sfu-events`));
    liveKit = parts.use(await testLiveKit({ port, webhookUrl: relay.url }));
    const scripts = [client, join(import.meta.dirname, 'sfu-call.browser.js')];
    const texts = await Promise.all(scripts.map((file) => readFile(file, 'utf8')));
    url = parts.use(await servePage(texts)).url;
    browser = parts.use(await startBrowser());
  }, 60_000);
  afterAll(() => parts.disposeAsync());

  const run = async (page: BrowserPage, expression: string): Promise<unknown> => {
    try {
      return await page.evaluate(`await sfuCall.${expression}`);
    } catch (error) {
      // Without the stack of the page, whose addresses are no files.
      throw new Error(`${expression}: ${String(error).split('\n', 1)[0]}`);
    }
  };
  const accessOf = async ({ token }: SampleUser, callId: string): Promise<SfuAccess> => {
    const path = `/v1/calls/${callId}/sfu-token`;
    return SfuAccess.parse((await call(stack.urls.gateway, 'GET', path, { token })).body.data);
  };
  const callAs = async ({ token }: SampleUser, callId: string): Promise<Call> => {
    const path = `/v1/calls/${callId}`;
    return Call.parse((await call(stack.urls.gateway, 'GET', path, { token })).body.data);
  };
  const stateOf = async (callId: string, reader: SampleUser, { userId }: SampleUser) =>
    (await callAs(reader, callId)).participants.find(({ user_id }) => user_id === userId)?.state;

  /** A call of these users, who have all joined it, each in a page that sends its camera. */
  async function connected(count: number) {
    const scene = await newScene(stack, count);
    const [first, ...others] = scene.users as [SampleUser, ...SampleUser[]];
    const body = { call_type: 'video', topology: 'sfu', conversation_id: scene.conversationId };
    const { token } = first;
    const made = await call(stack.urls.gateway, 'POST', '/v1/calls/initiate', { token, body });
    const { call_id: callId, topology } = Call.parse(made.body.data);
    expect([made.status, topology]).toEqual([201, 'sfu']);
    for (const user of others) await act(stack, user.token, callId, 'accept');
    const guests: Guest[] = [];
    for (const user of scene.users) {
      const page = await browser.anotherPerson();
      await page.open(url);
      const access = await accessOf(user, callId);
      expect(await run(page, `connect(${JSON.stringify(access)})`)).toBe(access.identity);
      guests.push({ user, page });
    }
    return { scene, callId, guests };
  }

  /** Everybody sees everybody else move. */
  async function expectMoving(callId: string, guests: readonly Guest[]): Promise<void> {
    for (const { user, page } of guests) {
      const { participants, identity } = await accessOf(user, callId);
      const ids = new Set(guests.map((guest) => guest.user.userId));
      const others = participants.filter(
        (one) => one.identity !== identity && ids.has(one.user_id),
      );
      const decoded = async () =>
        (await run(page, 'framesDecoded()')) as Readonly<Record<string, number>>;
      const before = await decoded();
      await eventually(async () => {
        const now = await decoded();
        for (const other of others) {
          expect(now[other.identity]).toBeGreaterThan((before[other.identity] ?? 0) + 10);
        }
      }, patiently);
    }
  }

  const disconnections = async ({ page }: Guest) =>
    (await run(page, 'disconnections()')) as readonly string[];
  const removeFromConversation = ({ users, conversationId }: Scene, { userId }: SampleUser) =>
    call(
      stack.urls.gateway,
      'DELETE',
      `/v1/conversations/${conversationId}/participants/${userId}`,
      { token: users[0]?.token ?? '' },
    );
  const webhooks = async (outcome: string): Promise<number> => {
    const metrics = await fetch(`${stack.urls.video}/metrics`).then((reply) => reply.text());
    const pattern = new RegExp(
      `^video_sfu_webhooks_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)$`,
      'm',
    );
    return Number(pattern.exec(metrics)?.[1]);
  };

  it('shows moving pictures on both sides, and its end disconnects both', async () => {
    const { callId, guests } = await connected(2);
    await expectMoving(callId, guests);
    const [ada] = guests as [Guest];
    await act(stack, ada.user.token, callId, 'end');
    for (const guest of guests) {
      await eventually(
        async () => expect(await disconnections(guest)).toEqual(['ROOM_DELETED']),
        patiently,
      );
      await guest.page[Symbol.asyncDispose]();
    }
    expect(relay.events).toContain('participant_joined');
    expect(await webhooks('received')).toBeGreaterThan(0);
    expect(await webhooks('refused')).toBe(0);
  }, 120_000);

  it.each<Journey>(['twice', 'late', 'lost'])(
    'keeps a removed participant out whose webhooks come %s, and goes on for the others',
    async (journey) => {
      relay.journey = journey;
      const { scene, callId, guests } = await connected(3);
      const [ada, bob, eve] = guests as [Guest, Guest, Guest];
      const access = await accessOf(eve.user, callId);
      expect((await removeFromConversation(scene, eve.user)).status).toBe(200);
      await eventually(
        async () => expect(await disconnections(eve)).toEqual(['PARTICIPANT_REMOVED']),
        patiently,
      );
      // LiveKit takes her old token, and she does not stay.
      await run(eve.page, `comeBack(${JSON.stringify(access)})`);
      await eventually(
        async () => expect(await run(eve.page, 'isConnected()')).toBe(false),
        patiently,
      );
      expect(await stateOf(callId, ada.user, eve.user)).toBe('left');
      if (journey === 'twice') expect(await webhooks('duplicate')).toBeGreaterThan(0);
      if (journey === 'late') expect(new Set(await relay.release())).toEqual(new Set([200]));
      await expectMoving(callId, [ada, bob]);
      for (const { user } of [ada, bob])
        expect(await stateOf(callId, ada.user, user)).toBe('joined');
      await act(stack, ada.user.token, callId, 'end');
      for (const { page } of guests) await page[Symbol.asyncDispose]();
    },
    120_000,
  );

  it('goes on without a page that is closed, and ends when one is left, without any webhook', async () => {
    relay.journey = 'lost';
    const { callId, guests } = await connected(2);
    const [ada, bob] = guests as [Guest, Guest];
    await bob.page[Symbol.asyncDispose]();
    await using database = databaseOf(stack);
    await eventually(async () => {
      const absent = await database.sql.execute(
        `UPDATE video.call_participants
         SET sfu_absent_since = now() - interval '61 seconds'
         WHERE call_id = $1 AND user_id = $2 AND sfu_absent_since IS NOT NULL`,
        [callId, bob.user.userId],
      );
      expect(absent).toBe(1);
    }, patiently);
    await eventually(
      async () => expect(await disconnections(ada)).toEqual(['ROOM_DELETED']),
      patiently,
    );
    expect(await callAs(ada.user, callId)).toMatchObject({
      status: 'ended',
      end_reason: 'connection_lost',
    });
    await ada.page[Symbol.asyncDispose]();
  }, 120_000);

  it('comes back after LiveKit was killed and has forgotten the room', async () => {
    relay.journey = 'at once';
    const { callId, guests } = await connected(2);
    await liveKit.kill();
    const [ada] = guests as [Guest];
    const { token } = ada.user;
    const path = `/v1/calls/${callId}/sfu-token`;
    const refused = await call(stack.urls.gateway, 'GET', path, { token });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    await liveKit.start();
    for (const { user, page } of guests) {
      await run(page, 'disconnect()');
      await run(page, `connect(${JSON.stringify(await accessOf(user, callId))})`);
    }
    await expectMoving(callId, guests);
    await act(stack, token, callId, 'end');
    for (const { page } of guests) await page[Symbol.asyncDispose]();
    const errors = stack.logs.filter(({ level }) => level === 'error');
    expect(errors).toEqual([]);
  }, 120_000);
});
