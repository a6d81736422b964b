import { join } from 'node:path';
import { migrate, openDatabase } from '@secureconnect/postgres';
import { testPostgres } from '@secureconnect/testkit';
import { PostgresMessages } from '../../src/stores/postgres/postgres-messages.ts';

/** A store in a database of its own; both go when it is disposed of. */
export async function openPostgresStore() {
  await using parts = new AsyncDisposableStack();
  const { url: databaseUrl } = parts.use(await testPostgres());
  const directory = join(import.meta.dirname, '../../migrations');
  await migrate({ databaseUrl, schema: 'chat', directory });
  const database = openDatabase({ url: databaseUrl });
  parts.defer(() => database.close());
  const owned = parts.move();
  return {
    store: new PostgresMessages(database),
    database,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
