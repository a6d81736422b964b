import type { types } from 'cassandra-driver';
import { CannotLook } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';

const timeoutMs = 4000;
/** As chat's default. */
const defaultKeyspace = 'secureconnect_chat';

/** Everything that the checks of Cassandra look at. */
export interface CassandraSurvey {
  /** Why it does not answer; undefined if it does. */
  readonly reason: string | undefined;
  readonly keyspace: string;
  /** Copies of each message in the data centre of chat; undefined if there is no such keyspace. */
  readonly copies: number | undefined;
  /** Whether a write is in the log on disk before it is acknowledged by a node. */
  readonly isDurable: boolean;
  /** Nodes in the data centre of chat, and those of them that are up. */
  readonly nodes: number;
  readonly nodesUp: number;
}

/** Asks Cassandra as chat does. Throws CannotLook if messages are not there. */
export async function surveyCassandra(settings: Settings): Promise<CassandraSurvey> {
  const contactPoints = settings.list('CASSANDRA_CONTACT_POINTS');
  if (contactPoints.length === 0) {
    throw new CannotLook('CASSANDRA_CONTACT_POINTS is not set: messages are in SQL');
  }
  const localDataCenter = settings.get('CASSANDRA_LOCAL_DATACENTER');
  if (localDataCenter === undefined) throw new CannotLook('CASSANDRA_LOCAL_DATACENTER is not set');
  const keyspace = settings.get('CASSANDRA_KEYSPACE') ?? defaultKeyspace;
  // Large, and few deployments need it.
  const { default: driver } = await import('cassandra-driver');
  const username = settings.get('CASSANDRA_USERNAME');
  const password = settings.get('CASSANDRA_PASSWORD') ?? '';
  const client = new driver.Client({
    ...{ contactPoints, localDataCenter },
    ...(username === undefined
      ? {}
      : { authProvider: new driver.auth.PlainTextAuthProvider(username, password) }),
    socketOptions: { connectTimeout: timeoutMs, readTimeout: timeoutMs },
    queryOptions: { consistency: driver.types.consistencies.localOne },
  });
  try {
    await client.connect();
    const { rows } = await client.execute(
      'SELECT replication, durable_writes FROM system_schema.keyspaces WHERE keyspace_name = ?',
      [keyspace],
      { prepare: true },
    );
    const nodes = client.hosts.values().filter(({ datacenter }) => datacenter === localDataCenter);
    return {
      ...{ reason: undefined, keyspace, nodes: nodes.length },
      nodesUp: nodes.filter((node) => node.isUp()).length,
      ...keyspaceOf(rows[0], localDataCenter),
    };
  } catch (error) {
    const none = { copies: undefined, isDurable: true, nodes: 0, nodesUp: 0 };
    return { ...none, keyspace, reason: innermost(error) };
  } finally {
    await client.shutdown();
  }
}

/** `{ class: …NetworkTopologyStrategy, datacenter1: 3 }` or `{ class: …SimpleStrategy, replication_factor: 3 }` */
function keyspaceOf(row: types.Row | undefined, localDataCenter: string) {
  if (row === undefined) return { copies: undefined, isDurable: true };
  const replication: unknown = row['replication'];
  const fields = typeof replication === 'object' && replication !== null ? replication : {};
  const values = new Map<string, unknown>(Object.entries(fields));
  const copies = Number(values.get(localDataCenter) ?? values.get('replication_factor') ?? 0);
  return { copies, isDurable: row['durable_writes'] !== false };
}

/** The driver's own error says only that no host answered, and keeps the reasons by host. */
function innermost(error: unknown): string {
  const inner: unknown = error instanceof Error && 'innerErrors' in error ? error.innerErrors : {};
  const [first] = typeof inner === 'object' && inner !== null ? Object.values(inner) : [];
  return reasonOf(first ?? error);
}
