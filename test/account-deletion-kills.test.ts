import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@secureconnect/postgres';
import { call, type SampleUser } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld } from './conformance/world.ts';
import { liveIn } from './support/lived-account.ts';
import { type ServiceName, type Stack, startStack } from './support/stack.ts';
import { openTestDatabase } from './support/test-database.ts';
import { objectsWith, tablesWith } from './support/traces.ts';

/** The services that erase, each in a process of its own. */
const killed = ['auth', 'chat', 'video', 'storage'] as const satisfies readonly ServiceName[];

let stack: Stack;
let database: Database;
beforeAll(async () => {
  stack = await startStack({}, { processes: killed });
  database = openTestDatabase(stack.databaseUrl);
}, 120_000);
afterAll(async () => {
  await database.close();
  await stack[Symbol.asyncDispose]();
});

const people = 5;
const maxKills = 24;
const timeoutMs = 180_000;

/** Many small steps, so that a kill falls between two of them. */
async function fillConversations(userId: string): Promise<void> {
  await database.execute(
    `WITH made AS (
       INSERT INTO chat.conversations
         (conversation_id, type, title, created_by, created_at, updated_at, active_at)
       SELECT gen_random_uuid(), 'group', 'g', $1, now(), now(), now() FROM generate_series(1, 300)
       RETURNING conversation_id),
     joined AS (
       INSERT INTO chat.participants
         (conversation_id, user_id, role, joined_at, read_until, read_message_id)
       SELECT conversation_id, $1, 'owner', now(), now(), gen_random_uuid() FROM made)
     INSERT INTO chat.messages (message_id, conversation_id, sender_id, content, is_encrypted,
       message_type, metadata, created_at)
     SELECT gen_random_uuid(), conversation_id, $1, 'many', false, 'text', '{}', now()
     FROM made, generate_series(1, 5)`,
    [userId],
  );
}

async function count(text: string, users: readonly SampleUser[]): Promise<number> {
  const ids = users.map(({ userId }) => userId);
  const [row] = await database.query<{ count: string }>(text, [ids]);
  return Number(row?.count);
}

const left = (users: readonly SampleUser[]): Promise<number> =>
  count('SELECT count(*) FROM auth.users WHERE user_id = ANY($1::uuid[])', users);
const messages = (users: readonly SampleUser[]): Promise<number> =>
  count('SELECT count(*) FROM chat.messages WHERE sender_id = ANY($1::uuid[])', users);

/** Kills one service after the other and starts it again, until nobody is left. */
async function killUntilErased(users: readonly SampleUser[]) {
  const all = await messages(users);
  const deadline = Date.now() + timeoutMs;
  let kills = 0;
  let killsInTheMiddle = 0;
  for (; (await left(users)) > 0; await delay(1500 * Math.random())) {
    if (Date.now() > deadline) throw new Error(`not erased after ${kills} kills`);
    // Later, the processes are left alone: the last steps need a turn that is not killed.
    if (kills >= maxKills) continue;
    const service = stack.processes[killed[kills % killed.length] ?? 'auth'];
    await service?.end('SIGKILL');
    kills += 1;
    const now = await messages(users);
    if (now > 0 && now < all) killsInTheMiddle += 1;
    await service?.start();
  }
  return { kills, killsInTheMiddle };
}

it('erases people while kill -9 ends one service after the other at random moments', {
  timeout: timeoutMs + 60_000,
}, async () => {
  const world = createWorld(stack);
  const bob = await world.user();
  const leaving: SampleUser[] = [];
  for (let nth = 0; nth < people; nth += 1) {
    const [ada, cleo] = [await world.user(), await world.user()];
    await liveIn(stack, { ada, bob: nth === 0 ? bob : await world.user(), cleo });
    await fillConversations(ada.userId);
    leaving.push(ada);
  }
  for (const { token } of leaving) {
    const reply = await call(stack.urls.gateway, 'DELETE', '/v1/users/me', { token });
    expect(reply.status, reply.text).toBe(202);
  }
  // As after the time that an upload may last.
  await database.execute(
    `UPDATE auth.account_deletions SET started_at = now() - interval '17 minutes'`,
  );
  const { kills, killsInTheMiddle } = await killUntilErased(leaving);
  expect(kills).toBeGreaterThanOrEqual(killed.length);
  expect(killsInTheMiddle).toBeGreaterThan(0);
  const texts = leaving.flatMap(({ userId, email, username }) => [userId, email, username]);
  expect(await tablesWith(database, texts)).toEqual(['auth.audit_entries']);
  expect(await objectsWith(stack, texts)).toEqual([]);
  expect(await left([bob])).toBe(1);
});
