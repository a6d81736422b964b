import { join } from 'node:path';
import { openDatabase } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import { cassandraMessages } from '../../services/chat/src/stores/cassandra/cassandra-messages.ts';
import { CassandraConnection } from '../../services/chat/src/stores/cassandra/connection.ts';
import { migrateCassandra } from '../../services/chat/src/stores/cassandra/migrate.ts';
import type { MessageStore } from '../../services/chat/src/stores/message-store.ts';
import { postgresMessages } from '../../services/chat/src/stores/postgres/postgres-messages.ts';
import { migratedPostgres } from '../support/servers.ts';
import { cassandraAddress } from './cassandra-server.ts';

/** A store that is measured, with its server; both go when it is disposed of. */
export interface MeasuredStore extends AsyncDisposable {
  readonly name: string;
  readonly store: MessageStore;
  /** Makes these users the members of a new conversation, if the store asks for that. */
  admit(conversationId: string, userIds: readonly string[]): Promise<void>;
  /** To be called when it is filled: what a server does by itself soon after. */
  settle(): Promise<void>;
}

const chat = join(import.meta.dirname, '../../services/chat');
const log = createLogger({ service: 'bench', level: 'fatal' });

/** The embedded PostgreSQL, durable as under `npm start`. */
export async function postgresStore(): Promise<MeasuredStore> {
  await using parts = new AsyncDisposableStack();
  const url = await migratedPostgres(['auth', 'chat'], parts);
  const database = openDatabase({ url });
  parts.defer(() => database.close());
  const [row] = await database.query<{ server_version: string }>('SHOW server_version');
  const name = `PostgreSQL ${row?.server_version ?? ''}`.trim();
  // Autovacuum does so within a minute. Without figures of the table, the planner takes it for tiny
  // and sorts all of it.
  const settle = async (): Promise<void> => {
    const patient = openDatabase({ url, statementTimeoutMs: 60_000 });
    await patient.execute('ANALYZE chat.messages');
    await patient.close();
  };
  const admit = async (conversationId: string, userIds: readonly string[]): Promise<void> => {
    await database.execute(
      `INSERT INTO chat.conversations
         (conversation_id, type, created_by, created_at, updated_at, active_at)
       VALUES ($1, 'group', $2, now(), now(), now())`,
      [conversationId, userIds[0] ?? null],
    );
    await database.execute(
      `INSERT INTO chat.participants
         (conversation_id, user_id, role, joined_at, read_until, read_message_id)
       SELECT $1::uuid, user_id, 'member', now(), now(), user_id FROM unnest($2::uuid[]) AS user_id`,
      [conversationId, userIds],
    );
  };
  return measured({ name, store: postgresMessages(database), admit, settle }, parts);
}

/** One node of Cassandra, in a keyspace of its own, which stays where the server does. */
export async function cassandraStore(): Promise<MeasuredStore> {
  await using parts = new AsyncDisposableStack();
  const address = parts.use(await cassandraAddress());
  const config = {
    contactPoints: [address.contactPoint],
    localDataCenter: 'datacenter1',
    keyspace: `bench_paging_${process.pid}`,
    replicationFactor: 1,
    credentials: undefined,
  };
  await migrateCassandra({ config, directory: join(chat, 'cassandra-migrations') });
  const connection = new CassandraConnection(config, log);
  parts.defer(() => connection.close());
  await connection.start();
  const store = cassandraMessages(connection);
  const nothing = async (): Promise<void> => undefined;
  return measured({ name: 'Cassandra 5, one node', store, admit: nothing, settle: nothing }, parts);
}

function measured(
  store: Omit<MeasuredStore, typeof Symbol.asyncDispose>,
  parts: AsyncDisposableStack,
): MeasuredStore {
  const owned = parts.move();
  return { ...store, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
