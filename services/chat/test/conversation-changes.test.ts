import { Conversation } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
let group: string;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob, eve] = [await world.newUser(), await world.newUser(), await world.newUser()];
  group = await chat.group(ada, bob);
});

const change = (user: TestUser, method: string, body?: unknown, below = '', id = group) =>
  chat.call(user, method, `/v1/conversations/${id}${below}`, { body });
const settings = (user: TestUser, body: unknown, id = group) =>
  change(user, 'PATCH', body, '/settings', id);
const role = (user: TestUser, other: TestUser, name: unknown) =>
  change(user, 'PATCH', { role: name }, `/participants/${other.userId}`);
const rolesNow = async (user: TestUser) => {
  const { participants } = Conversation.parse((await change(user, 'GET')).body.data);
  return Object.fromEntries(participants.map((one) => [one.user_id, one.role]));
};

describe('renaming a group', () => {
  test('is for its owner and its admins', async () => {
    const renamed = await change(ada, 'PATCH', { title: ' Plans ' });
    expect(renamed.status).toBe(200);
    const { title, created_at, updated_at } = Conversation.parse(renamed.body.data);
    expect(title).toBe('Plans');
    expect(Date.parse(updated_at)).toBeGreaterThan(Date.parse(created_at));
    expect((await change(bob, 'GET')).body.data).toEqual(renamed.body.data);
    expect(await change(bob, 'PATCH', { title: 'Mine' })).toMatchObject({ status: 403 });
    await role(ada, bob, 'admin');
    expect(await change(bob, 'PATCH', { title: 'Ours' })).toMatchObject({ status: 200 });
    expect(await change(eve, 'PATCH', { title: 'x' })).toMatchObject({ status: 404 });
  });

  test('is refused for a direct conversation', async () => {
    const direct = await chat.direct(ada, bob);
    const reply = await change(ada, 'PATCH', { title: 'x' }, '', direct);
    expect(reply).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  });
});

describe('settings', () => {
  test('are merged key by key, and null removes a key', async () => {
    await settings(ada, { message_ttl: 60, theme: { dark: true } });
    const merged = await settings(ada, { message_ttl: null, theme: { light: null }, other: 'x' });
    expect(merged.status).toBe(200);
    expect(Conversation.parse(merged.body.data).settings).toEqual({
      theme: { light: null },
      other: 'x',
    });
    expect((await change(bob, 'GET')).body.data).toEqual(merged.body.data);
  });

  test('of a group are changed by its admins; of a direct conversation by both', async () => {
    expect(await settings(bob, { a: 1 })).toMatchObject({ status: 403 });
    expect(await settings(eve, { a: 1 })).toMatchObject({ status: 404 });
    const direct = await chat.direct(ada, bob);
    for (const user of [ada, bob]) {
      expect(await settings(user, { [user.username]: 1 }, direct)).toMatchObject({ status: 200 });
    }
  });

  test('are together no larger than the maximum of one change', async () => {
    expect(await settings(ada, { one: 'x'.repeat(5000) })).toMatchObject({ status: 200 });
    const more = await settings(ada, { two: 'x'.repeat(5000) });
    expect([more.status, more.body.error?.details?.[0]?.field]).toEqual([400, 'body']);
    const instead = { one: null, two: 'x'.repeat(5000) };
    expect(await settings(ada, instead)).toMatchObject({ status: 200 });
    for (const wrong of [[1], { a: '\0' }]) {
      expect(await settings(ada, wrong)).toMatchObject({ status: 400 });
    }
  });
});

describe('deleting a group', () => {
  test('removes it for everybody, with its messages and sockets', async () => {
    const said = { conversation_id: group, content: 'gone soon' };
    const { message_id: id } = await chat.data(ada, 'POST', '/v1/messages', said);
    await chat.data(ada, 'PUT', `/v1/messages/${id}/pin?conversation_id=${group}`);
    const socket = await chat.open(bob, group);
    const deleted = await change(ada, 'DELETE');
    expect([deleted.status, deleted.body.data]).toEqual([200, { deleted: true }]);
    expect(await socket.closed).toMatchObject({ code: 4404 });
    for (const user of [ada, bob]) {
      expect(await change(user, 'GET')).toMatchObject({ status: 404 });
      const history = `/v1/messages?conversation_id=${group}`;
      expect(await chat.call(user, 'GET', history)).toMatchObject({ status: 404 });
      expect((await chat.data(user, 'GET', '/v1/conversations')).conversations).toEqual([]);
      expect((await chat.data(user, 'GET', '/v1/messages/search?q=gone')).messages).toEqual([]);
    }
    expect(await change(ada, 'DELETE')).toMatchObject({ status: 404 });
  });

  test('is for its owner alone, and not for direct conversations', async () => {
    await role(ada, bob, 'admin');
    expect(await change(bob, 'DELETE')).toMatchObject({ status: 403 });
    expect(await change(eve, 'DELETE')).toMatchObject({ status: 404 });
    const direct = await chat.direct(ada, bob);
    const reply = await change(ada, 'DELETE', undefined, '', direct);
    expect(reply).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  });
});

describe('roles', () => {
  test('are assigned by the owner alone', async () => {
    const made = await role(ada, bob, 'admin');
    expect(made.status).toBe(200);
    expect(await rolesNow(bob)).toEqual({ [ada.userId]: 'owner', [bob.userId]: 'admin' });
    expect(await role(bob, ada, 'member')).toMatchObject({ status: 403 });
    expect(await role(ada, eve, 'admin')).toMatchObject({ status: 404 });
    expect(await role(ada, bob, 'king')).toMatchObject({ status: 400 });
    await role(ada, bob, 'member');
    expect(await rolesNow(bob)).toMatchObject({ [bob.userId]: 'member' });
  });

  test('an owner hands over, and cannot merely step down', async () => {
    expect(await role(ada, ada, 'member')).toMatchObject({ status: 409 });
    expect(await role(ada, ada, 'owner')).toMatchObject({ status: 200 });
    expect(await rolesNow(ada)).toMatchObject({ [ada.userId]: 'owner' });
    await role(ada, bob, 'owner');
    expect(await rolesNow(ada)).toEqual({ [ada.userId]: 'admin', [bob.userId]: 'owner' });
    expect(await role(ada, bob, 'member')).toMatchObject({ status: 403 });
  });

  test('there is one owner, however many hand over and leave at once', async () => {
    const others = [bob, eve, await world.newUser(), await world.newUser()];
    group = await chat.group(ada, ...others);
    const leave = change(ada, 'DELETE', undefined, `/participants/${ada.userId}`);
    const replies = await Promise.all([...others.map((other) => role(ada, other, 'owner')), leave]);
    for (const { status } of replies) expect([200, 403, 404]).toContain(status);
    const owners = Object.values(await rolesNow(bob)).filter((name) => name === 'owner');
    expect(owners).toEqual(['owner']);
  });

  test('in a direct conversation do not change', async () => {
    group = await chat.direct(ada, bob);
    expect(await role(ada, bob, 'admin')).toMatchObject({ status: 409 });
  });
});
