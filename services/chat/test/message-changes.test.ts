import { randomUUID } from 'node:crypto';
import { ChatServerFrame, Message } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
let group: string;
let said: Message;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob, eve] = [await world.newUser(), await world.newUser(), await world.newUser()];
  group = await chat.group(ada, bob);
  said = await say(bob, 'first', { metadata: { k: 1 } });
});

async function say(user: TestUser, content: string, more: object = {}): Promise<Message> {
  const body = { conversation_id: group, content, ...more };
  return Message.parse(await chat.data(user, 'POST', '/v1/messages', body));
}
const pathOf = (message: Message): string =>
  `/v1/messages/${message.message_id}?conversation_id=${message.conversation_id}`;
const edit = (user: TestUser, body: unknown, message = said) =>
  chat.call(user, 'PATCH', pathOf(message), { body });
const remove = (user: TestUser, message = said) => chat.call(user, 'DELETE', pathOf(message));
const history = async (user: TestUser): Promise<Message[]> =>
  (await chat.data(user, 'GET', `/v1/messages?conversation_id=${group}`)).messages;

describe('editing a message', () => {
  test('changes the content, is announced and is shown', async () => {
    await using socket = await chat.open(ada, group);
    const reply = await edit(bob, { content: 'second' });
    expect(reply.status).toBe(200);
    const edited = Message.parse(reply.body.data);
    expect(edited).toEqual({ ...said, content: 'second', edited_at: edited.edited_at });
    expect(Date.parse(edited.edited_at ?? '')).toBeGreaterThan(Date.parse(said.created_at));
    const frame = await socket.next('edited');
    expect(ChatServerFrame.parse(frame)).toEqual(frame);
    expect(frame).toMatchObject({ conversation_id: group, from: bob.userId, data: edited });
    expect(await history(ada)).toEqual([edited]);
    await edit(bob, { content: 'third', metadata: { j: 2 } });
    expect(await socket.next('edited')).toMatchObject({ data: { metadata: { j: 2 } } });
    expect((await history(ada))[0]?.metadata).toEqual({ j: 2 });
  });

  test('works for an encrypted one', async () => {
    const secret = await say(bob, 'c2VjcmV0', { is_encrypted: true });
    const reply = await edit(bob, { content: 'b3RoZXI=' }, secret);
    expect(reply).toMatchObject({ status: 200, body: { data: { is_encrypted: true } } });
  });

  test('is for its sender alone', async () => {
    expect(await edit(ada, { content: 'x' })).toMatchObject({ status: 403 });
    expect(await edit(eve, { content: 'x' })).toMatchObject({ status: 404 });
    expect((await history(ada))[0]).toEqual(said);
  });

  test('needs a message that exists in the named conversation', async () => {
    const other = await chat.group(bob, ada);
    for (const missing of [
      { ...said, message_id: randomUUID() },
      { ...said, conversation_id: other },
      { ...said, conversation_id: randomUUID() },
    ]) {
      expect(await edit(bob, { content: 'x' }, missing)).toMatchObject({ status: 404 });
      expect(await remove(bob, missing)).toMatchObject({ status: 404 });
    }
    await remove(bob);
    expect(await edit(bob, { content: 'x' })).toMatchObject({ status: 404 });
  });

  test('names what is wrong', async () => {
    const path = `/v1/messages/${said.message_id}`;
    const cases: [string, unknown, string][] = [
      [pathOf(said), { content: '' }, 'body.content'],
      [pathOf(said), { content: 'x'.repeat(10_001) }, 'body.content'],
      [pathOf(said), { content: 'x', metadata: [] }, 'body.metadata'],
      [path, { content: 'x' }, 'query.conversation_id'],
      [`/v1/messages/x?conversation_id=${group}`, { content: 'x' }, 'params.message_id'],
    ];
    for (const [where, body, field] of cases) {
      const reply = await chat.call(bob, 'PATCH', where, { body });
      expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, field]);
    }
  });
});

describe('deleting a message', () => {
  test('leaves nothing of the content, and is announced once', async () => {
    await using socket = await chat.open(ada, group);
    const reply = await remove(bob);
    expect(reply.status).toBe(200);
    const deleted = Message.parse(reply.body.data);
    const { deleted_at } = deleted;
    expect(deleted).toEqual({ ...said, content: '', metadata: {}, deleted_at });
    const frame = await socket.next('deleted');
    expect(ChatServerFrame.parse(frame)).toEqual(frame);
    const data = { message_id: said.message_id, deleted_at };
    expect(frame).toMatchObject({ from: bob.userId, data });
    expect(await remove(bob)).toMatchObject({ status: 200, body: { data: deleted } });
    await say(bob, 'after');
    expect(await socket.next('chat')).toMatchObject({ data: { content: 'after' } });
    expect(socket.frames).toEqual([]);
    expect((await history(ada))[1]).toEqual(deleted);
  });

  test('is for its sender, and in a group for its owner and its admins', async () => {
    const mine = await say(ada, 'of the owner');
    expect(await remove(bob, mine)).toMatchObject({ status: 403 });
    expect(await remove(eve)).toMatchObject({ status: 404 });
    expect(await remove(ada)).toMatchObject({ status: 200 });
    group = await chat.direct(ada, bob);
    const direct = await say(bob, 'direct');
    expect(await remove(ada, direct)).toMatchObject({ status: 403 });
    expect(await remove(bob, direct)).toMatchObject({ status: 200 });
  });

  test('is no longer counted as unread', async () => {
    const unread = async () => (await chat.data(ada, 'GET', '/v1/messages')).inbox[0].unread_count;
    await say(bob, 'another');
    expect(await unread()).toBe(2);
    await remove(bob);
    expect(await unread()).toBe(1);
  });
});

test('a change moves no conversation up in an inbox, and is logged for clients that look for changes', async () => {
  const times = async () => {
    const [row] = await world.database.query<{ active_at: Date; changed_at: Date }>(
      'SELECT active_at, changed_at FROM chat.conversations WHERE conversation_id = $1',
      [group],
    );
    return { active: row?.active_at.toISOString(), changed: row?.changed_at.toISOString() };
  };
  // A message notes the change of its conversation ahead, for those that follow it.
  const ahead = new Date(Date.parse(said.created_at) + 1000).toISOString();
  expect(await times()).toEqual({ active: said.created_at, changed: ahead });
  await world.database.execute(
    'UPDATE chat.conversations SET changed_at = active_at WHERE conversation_id = $1',
    [group],
  );
  const edited = (await edit(bob, { content: 'second' })).body.data.edited_at;
  expect(await times()).toEqual({ active: said.created_at, changed: edited });
});
