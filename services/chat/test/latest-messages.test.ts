import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedConversations } from '../src/stores/changed-conversations.ts';
import { eraseLatest, sweepLatest } from '../src/stores/latest-messages.ts';
import type { MessageStore, NewStoredMessage } from '../src/stores/message-store.ts';
import { outsideSql } from '../src/stores/outside-sql.ts';
import { postgresMessages } from '../src/stores/postgres/postgres-messages.ts';
import { TimeUuidGenerator } from '../src/timeuuid.ts';
import { newWorld, type World } from './harness.ts';
import { admit, admitting } from './message-store/admitting.ts';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const admitted = (store: MessageStore): MessageStore => admitting(store, world.database);

const timeUuids = new TimeUuidGenerator();

function newMessage(conversationId: string, clientId?: string): NewStoredMessage {
  const { id, at } = timeUuids.next();
  return {
    message_id: id,
    conversation_id: conversationId,
    sender_id: randomUUID(),
    created_at: at,
    content: 'a text',
    is_encrypted: false,
    message_type: 'text',
    metadata: {},
    ...(clientId === undefined ? {} : { client_message_id: clientId }),
  };
}

/** A conversation with a member who never speaks and reads nothing. */
async function newConversation(): Promise<string> {
  const conversationId = randomUUID();
  await admit(world.database, conversationId, reader);
  await world.database.execute(
    "UPDATE chat.participants SET read_until = '2000-01-01' WHERE conversation_id = $1",
    [conversationId],
  );
  return conversationId;
}

const reader = randomUUID();

/** What the reader would be pushed. */
async function latestOf(conversationId: string): Promise<string[]> {
  const rows = await world.database.query<{ message_id: string }>(
    'SELECT message_id FROM chat.unread_latest WHERE conversation_id = $1 AND user_id = $2',
    [conversationId, reader],
  );
  return rows.map((row) => row.message_id);
}

describe.each([
  ['in SQL', () => admitted(postgresMessages(world.database))],
  [
    'outside of SQL',
    () => {
      const known = new Set<string>();
      const store = postgresMessages(world.database);
      // As Cassandra does: it stores a message, and writes nothing else into SQL.
      const elsewhere: typeof store.add = async (message) => {
        const id = message.client_message_id ?? message.message_id;
        const isNew = !known.has(id);
        known.add(id);
        const { created_at, ...rest } = message;
        const stored = { ...rest, created_at: created_at.toISOString(), reactions: [] };
        const event = {
          eventId: message.message_id,
          at: created_at,
          type: 'chat' as const,
          conversationId: message.conversation_id,
          from: message.sender_id,
          data: {},
        };
        return { message: stored, event: isNew ? event : undefined };
      };
      return admitted(outsideSql({ ...store, add: elsewhere }, world.database));
    },
  ],
] as const)('the latest message of a conversation, with a store %s,', (_where, open) => {
  it('is noted when it is stored', async () => {
    const [store, conversationId] = [open(), await newConversation()];
    const [first, second] = [newMessage(conversationId), newMessage(conversationId)];
    await store.add(first);
    expect(await latestOf(conversationId)).toEqual([first.message_id]);
    await store.add(second);
    expect(await latestOf(conversationId)).toEqual([second.message_id]);
  });

  it('is not replaced by an older one, nor by a retry', async () => {
    const [store, conversationId] = [open(), await newConversation()];
    const [older, retried] = [newMessage(conversationId), newMessage(conversationId, 'a-retry')];
    await store.add(retried);
    await store.add(older);
    await store.add({ ...newMessage(conversationId, 'a-retry'), sender_id: retried.sender_id });
    expect(await latestOf(conversationId)).toEqual([retried.message_id]);
  });
});

describe('the note of a busy conversation in SQL', () => {
  const store = () => admitted(postgresMessages(world.database));
  const changedSince = (conversationId: string, at: Date) =>
    changedConversations(world.database, [conversationId], at);

  it('covers later messages, which do not wait for it', async () => {
    const conversationId = await newConversation();
    const [first, second] = [newMessage(conversationId), newMessage(conversationId)];
    await store().add(first);
    await admit(world.database, conversationId, second.sender_id);
    await world.database.transaction(async (sql) => {
      // As a different instance holds them until it has committed.
      for (const table of ['chat.latest_messages', 'chat.conversations']) {
        await sql.query(`SELECT 1 FROM ${table} WHERE conversation_id = $1 FOR UPDATE`, [
          conversationId,
        ]);
      }
      await postgresMessages(world.database).add(second);
    });
    expect(await latestOf(conversationId)).toEqual([second.message_id]);
    expect(await changedSince(conversationId, second.created_at)).toEqual([conversationId]);
  });

  it.each([
    ['a moment later', `noted_at = now() - interval '2 seconds'`, 'chat.latest_messages'],
    [
      'after its change was noted by an earlier version',
      'changed_at = now()',
      'chat.conversations',
    ],
  ])('is written again %s', async (_when, assignment, table) => {
    const conversationId = await newConversation();
    await store().add(newMessage(conversationId));
    await world.database.execute(`UPDATE ${table} SET ${assignment} WHERE conversation_id = $1`, [
      conversationId,
    ]);
    const later = { ...newMessage(conversationId), created_at: new Date(Date.now() + 60_000) };
    await store().add(later);
    const noted = await world.database.query(
      'SELECT message_id FROM chat.latest_messages WHERE conversation_id = $1',
      [conversationId],
    );
    expect(noted).toEqual([{ message_id: later.message_id }]);
    expect(await changedSince(conversationId, later.created_at)).toEqual([conversationId]);
  });

  it('outlives the account of its sender if it covers a message of somebody else', async () => {
    const [alone, together] = [await newConversation(), await newConversation()];
    const leaver = randomUUID();
    const [first, second] = [newMessage(together), newMessage(together)];
    await store().add({ ...newMessage(alone), sender_id: leaver });
    await store().add({ ...first, sender_id: leaver });
    await store().add(second);
    await eraseLatest(world.database, leaver);
    expect(await latestOf(alone)).toEqual([]);
    expect(await latestOf(together)).toEqual([second.message_id]);
    const named = await world.database.query(
      'SELECT 1 FROM chat.latest_messages WHERE sender_id = $1',
      [leaver],
    );
    expect(named).toEqual([]);
  });
});

it('old notes are removed, and no others', async () => {
  const store = admitted(postgresMessages(world.database));
  const [old, recent] = [await newConversation(), await newConversation()];
  for (const id of [old, recent]) await store.add(newMessage(id));
  await world.database.execute(
    `UPDATE chat.latest_messages SET noted_at = now() - interval '7 hours'
     WHERE conversation_id = $1`,
    [old],
  );
  await sweepLatest(world.database);
  expect([await latestOf(old), await latestOf(recent)].map(({ length }) => length)).toEqual([0, 1]);
});
