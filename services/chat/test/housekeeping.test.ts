import { randomUUID } from 'node:crypto';
import { createLogger } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { startHousekeeping } from '../src/housekeeping.ts';
import { openPostgresStore } from './message-store/postgres-store.ts';

afterEach(() => vi.useRealTimers());

it('removes old events every ten minutes or so, until it is stopped', async () => {
  await using opened = await openPostgresStore();
  const { database } = opened;
  await database.execute(
    `INSERT INTO chat.events (conversation_id, event_id, at, type, from_user, data)
     VALUES ($1, $1, now() - interval '4 days', 'read', $1, '{}')`,
    [randomUUID()],
  );
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const stop = startHousekeeping(database, createLogger({ service: 'chat', level: 'fatal' }));
  vi.advanceTimersByTime(660_000);
  await eventually(async () => {
    expect(await database.query('SELECT event_id FROM chat.events')).toEqual([]);
  });
  await stop();
  expect(vi.getTimerCount()).toBe(0);
});
