import { join } from 'node:path';
import { migrate, openDatabase } from '@secureconnect/postgres';
import { testPostgres } from '@secureconnect/testkit';
import { afterAll } from 'vitest';
import { postgresSink } from '../src/sinks/postgres-sink.ts';
import { describeSink } from './sink-contract.ts';

const parts = new AsyncDisposableStack();
afterAll(() => parts.disposeAsync());

describeSink('the sink in PostgreSQL', async () => {
  const { url } = parts.use(await testPostgres());
  const directory = join(import.meta.dirname, '..', 'migrations');
  await migrate({ databaseUrl: url, schema: 'gateway', directory });
  const database = openDatabase({ url });
  parts.defer(() => database.close());
  return postgresSink(database);
});
