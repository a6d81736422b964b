import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';

/** The lock of a dead holder expires after this. */
const lockSeconds = 120;
const waitAtMostMs = 2 * lockSeconds * 1000;
const pauseMs = 250;
/** The row of the lock in the table of migrations; no file has such a name. */
const lockName = '(lock)';

/**
 * Runs `work` while no other instance migrates. `keep` renews the lock; it throws if the lock was
 * lost.
 */
export async function withMigrationLock<Result>(
  client: Client,
  holder: string,
  work: (keep: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  await take(client, holder);
  try {
    return await work(() => keep(client, holder));
  } finally {
    await client.execute('DELETE FROM migrations WHERE name = ? IF holder = ?', [lockName, holder]);
  }
}

async function take(client: Client, holder: string): Promise<void> {
  const deadline = Date.now() + waitAtMostMs;
  for (;;) {
    const result = await client.execute(
      `INSERT INTO migrations (name, holder) VALUES (?, ?) IF NOT EXISTS USING TTL ${lockSeconds}`,
      [lockName, holder],
    );
    if (result.wasApplied() || String(result.first()['holder']) === holder) return;
    if (Date.now() > deadline)
      throw new Error('Cassandra: a different instance has held the migration lock for too long');
    await delay(pauseMs);
  }
}

async function keep(client: Client, holder: string): Promise<void> {
  const result = await client.execute(
    `UPDATE migrations USING TTL ${lockSeconds} SET holder = ? WHERE name = ? IF holder = ?`,
    [holder, lockName, holder],
  );
  if (!result.wasApplied()) throw new Error('Cassandra: the migration lock was lost');
}
