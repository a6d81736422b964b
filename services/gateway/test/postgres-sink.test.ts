import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { afterAll } from 'vitest';
import { postgresSink } from '../src/signals/postgres/postgres-sink.ts';
import { describeSink } from './sink-contract.ts';
import { takingTurns } from './sink-signals.ts';

const parts = new AsyncDisposableStack();
afterAll(() => parts.disposeAsync());

async function database(): Promise<Database> {
  const { url } = parts.use(await migratedDatabase(['gateway']));
  const opened = openDatabase({ url });
  parts.defer(() => opened.close());
  return opened;
}

describeSink('the sink in PostgreSQL', async () => postgresSink(await database()));
describeSink('two sinks in one PostgreSQL', async () => {
  const shared = await database();
  return takingTurns([postgresSink(shared), postgresSink(shared)]);
});
