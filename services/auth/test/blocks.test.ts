import { randomUUID } from 'node:crypto';
import { Block, BlockPage } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const newUser = () => registerSomeone(auth);

const block = (token: string, userId: unknown) =>
  auth.call('POST', '/v1/users/blocks', { token, body: { user_id: userId } });
const unblock = (token: string, userId: string) =>
  auth.call('DELETE', `/v1/users/blocks/${userId}`, { token });
const blocksOf = async (token: string, query = ''): Promise<BlockPage> =>
  BlockPage.parse((await auth.call('GET', `/v1/users/blocks${query}`, { token })).body.data);

test('a block is created once, under concurrency too, and is visible to its owner alone', async () => {
  const [ada, bob] = [await newUser(), await newUser()];
  const replies = await Promise.all([1, 2, 3].map(() => block(ada.token, bob.userId)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  const made = Block.parse(replies[0]?.body.data);
  expect(made.user_id).toBe(bob.userId);
  for (const { body } of replies) expect(body.data).toEqual(made);
  const [found] = (await blocksOf(ada.token)).blocks;
  expect(found).toEqual(made);
  expect((await blocksOf(bob.token)).blocks).toEqual([]);
});

test('a removed block is gone, and removing none succeeds', async () => {
  const [ada, bob] = [await newUser(), await newUser()];
  await block(ada.token, bob.userId);
  for (const _ of ['there', 'gone']) {
    const reply = await unblock(ada.token, bob.userId);
    expect([reply.status, reply.body.data]).toEqual([200, { removed: true }]);
  }
  expect((await blocksOf(ada.token)).blocks).toEqual([]);
  expect((await unblock(ada.token, randomUUID())).status).toBe(200);
});

test('a user cannot block themselves, or an unknown user', async () => {
  const ada = await newUser();
  const own = await block(ada.token, ada.userId);
  expect([own.status, own.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
  expect(own.body.error?.details?.[0]?.field).toBe('body.user_id');
  const unknown = await block(ada.token, randomUUID());
  expect([unknown.status, unknown.body.error?.code]).toEqual([404, 'NOT_FOUND']);
  expect((await blocksOf(ada.token)).blocks).toEqual([]);
});

test('the list goes page by page, newest first, without gap or repeat', async () => {
  const ada = await newUser();
  const blocked: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    const { userId } = await newUser();
    await block(ada.token, userId);
    blocked.push(userId);
  }
  const seen: string[] = [];
  let cursor = '';
  for (const size of [2, 2, 1]) {
    const page = await blocksOf(ada.token, `?limit=2&cursor=${cursor}`);
    expect([page.blocks.length, page.has_more]).toEqual([size, size === 2]);
    seen.push(...page.blocks.map(({ user_id: id }) => id));
    cursor = page.next_cursor ?? '';
  }
  expect(seen).toEqual(blocked.toReversed());
  const forged = await auth.call('GET', '/v1/users/blocks?cursor=abc', { token: ada.token });
  expect(forged.body.error?.details).toEqual([
    { field: 'query.cursor', message: 'expected the next_cursor of an earlier page' },
  ]);
});

test('other services read the blocks', async () => {
  const [ada, bob] = [await newUser(), await newUser()];
  await block(ada.token, bob.userId);
  const database = openDatabase({ url: auth.databaseUrl });
  try {
    const pairs = 'SELECT blocker_id, blocked_id FROM auth.blocked_pairs WHERE blocker_id = $1';
    expect(await database.query(pairs, [ada.userId])).toEqual([
      { blocker_id: ada.userId, blocked_id: bob.userId },
    ]);
  } finally {
    await database.close();
  }
});

test('blocks need a token', async () => {
  const reply = await auth.call('GET', '/v1/users/blocks');
  expect([reply.status, reply.body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
});
