import { randomUUID } from 'node:crypto';
import { type Database, isDatabaseUnavailable, openDatabase } from '@secureconnect/postgres';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageStore } from '../../src/stores/message-store.ts';
import { postgresMessages } from '../../src/stores/postgres/postgres-messages.ts';
import { admit } from './admitting.ts';
import { Scene } from './scene.ts';

let opened: Awaited<ReturnType<typeof openMigratedDatabase>>;
let database: Database;
let store: MessageStore;
beforeAll(async () => {
  opened = await openMigratedDatabase(['auth', 'chat']);
  database = opened.database;
  store = postgresMessages(database);
});
afterAll(() => opened.close());

/** A conversation in which Ada and Bob take part. */
async function newScene(ofStore = store): Promise<Scene> {
  const scene = new Scene(ofStore);
  for (const userId of [scene.ada, scene.bob]) await admit(database, scene.conversationId, userId);
  return scene;
}

/** The contents of a conversation's messages, by the transaction that stored them. */
async function transactionsOf(scenes: readonly Scene[]): Promise<string[][]> {
  const rows = await database.query<{ transaction: string; content: string }>(
    `SELECT xmin::text AS transaction, content FROM chat.messages
     WHERE conversation_id = ANY($1::uuid[]) ORDER BY xmin::text::bigint`,
    [scenes.map(({ conversationId }) => conversationId)],
  );
  const groups = Map.groupBy(rows, ({ transaction }) => transaction);
  return [...groups.values()].map((group) => group.map(({ content }) => content).toSorted());
}

async function failuresOf(adding: readonly Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(adding);
  return outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
}

describe('messages that arrive while others are being stored', () => {
  it('share a transaction, also those of different conversations', async () => {
    const scenes = [await newScene(), await newScene()] as const;
    const [here, there] = scenes;
    const first = here.add('first');
    // The first one begins at the end of this turn.
    await new Promise(setImmediate);
    const others = [here.add('a'), there.add('b'), here.add('c'), there.add('d')];
    await Promise.all([first, ...others]);
    // Either may be the first to store.
    const transactions = (await transactionsOf(scenes)).toSorted(([a = ''], [b = '']) =>
      b < a ? -1 : 1,
    );
    expect(transactions).toEqual([['first'], ['a', 'b', 'c', 'd']]);
    const told = [...(await here.events()), ...(await there.events())];
    expect(told.map(({ data }) => data['content'])).toEqual(['first', 'a', 'c', 'b', 'd']);
  });

  it('are noted once per conversation: its change ahead, its activity and its latest message', async () => {
    const scene = await newScene();
    const changes = await Promise.all(['a', 'b', 'c'].map((content) => scene.add(content)));
    const rows = await database.query(
      `SELECT changed_at, active_at, message_id, said_at
       FROM chat.conversations JOIN chat.latest_messages USING (conversation_id)
       WHERE conversation_id = $1`,
      [scene.conversationId],
    );
    const { message_id, created_at } = changes[2]?.message ?? {};
    const at = new Date(created_at ?? Number.NaN);
    const changed_at = new Date(at.getTime() + 1000);
    expect(rows).toEqual([{ changed_at, active_at: at, message_id, said_at: at }]);
  });

  it('each have an outcome of their own', async () => {
    const [scene, blocked] = [await newScene(), await newScene()];
    await makeBlockedPair(blocked);
    const again = { client_message_id: 'again' };
    const outcomes = await Promise.allSettled([
      scene.say('from a member'),
      scene.say('from an outsider', { sender_id: randomUUID() }),
      blocked.say('after a block'),
      scene.say('once', again),
      scene.say('twice', again),
      scene.say('to nowhere', { conversation_id: randomUUID() }),
    ]);
    expect(outcomes).toMatchObject([
      { value: { content: 'from a member' } },
      { reason: { code: 'NOT_FOUND' } },
      { reason: { code: 'FORBIDDEN' } },
      { value: { content: 'once' } },
      { value: { content: 'once' } },
      { reason: { code: 'NOT_FOUND' } },
    ]);
    expect(await transactionsOf([scene, blocked])).toEqual([['from a member', 'once']]);
    expect(await scene.events()).toHaveLength(2);
    expect(await blocked.events()).toEqual([]);
  });
});

describe('a batch of messages', () => {
  it('is stored without the message that the database refuses', async () => {
    const scene = await newScene();
    const adding = ['a', 'NUL \u0000', 'c'].map((content) => scene.add(content));
    const [a, nul, c] = await failuresOf(adding);
    expect([a, c]).toEqual([undefined, undefined]);
    expect(nul).toMatchObject({ code: '22021' });
    expect((await transactionsOf([scene])).flat()).toEqual(['a', 'c']);
    expect(await scene.events()).toHaveLength(2);
  });

  it('is refused as a whole while the database cannot serve, and leaves nothing', async () => {
    await using resources = new AsyncDisposableStack();
    const impatient = openDatabase({ url: opened.url, statementTimeoutMs: 100 });
    resources.defer(() => impatient.close());
    const scene = await newScene(postgresMessages(impatient));
    await database.transaction(async (sql) => {
      await sql.execute('LOCK TABLE chat.messages IN EXCLUSIVE MODE');
      const failures = await failuresOf(['a', 'b', 'c'].map((content) => scene.add(content)));
      for (const failure of failures) expect(isDatabaseUnavailable(failure)).toBe(true);
      expect(failures).toHaveLength(3);
    });
    expect(await transactionsOf([scene])).toEqual([]);
    expect(await scene.events()).toEqual([]);
    await scene.say('later');
    expect(await transactionsOf([scene])).toEqual([['later']]);
  });
});

it('instances that store for the same conversations do not deadlock', async () => {
  const scenes = await Promise.all(Array.from({ length: 6 }, () => newScene()));
  const speak = async (instance: number): Promise<void> => {
    const own = openDatabase({ url: opened.url });
    const messages = postgresMessages(own);
    for (let round = 0; round < 25; round += 1) {
      const order = instance === 0 ? scenes : scenes.toReversed();
      await Promise.all(order.map((scene) => messages.add(scene.newMessage(`round ${round}`))));
    }
    await own.close();
  };
  await Promise.all([0, 1].map(speak));
  // What a session has counted is written at its end, which its client does not wait for.
  await expect.poll(sessionsOfOthers).toBe(0);
  const counted = await database.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(counted).toEqual([{ deadlocks: '0' }]);
  for (const scene of scenes) expect(await scene.events()).toHaveLength(50);
});

async function sessionsOfOthers(): Promise<number> {
  const { open } = database.poolUse();
  const rows = await database.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend'`,
  );
  return rows.length - open;
}

/** Makes a conversation a direct one, of two users of whom one has blocked the other. */
async function makeBlockedPair({ conversationId, ada, bob }: Scene): Promise<void> {
  for (const [userId, name] of [
    [ada, 'ada'],
    [bob, 'bob'],
  ] as const) {
    await database.execute(
      `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
       VALUES ($1, $2 || '@example.com', $2, $2, $2, '')`,
      [userId, name],
    );
  }
  await database.execute(
    'INSERT INTO auth.user_blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, now())',
    [bob, ada],
  );
  await database.execute(
    "UPDATE chat.conversations SET type = 'direct' WHERE conversation_id = $1",
    [conversationId],
  );
}
