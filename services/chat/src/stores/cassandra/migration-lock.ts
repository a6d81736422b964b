import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';

/** The lock of a holder that died is free after this. */
const lockSeconds = 120;
const waitAtMostMs = 2 * lockSeconds * 1000;
const pauseMs = 250;
/** A row of the table of migrations that is none; no file has such a name. */
const lockName = '(lock)';

/**
 * Does `work` while no other instance does the like. `keep` makes the lock last again; it throws
 * where the lock was lost.
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
