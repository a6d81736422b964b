import { describe, expect, test } from 'vitest';
import { EVENTS_KEPT_SECONDS } from '../src/stores/message-store.ts';
import { sweepEvents } from '../src/stores/postgres/events.ts';
import { TimeUuidGenerator } from '../src/timeuuid.ts';
import { openPostgresStore } from './message-store/postgres-store.ts';
import { Scene } from './message-store/scene.ts';
import { describeMessageStore } from './message-store-contract.ts';

describeMessageStore('PostgreSQL', openPostgresStore);

describe('sweeping the log', () => {
  test('removes what is kept no longer, in batches, whoever else sweeps', async () => {
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
