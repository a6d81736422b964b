import { join } from 'node:path';
import { openMigratedDatabase } from '@secureconnect/postgres/testing';
import { postgresMessages } from '../../src/stores/postgres/postgres-messages.ts';
import { admitting } from './admitting.ts';

/** Where the tables of the schema are written down. */
export const migrationsDirectory = join(import.meta.dirname, '../../migrations');

/** A store in a database of its own, which admits each sender; both go when it is disposed of. */
export async function openPostgresStore() {
  await using parts = new AsyncDisposableStack();
  const { database } = parts.use(await openMigratedDatabase(['auth', 'chat']));
  const owned = parts.move();
  return {
    store: admitting(postgresMessages(database), database),
    database,
    async rawLog(conversationId: string): Promise<string> {
      const rows = await database.query(
        'SELECT event.*::text AS entry FROM chat.events AS event WHERE conversation_id = $1',
        [conversationId],
      );
      return JSON.stringify(rows);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
