import { join } from 'node:path';
import { migrate, openDatabase } from '@secureconnect/postgres';
import { testPostgres } from '@secureconnect/testkit';
import { postgresMessages } from '../../src/stores/postgres/postgres-messages.ts';

/** Where the tables of the schema are written down. */
export const migrationsDirectory = join(import.meta.dirname, '../../migrations');

/** A store in a database of its own; both go when it is disposed of. */
export async function openPostgresStore() {
  await using parts = new AsyncDisposableStack();
  const { url: databaseUrl } = parts.use(await testPostgres());
  await migrate({ databaseUrl, schema: 'chat', directory: migrationsDirectory });
  const database = openDatabase({ url: databaseUrl });
  parts.defer(() => database.close());
  const owned = parts.move();
  return {
    store: postgresMessages(database),
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
