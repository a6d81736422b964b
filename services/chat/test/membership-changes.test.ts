import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MembershipChange, membershipChangesSince } from '../src/stores/membership-changes.ts';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob, eve] = [await world.newUser(), await world.newUser(), await world.newUser()];
});

async function noted(since: Date): Promise<MembershipChange[]> {
  const changes: MembershipChange[] = [];
  for await (const page of membershipChangesSince(world.database, since)) changes.push(...page);
  return changes;
}

describe('the log of memberships', () => {
  test('has every change with the users concerned, and nothing without a change', async () => {
    const started = new Date();
    const group = await chat.group(ada, bob);
    const path = `/v1/conversations/${group}`;
    await chat.data(ada, 'POST', `${path}/participants`, { user_ids: [bob.userId, eve.userId] });
    await chat.data(ada, 'POST', `${path}/participants`, { user_ids: [eve.userId] });
    await chat.data(bob, 'DELETE', `${path}/participants/${bob.userId}`);
    await chat.call(bob, 'DELETE', `${path}/participants/${bob.userId}`);
    await chat.data(ada, 'DELETE', path);
    const direct = await chat.direct(ada, bob);
    expect(await chat.direct(bob, ada)).toBe(direct);
    const changes = await noted(started);
    expect(
      changes.map(({ conversationId, userIds }) => [conversationId, userIds.toSorted()]),
    ).toEqual([
      [group, [ada.userId, bob.userId].toSorted()],
      [group, [eve.userId]],
      [group, [bob.userId]],
      [group, [ada.userId, eve.userId].toSorted()],
      [direct, [ada.userId, bob.userId].toSorted()],
    ]);
  });

  test('is read from a time on, page by page, each change once', async () => {
    const at = new Date();
    const ids = Array.from({ length: 1203 }, () => randomUUID());
    await world.database.execute(
      `INSERT INTO chat.membership_changes (at, change_id, conversation_id, user_ids)
       SELECT $2::timestamptz + (place / 100) * interval '1 ms', id, id, ARRAY[id]
       FROM unnest($1::uuid[]) WITH ORDINALITY AS made (id, place)`,
      [ids, at],
    );
    const changes = await noted(at);
    expect(changes.map(({ changeId }) => changeId).toSorted()).toEqual(ids.toSorted());
    const times = changes.map((change) => change.at.getTime());
    expect(times).toEqual(times.toSorted());
    expect(await noted(new Date(at.getTime() + 60_000))).toEqual([]);
  });
});

describe('without Redis, on another instance', () => {
  let other: TestChat;
  beforeAll(async () => {
    other = await world.start();
    await world.redis.kill();
    await Promise.all([chat, other].map((one) => one.untilDegraded(true)));
  });
  afterAll(async () => {
    await world.redis.restart();
    await Promise.all([chat, other].map((one) => one.untilDegraded(false)));
  });
  const say = (conversation_id: string, content: string) =>
    chat.data(ada, 'POST', '/v1/messages', { conversation_id, content });

  test('a removed user receives no later message', async () => {
    const [group, still] = [await chat.group(ada, bob), await chat.group(ada, bob)];
    await using all = await other.open(bob);
    const one = await other.open(bob, group);
    await using adaSocket = await other.open(ada, group);
    await chat.data(ada, 'DELETE', `/v1/conversations/${group}/participants/${bob.userId}`);
    expect(await one.closed).toEqual({ code: 4404, reason: 'not found' });
    expect(await adaSocket.next('user_left')).toMatchObject({ from: bob.userId });
    await say(group, 'without bob');
    await say(still, 'to bob');
    expect(await all.next('chat')).toMatchObject({ data: { content: 'to bob' } });
    expect(all.frames.filter(({ type }) => type === 'chat')).toEqual([]);
  });

  test('an added user receives every later message', async () => {
    await using all = await other.open(eve);
    const group = await chat.group(ada, eve);
    await say(group, 'welcome');
    expect(await all.next('chat')).toMatchObject({ data: { content: 'welcome' } });
  });
});
