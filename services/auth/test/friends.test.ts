import { randomUUID } from 'node:crypto';
import { FriendshipPage } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

interface Person {
  readonly userId: string;
  readonly token: string;
}

const newUser = (): Promise<Person> => registerSomeone(auth);

const ask = ({ token }: Person, { userId }: Person) =>
  auth.call('POST', '/v1/friends/requests', { token, body: { user_id: userId } });
const accept = ({ token }: Person, { userId }: Person) =>
  auth.call('POST', `/v1/friends/requests/${userId}/accept`, { token });
const remove = ({ token }: Person, path: string) =>
  auth.call('DELETE', `/v1/friends/${path}`, { token });
const block = ({ token }: Person, { userId }: Person) =>
  auth.call('POST', '/v1/users/blocks', { token, body: { user_id: userId } });

const page = async ({ token }: Person, path = ''): Promise<FriendshipPage> =>
  FriendshipPage.parse((await auth.call('GET', `/v1/friends${path}`, { token })).body.data);
const idsIn = async (of: Person, path = ''): Promise<string[]> =>
  (await page(of, path)).friends.map(({ user_id: id }) => id);
const incoming = (of: Person) => idsIn(of, '/requests');
const outgoing = (of: Person) => idsIn(of, '/requests?direction=outgoing');

describe('a request', () => {
  it('is open at both sides until it is accepted, and each step repeats without effect', async () => {
    const [ada, bob] = [await newUser(), await newUser()];
    const replies = [await ask(ada, bob), await ask(ada, bob)];
    for (const { status, body } of replies) {
      const data = expect.objectContaining({ user_id: bob.userId, state: 'requested' });
      expect([status, body.data]).toEqual([200, data]);
    }
    expect([await outgoing(ada), await incoming(bob)]).toEqual([[bob.userId], [ada.userId]]);
    expect((await accept(ada, bob)).status).toBe(404);
    for (const reply of [await accept(bob, ada), await accept(bob, ada)]) {
      expect(reply.body.data).toMatchObject({ user_id: ada.userId, state: 'friends' });
    }
    expect([await idsIn(ada), await idsIn(bob)]).toEqual([[bob.userId], [ada.userId]]);
    expect([await outgoing(ada), await incoming(bob)]).toEqual([[], []]);
  });

  it('that crosses a request of the other side becomes one friendship, also if both are concurrent', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [ada, bob] = [await newUser(), await newUser()];
      const replies = await Promise.all([ask(ada, bob), ask(bob, ada), ask(ada, bob)]);
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect([await idsIn(ada), await idsIn(bob)]).toEqual([[bob.userId], [ada.userId]]);
      const [row] = await database.query<{ count: string }>(
        'SELECT count(*) FROM auth.friendships WHERE $1 IN (first_id, second_id)',
        [ada.userId],
      );
      expect(Number(row?.count)).toBe(1);
    }
  });

  it('is declined by one side, or withdrawn by the other', async () => {
    const [ada, bob] = [await newUser(), await newUser()];
    for (const [by, of] of [[bob, ada] as const, [ada, bob] as const]) {
      await ask(ada, bob);
      expect((await remove(by, `requests/${of.userId}`)).status).toBe(200);
      expect([await outgoing(ada), await incoming(bob)]).toEqual([[], []]);
    }
    expect((await accept(bob, ada)).status).toBe(404);
  });

  it('goes to a different, existing user, and at most a hundred are open', async () => {
    const ada = await newUser();
    expect((await ask(ada, ada)).body.error?.details?.[0]?.field).toBe('body.user_id');
    expect((await ask(ada, { userId: randomUUID(), token: '' })).status).toBe(404);
    const [first, bob] = [await newUser(), await newUser()];
    await ask(ada, first);
    await database.execute(
      `WITH other AS (
         INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
         SELECT gen_random_uuid(), $2 || n, $2 || n, $2 || n, 'x', 'x'
         FROM generate_series(1, 99) n RETURNING user_id)
       INSERT INTO auth.friendships (first_id, second_id, requested_by, requested_at)
       SELECT least(user_id, $1::uuid), greatest(user_id, $1::uuid), $1::uuid, now() FROM other`,
      [ada.userId, `bound-${ada.userId}`],
    );
    const refused = await ask(ada, bob);
    expect([refused.status, refused.body.error?.code]).toEqual([409, 'CONFLICT']);
    expect((await ask(ada, first)).status).toBe(200);
    await remove(ada, `requests/${first.userId}`);
    expect((await ask(ada, bob)).status).toBe(200);
  });
});

describe('a block', () => {
  it('hides the request of the blocked user, who learns nothing', async () => {
    const [ada, bob, eve] = [await newUser(), await newUser(), await newUser()];
    await block(bob, ada);
    const [hidden, open] = [await ask(ada, bob), await ask(ada, eve)];
    const shape = ({ status, body }: typeof hidden) => [
      status,
      { ...body.data, user_id: '', since: '' },
    ];
    expect(shape(hidden)).toEqual(shape(open));
    expect((await outgoing(ada)).toSorted()).toEqual([bob.userId, eve.userId].toSorted());
    expect(await incoming(bob)).toEqual([]);
    const own = await ask(bob, ada);
    expect([own.status, own.body.error?.message]).toEqual([
      409,
      'You have blocked this user; unblock the user first.',
    ]);
    expect((await accept(bob, ada)).status).toBe(409);
    expect(await idsIn(ada)).toEqual([]);
  });

  it('ends a friendship, and withdraws the blocker’s own request', async () => {
    const [ada, bob, eve] = [await newUser(), await newUser(), await newUser()];
    await ask(ada, bob);
    await accept(bob, ada);
    await ask(ada, eve);
    await block(ada, bob);
    await block(ada, eve);
    expect([await idsIn(ada), await idsIn(bob)]).toEqual([[], []]);
    expect(await incoming(eve)).toEqual([]);
    expect((await accept(eve, ada)).status).toBe(404);
  });
});

it('a friendship is ended by either side', async () => {
  const [ada, bob] = [await newUser(), await newUser()];
  await ask(ada, bob);
  await accept(bob, ada);
  for (const _ of [1, 2]) expect((await remove(bob, ada.userId)).status).toBe(200);
  expect([await idsIn(ada), await idsIn(bob)]).toEqual([[], []]);
});

it('friends are listed page by page, newest first, without gap or repeat', async () => {
  const ada = await newUser();
  const added: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    const other = await newUser();
    await ask(other, ada);
    await accept(ada, other);
    added.push(other.userId);
  }
  const seen: string[] = [];
  let cursor = '';
  for (const size of [2, 2, 1]) {
    const { friends, has_more, next_cursor } = await page(ada, `?limit=2&cursor=${cursor}`);
    expect([friends.length, has_more]).toEqual([size, size === 2]);
    seen.push(...friends.map(({ user_id: id }) => id));
    cursor = next_cursor ?? '';
  }
  expect(seen).toEqual(added.toReversed());
});
