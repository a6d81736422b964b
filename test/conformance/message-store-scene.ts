import { cassandraSkipReason, sharedCassandra } from '@secureconnect/testkit';
import {
  type MessageRow,
  messageColumns,
  toStored,
} from '../../services/chat/src/stores/cassandra/message-rows.ts';
import { migrateCassandra } from '../../services/chat/src/stores/cassandra/migrate.ts';
import {
  adminClient,
  freshKeyspace,
  migrationsDirectory,
} from '../../services/chat/test/message-store/cassandra-store.ts';
import { Network } from '../support/network.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import type { DependencyScene } from './dependency-scene.ts';

/** The Cassandra of all scenes of a file: it takes long to start, and its tables to be made. */
interface Ground {
  readonly environment: NodeJS.ProcessEnv;
  /** Between chat and Cassandra. */
  readonly network: Network;
  /** All messages, read past that network. */
  messages(): Promise<readonly object[]>;
}

const opened = new AsyncDisposableStack();
let ground: Promise<Ground> | undefined;

/** To be called when the last scene of the file is over. */
export function closeMessageStore(): Promise<void> {
  return opened.disposeAsync();
}

async function layGround(): Promise<Ground> {
  const { contactPoints, localDataCenter } = opened.use(await sharedCassandra());
  const config = freshKeyspace({ contactPoints, localDataCenter });
  await migrateCassandra({ config, directory: migrationsDirectory });
  const client = opened.adopt(await adminClient(config), (one) => one.shutdown());
  opened.defer(async () => {
    await client.execute(`DROP KEYSPACE ${config.keyspace}`);
  });
  const network = opened.use(await Network.to(Number(contactPoints.split(':').at(-1))));
  return {
    network,
    environment: {
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${network.port}`,
      CASSANDRA_LOCAL_DATACENTER: localDataCenter,
      CASSANDRA_KEYSPACE: config.keyspace,
    },
    async messages() {
      const { rows } = await client.execute(
        `SELECT ${messageColumns} FROM ${config.keyspace}.messages`,
      );
      return rows.map((row) => ({ ...toStored(row as unknown as MessageRow), words: [] }));
    },
  };
}

/** Writes the messages to the table in SQL, which chat does not use then: effects are counted there. */
function mirrorOf(
  { databaseUrl }: Stack,
  { messages }: Ground,
  parts: AsyncDisposableStack,
): () => Promise<void> {
  const database = openTestDatabase(databaseUrl, { maxConnections: 1 });
  parts.defer(() => database.close());
  return async () => {
    await database.execute(
      `INSERT INTO chat.messages
       SELECT * FROM jsonb_populate_recordset(NULL::chat.messages, $1)
       ON CONFLICT (message_id) DO UPDATE SET content = excluded.content,
         edited_at = excluded.edited_at, deleted_at = excluded.deleted_at,
         reactions = excluded.reactions`,
      [JSON.stringify(await messages())],
    );
  };
}

export const messageStoreScene: DependencyScene = {
  faults: [
    { dependency: 'message_store', name: 'its Cassandra refuses connections' },
    { dependency: 'message_store', name: 'its Cassandra hangs' },
  ],
  leastRows: { message_store: 5 },
  what: 'a Cassandra',
  skipReason: cassandraSkipReason,
  serves: () => true,
  async open(parts) {
    ground ??= layGround();
    const laid = await ground;
    const stack = parts.use(await startStack(laid.environment));
    const switches = {
      'its Cassandra refuses connections': laid.network.fault('cut'),
      'its Cassandra hangs': laid.network.fault('silent'),
    };
    return { stack, switches, mirror: mirrorOf(stack, laid, parts) };
  },
};
