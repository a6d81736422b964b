import { randomUUID } from 'node:crypto';
import type { Conversation } from '@secureconnect/contracts';
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

const pathOf = (conversationId: string, user?: TestUser): string =>
  `/v1/conversations/${conversationId}/participants${user ? `/${user.userId}` : ''}`;
const add = (actor: TestUser, body: object, id = group) =>
  chat.call(actor, 'POST', pathOf(id), { body });
const remove = (actor: TestUser, user: TestUser, id = group) =>
  chat.call(actor, 'DELETE', pathOf(id, user));
const setRole = (user: TestUser, role: string) =>
  world.database.execute(
    'UPDATE chat.participants SET role = $3 WHERE conversation_id = $1 AND user_id = $2',
    [group, user.userId, role],
  );
const rolesOf = ({ participants }: Conversation) =>
  Object.fromEntries(participants.map(({ user_id, role }) => [user_id, role]));

describe('adding people', () => {
  test('the owner adds them, by id or by name; repeating changes nothing', async () => {
    const byId = await add(ada, { user_ids: [eve.userId, bob.userId] });
    expect(byId.status).toBe(200);
    expect(rolesOf(byId.body.data)).toEqual({
      [ada.userId]: 'owner',
      [bob.userId]: 'member',
      [eve.userId]: 'member',
    });
    const byName = await add(ada, { participants: [{ email: eve.email }] });
    expect(byName.body.data.participants).toEqual(byId.body.data.participants);
    expect((await chat.call(eve, 'GET', `/v1/conversations/${group}`)).status).toBe(200);
  });

  test('an address is refused alike for any where nobody is found by it; a name is not', async () => {
    const strict = await world.start({ FIND_USERS_BY_EMAIL: 'false' });
    const addIn = (participant: object) =>
      strict.call(ada, 'POST', pathOf(group), { body: { participants: [participant] } });
    const begin = (participant: object) =>
      strict.call(ada, 'POST', '/v1/conversations', {
        body: { type: 'direct', participants: [participant] },
      });
    for (const ask of [addIn, begin]) {
      const [known, unknown] = [
        await ask({ email: eve.email }),
        await ask({ email: 'nobody@example.com' }),
      ];
      expect(known.body.error).toMatchObject({ code: 'FORBIDDEN' });
      expect(unknown.body.error).toEqual(known.body.error);
      expect((await ask({ username: eve.username })).status).toBeLessThan(300);
    }
  });

  test('an admin may, a member may not, and to others the conversation does not exist', async () => {
    expect(await add(bob, { user_ids: [eve.userId] })).toMatchObject({ status: 403 });
    expect(await add(eve, { user_ids: [eve.userId] })).toMatchObject({ status: 404 });
    await setRole(bob, 'admin');
    expect(await add(bob, { user_ids: [eve.userId] })).toMatchObject({ status: 200 });
  });

  test('nobody joins a direct conversation', async () => {
    const direct = await chat.direct(ada, bob);
    expect(await add(ada, { user_ids: [eve.userId] }, direct)).toMatchObject({ status: 409 });
    expect(await remove(ada, ada, direct)).toMatchObject({ status: 409 });
  });

  test('an unknown user is named', async () => {
    const reply = await add(ada, { user_ids: [eve.userId, randomUUID()] });
    expect(reply.body.error?.details).toEqual([
      { field: 'body.user_ids[1]', message: 'expected an existing user' },
    ]);
    expect((await chat.call(eve, 'GET', `/v1/conversations/${group}`)).status).toBe(404);
  });

  test('a conversation takes 257 people and no more', async () => {
    await world.database.execute(
      `INSERT INTO chat.participants
       SELECT $1, gen_random_uuid(), 'member', now(), now(), gen_random_uuid()
       FROM generate_series(1, 254)`,
      [group],
    );
    expect(await add(ada, { user_ids: [eve.userId] })).toMatchObject({ status: 200 });
    const one = await world.newUser();
    expect(await add(ada, { user_ids: [one.userId] })).toMatchObject({ status: 409 });
    expect(await chat.call(one, 'GET', `/v1/conversations/${group}`)).toMatchObject({
      status: 404,
    });
  });
});

describe('removing people', () => {
  test('everybody may leave', async () => {
    expect(await remove(bob, bob)).toMatchObject({
      status: 200,
      body: { data: { removed: true } },
    });
    expect(await chat.call(bob, 'GET', `/v1/conversations/${group}`)).toMatchObject({
      status: 404,
    });
    expect(await remove(bob, bob)).toMatchObject({ status: 404 });
  });

  test('an owner removes anybody, an admin removes members, a member removes nobody', async () => {
    await add(ada, { user_ids: [eve.userId] });
    expect(await remove(bob, eve)).toMatchObject({ status: 403 });
    await setRole(bob, 'admin');
    expect(await remove(bob, ada)).toMatchObject({ status: 403 });
    expect(await remove(bob, eve)).toMatchObject({ status: 200 });
    expect(await remove(ada, bob)).toMatchObject({ status: 200 });
    expect(await remove(ada, eve)).toMatchObject({ status: 404 });
  });

  test('an owner who leaves is succeeded by an admin, or else by the oldest member', async () => {
    await add(ada, { user_ids: [eve.userId] });
    await setRole(eve, 'admin');
    await remove(ada, ada);
    const path = `/v1/conversations/${group}`;
    expect(rolesOf(await chat.data(eve, 'GET', path))[eve.userId]).toBe('owner');
    await remove(eve, eve);
    expect(rolesOf(await chat.data(bob, 'GET', path))).toEqual({ [bob.userId]: 'owner' });
    expect(await remove(bob, bob)).toMatchObject({ status: 200 });
  });
});
