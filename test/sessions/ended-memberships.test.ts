import { randomUUID } from 'node:crypto';
import {
  eventually,
  FaultProxy,
  type SampleUser,
  type SampleWorld,
  SocketClient,
  textField,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld } from '../conformance/world.ts';
import { untilGauges } from '../support/gauges.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Memberships end at the first stack; the sockets are at the second, which has a way of its own. */
const parts = new AsyncDisposableStack();
let two: Stack;
let wayOfTwo: FaultProxy;
let world: SampleWorld;
beforeAll(async () => {
  const one = parts.use(await startStack());
  wayOfTwo = parts.use(await FaultProxy.start(one.redis.port));
  two = parts.use(await startStack({}, { over: one, wayToRedis: () => wayOfTwo.url }));
  world = createWorld(one);
});
afterAll(() => parts.disposeAsync());

const open = ({ token }: SampleUser, conversationId?: string): Promise<SocketClient> => {
  const query = conversationId === undefined ? '' : `?conversation_id=${conversationId}`;
  return SocketClient.open(`${two.urls.chat.replace('http', 'ws')}/v1/ws/chat${query}`, token);
};

async function group(owner: SampleUser, member: SampleUser): Promise<string> {
  const body = { type: 'group', title: 'Both', participant_ids: [member.userId] };
  const made = await world.data('chat', 'POST', '/v1/conversations', { token: owner.token, body });
  return textField(made, 'conversation_id');
}

async function say({ token }: SampleUser, conversation_id: string): Promise<string> {
  const content = randomUUID();
  const body = { conversation_id, content };
  await world.data('chat', 'POST', '/v1/messages', { token, body });
  return content;
}

const ends: Readonly<
  Record<string, (id: string, owner: SampleUser, member: SampleUser) => Promise<unknown>>
> = {
  removal: (id, { token }, { userId }) => {
    const path = `/v1/conversations/${id}/participants/${userId}`;
    return world.data('chat', 'DELETE', path, { token });
  },
  'the deletion of the group': (id, { token }) =>
    world.data('chat', 'DELETE', `/v1/conversations/${id}`, { token }),
};

describe.each(Object.entries(ends))('%s', (name, end) => {
  it('ends sending with the next frame, at a different instance', async () => {
    const [ada, bob] = [await world.user(), await world.user()];
    const id = await group(ada, bob);
    await using socket = await open(bob);
    await end(id, ada, bob);
    const frames = [{ type: 'chat', data: { content: 'x' } }, { type: 'typing' }];
    for (const frame of frames) {
      const refused = await socket.ask({ ...frame, id: '1', conversation_id: id }, 'error');
      expect(refused).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('ends receiving within a second, and closes a socket for that conversation', async () => {
    const [ada, bob] = [await world.user(), await world.user()];
    const [id, elsewhere] = [await group(ada, bob), await group(ada, bob)];
    await using socket = await open(bob);
    const own = await open(bob, id);
    await end(id, ada, bob);
    expect(await own.closed).toMatchObject({ code: 4404 });
    // In a group that is gone nobody says anything.
    if (name !== 'removal') return;
    await eventually(
      async () => {
        const content = await say(ada, id);
        const last = await say(ada, elsewhere);
        const heard: unknown[] = [];
        while (heard.at(-1) !== last) heard.push(Object(await socket.next('chat')).data.content);
        expect(heard).not.toContain(content);
      },
      { timeoutMs: 1000 },
    );
  });

  it('closes a socket for that conversation within seconds while Redis is down', async () => {
    const [ada, bob] = [await world.user(), await world.user()];
    const id = await group(ada, bob);
    const own = await open(bob, id);
    await wayOfTwo.setMode({ kind: 'refused' });
    await untilGauges(two, '1');
    await end(id, ada, bob);
    const endedAt = performance.now();
    expect(await own.closed).toMatchObject({ code: 4404 });
    expect(performance.now() - endedAt).toBeLessThan(3000);
    await wayOfTwo.setMode({ kind: 'pass' });
    await untilGauges(two, '0');
  });
});
