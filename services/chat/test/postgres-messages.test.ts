import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '@secureconnect/postgres';
import { migrateServices } from '@secureconnect/postgres/testing';
import { testPostgres } from '@secureconnect/testkit';
import { describe, expect, test } from 'vitest';
import { EVENTS_KEPT_SECONDS } from '../src/stores/message-store.ts';
import { sweepEvents } from '../src/stores/postgres/events.ts';
import { postgresMessages } from '../src/stores/postgres/postgres-messages.ts';
import { TimeUuidGenerator } from '../src/timeuuid.ts';
import { admitting } from './message-store/admitting.ts';
import { migrationsDirectory, openPostgresStore } from './message-store/postgres-store.ts';
import { keyOf, Scene } from './message-store/scene.ts';
import { describeMessageStore } from './message-store-contract.ts';

describeMessageStore('PostgreSQL', openPostgresStore);

test('migrating removes the content of messages from a log that an earlier version wrote', async () => {
  await using cleanUp = new AsyncDisposableStack();
  const { url: databaseUrl } = cleanUp.use(await testPostgres());
  await migrateServices(databaseUrl, ['auth']);
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  cleanUp.defer(() => rm(directory, { recursive: true }));
  const earlier = (path: string) => !/00(?:0[5-9]|1\d)_/.test(path);
  await cp(migrationsDirectory, directory, { recursive: true, filter: earlier });
  await migrate({ databaseUrl, schema: 'chat', directory });
  const database = openDatabase({ url: databaseUrl });
  cleanUp.defer(() => database.close());

  // The current store notes the latest message there.
  await database.execute(
    `CREATE TABLE chat.latest_messages (conversation_id uuid PRIMARY KEY, message_id uuid,
       sender_id uuid, said_at timestamptz, noted_at timestamptz)`,
  );
  const scene = new Scene(admitting(postgresMessages(database), database));
  const said = await scene.say('what was said');
  const edited = await scene.store.edit(
    keyOf(said),
    { content: 'what was meant', metadata: {} },
    scene.ids.next(),
  );
  await scene.store.react(keyOf(said), { userId: scene.bob, emoji: '👍' }, true, scene.ids.next());
  await database.execute(
    `UPDATE chat.events SET data = $1::jsonb WHERE type IN ('chat', 'edited')`,
    [JSON.stringify(said)],
  );
  const log = async () => JSON.stringify(await database.query('SELECT data FROM chat.events'));
  expect(await log()).toContain('what was said');

  await database.execute('DROP TABLE chat.latest_messages');
  await migrate({ databaseUrl, schema: 'chat', directory: migrationsDirectory });
  expect(await log()).not.toContain('what was');
  const events = await scene.events();
  expect(events.map(({ type }) => type)).toEqual(['chat', 'edited', 'reaction']);
  const reactions = [{ emoji: '👍', user_ids: [scene.bob] }];
  for (const { data } of events.slice(0, 2))
    expect(data).toEqual({ ...edited?.message, reactions });
});

describe('sweeping the log', () => {
  test('removes expired events, in batches, with concurrent sweeps', async () => {
    await using opened = await openPostgresStore();
    let now = Date.now() - (EVENTS_KEPT_SECONDS + 60) * 1000;
    const scene = new Scene(opened.store, new TimeUuidGenerator(() => now));
    const log = async (count: number): Promise<void> => {
      const events = Array.from({ length: count }, () => scene.ids.next());
      await opened.database.execute(
        `INSERT INTO chat.events (conversation_id, event_id, at, type, from_user, data)
         SELECT $1::uuid, event_id, at, 'read', $2::uuid, '{}'
         FROM unnest($3::uuid[], $4::timestamptz[]) AS made (event_id, at)`,
        [scene.conversationId, scene.ada, events.map(({ id }) => id), events.map(({ at }) => at)],
      );
    };
    await log(2500);
    now = Date.now() - (EVENTS_KEPT_SECONDS - 60) * 1000;
    await log(3);
    const swept = await Promise.all([sweepEvents(opened.database), sweepEvents(opened.database)]);
    expect(swept.reduce((sum, count) => sum + count)).toBe(2500);
    expect(await scene.events()).toHaveLength(3);
    expect(await sweepEvents(opened.database)).toBe(0);
  });
});
