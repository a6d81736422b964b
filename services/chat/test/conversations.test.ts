import { randomUUID } from 'node:crypto';
import { Conversation, ConversationPage } from '@secureconnect/contracts';
import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

const keyspace = createKeyspace(defaultKeyPrefix);
let world: World;
let chat: TestChat;
let [ada, bob, eve]: TestUser[] = [];
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Three users whom no other test knows. */
async function threeUsers(): Promise<[TestUser, TestUser, TestUser]> {
  return [await world.newUser(), await world.newUser(), await world.newUser()];
}

const post = (user: TestUser, body: unknown) =>
  chat.call(user, 'POST', '/v1/conversations', { body });

describe('creating a conversation', () => {
  test('a group has its creator as owner and the others as members', async () => {
    [ada, bob, eve] = await threeUsers();
    const reply = await post(ada, {
      type: 'group',
      title: ' Plans ',
      participant_ids: [bob.userId, eve.userId, ada.userId],
    });
    expect(reply.status).toBe(201);
    const made = Conversation.parse(reply.body.data);
    expect(made).toMatchObject({ type: 'group', title: 'Plans', created_by: ada.userId });
    expect(Object.fromEntries(made.participants.map((p) => [p.user_id, p.role]))).toEqual({
      [ada.userId]: 'owner',
      [bob.userId]: 'member',
      [eve.userId]: 'member',
    });
    for (const user of [ada, bob, eve]) {
      expect(await chat.data(user, 'GET', `/v1/conversations/${made.conversation_id}`)).toEqual(
        made,
      );
    }
  });

  test('a pair has one direct conversation, from either side and under concurrency', async () => {
    const [one, other] = await threeUsers();
    const ids = await Promise.all([
      chat.direct(one, other),
      chat.direct(other, one),
      chat.direct(one, other),
      chat.direct(other, one),
    ]);
    expect(new Set(ids).size).toBe(1);
    const again = await post(one, { type: 'direct', participant_ids: [other.userId] });
    expect(again).toMatchObject({ status: 201, body: { data: { conversation_id: ids[0] } } });
  });

  test('people are found by e-mail address and by user name, in any letter case', async () => {
    const [one, other, third] = await threeUsers();
    const body = {
      type: 'group',
      participants: [
        { email: other.email.toUpperCase() },
        { username: third.username.toLowerCase() },
      ],
    };
    for (const _ of ['from SQL', 'from Redis']) {
      const { data } = (await post(one, body)).body;
      const ids = Conversation.parse(data).participants.map(({ user_id }) => user_id);
      expect(ids.toSorted()).toEqual([one.userId, other.userId, third.userId].toSorted());
    }
    const kept = await world.askRedis(`KEYS ${keyspace.directory('chat', '')}*`);
    expect(kept).toContain(keyspace.directory('chat', ''));
    expect(kept).not.toContain(other.email);
  });

  test('the error names the field', async () => {
    const [one, other] = await threeUsers();
    const cases: [unknown, string][] = [
      [{ type: 'direct', participant_ids: [randomUUID()] }, 'body.participant_ids[0]'],
      [
        { type: 'group', participants: [{ email: other.email }, { email: 'nobody@example.com' }] },
        'body.participants[1]',
      ],
      [{ type: 'direct', participant_ids: [one.userId] }, 'body.participant_ids'],
      [{ type: 'direct', participants: [{ username: one.username }] }, 'body.participants'],
      [{ type: 'direct', participant_ids: [] }, 'body.participant_ids'],
      [{ type: 'secret', participant_ids: [other.userId] }, 'body.type'],
      [{ type: 'group', participant_ids: ['x'] }, 'body.participant_ids[0]'],
      [{ type: 'group' }, 'body.participant_ids'],
      [{ type: 'group', participant_ids: [other.userId], title: '\0' }, 'body.title'],
    ];
    for (const [body, field] of cases) {
      const reply = await post(one, body);
      expect(reply.status).toBe(400);
      expect(reply.body.error?.code).toBe('VALIDATION_ERROR');
      expect(reply.body.error?.details?.[0]?.field).toBe(field);
    }
    expect((await post(one, '{"type":')).status).toBe(400);
    const headers = { 'content-type': 'text/plain' };
    const text = await chat.call(one, 'POST', '/v1/conversations', { body: 'x', headers });
    expect(text.status).toBe(415);
    expect((await chat.call(undefined, 'POST', '/v1/conversations', { body: {} })).status).toBe(
      401,
    );
  });
});

describe('listing conversations', () => {
  test('goes page by page, newest first, without gap or repeat', async () => {
    const [one, other] = await threeUsers();
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.push(await chat.group(one, other));
    const listed: string[] = [];
    let cursor = '';
    for (const expected of [3, 3, 1]) {
      const path = `/v1/conversations?limit=3&cursor=${cursor}`;
      const page = ConversationPage.parse(await chat.data(one, 'GET', path));
      expect(page.conversations).toHaveLength(expected);
      expect(page.has_more).toBe(expected === 3);
      expect(page.next_cursor === null).toBe(!page.has_more);
      listed.push(...page.conversations.map(({ conversation_id: id }) => id));
      cursor = page.next_cursor ?? '';
    }
    expect(listed).toEqual(made.toReversed());
  });

  test('shows only one’s own conversations', async () => {
    const [one, other, third] = await threeUsers();
    const id = await chat.direct(one, other);
    expect((await chat.data(third, 'GET', '/v1/conversations')).conversations).toEqual([]);
    const path = `/v1/conversations/${id}`;
    const hidden = await chat.call(third, 'GET', path);
    const unknown = await chat.call(third, 'GET', `/v1/conversations/${randomUUID()}`);
    expect(hidden.status).toBe(404);
    expect(hidden.body.error).toEqual(unknown.body.error);
  });

  test('refuses a cursor that it did not give', async () => {
    const [one] = await threeUsers();
    const reply = await chat.call(one, 'GET', '/v1/conversations?cursor=abc');
    expect(reply.body.error?.details).toEqual([
      { field: 'query.cursor', message: 'expected the next_cursor of an earlier page' },
    ]);
    expect((await chat.call(one, 'GET', '/v1/conversations?limit=101')).status).toBe(400);
    expect((await chat.call(one, 'GET', '/v1/conversations/not-a-uuid')).status).toBe(400);
  });
});
