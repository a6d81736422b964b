import { randomUUID } from 'node:crypto';
import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { startHousekeeping } from '../src/housekeeping.ts';
import { openPostgresStore } from './message-store/postgres-store.ts';

afterEach(() => vi.useRealTimers());

it('removes old events, notes and changes of memberships every ten minutes or so, until it is stopped', async () => {
  await using opened = await openPostgresStore();
  const { database } = opened;
  const young = randomUUID();
  await database.execute(
    `INSERT INTO chat.events (conversation_id, event_id, at, type, from_user, data)
     VALUES ($1, $1, now() - interval '4 days', 'read', $1, '{}')`,
    [randomUUID()],
  );
  await database.execute(
    `INSERT INTO chat.membership_changes (at, change_id, conversation_id, user_ids)
     VALUES (now() - interval '25 hours', $1, $1, '{}'), (now() - interval '23 hours', $2, $1, '{}')`,
    [randomUUID(), young],
  );
  await database.execute(
    `INSERT INTO chat.latest_messages (conversation_id, message_id, sender_id, said_at, noted_at)
     VALUES ($1, $1, $1, now(), now() - interval '7 hours')`,
    [randomUUID()],
  );
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const stop = startHousekeeping(
    database,
    createLogger({ service: 'chat', level: 'fatal', write: () => undefined }),
  );
  vi.advanceTimersByTime(660_000);
  await eventually(async () => {
    expect(await database.query('SELECT event_id FROM chat.events')).toEqual([]);
    expect(await database.query('SELECT 1 FROM chat.latest_messages')).toEqual([]);
    const left = await database.query('SELECT change_id FROM chat.membership_changes');
    expect(left).toEqual([{ change_id: young }]);
  });
  await stop();
  expect(vi.getTimerCount()).toBe(0);
});
