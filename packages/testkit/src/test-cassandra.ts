import { freePort } from '@secureconnect/embedded';
import { backendScriptsSkipReason, type OwnServer, startOwnServer } from './own-server.ts';
import { backendScripts } from './sentinel-set.ts';

/** The address of a Cassandra for its driver. */
export interface CassandraAddress {
  /** `host:port`. */
  readonly contactPoints: string;
  readonly localDataCenter: string;
}

/** A test's own Cassandra. */
export interface TestCassandra extends CassandraAddress, OwnServer {}

/** The data centre of the script's single node. */
const localDataCenter = 'datacenter1';
/** Small, because tests share a small machine. */
const smallHeap = '-Xms128m -Xmx512m -XX:+UseSerialGC';

/** Why tests with Cassandra are skipped; '' if they can run. */
export const cassandraSkipReason =
  process.env['TEST_CASSANDRA'] || backendScripts()
    ? ''
    : ' (left out: set TEST_CASSANDRA or SECURECONNECT_BACKENDS)';

/** Why tests that kill it are skipped; '' if they can run. */
export const ownCassandraSkipReason = backendScriptsSkipReason;

/**
 * The Cassandra of `TEST_CASSANDRA` (`host:port`), in which each test creates its own keyspace;
 * default: a test's own Cassandra.
 */
export async function sharedCassandra(): Promise<CassandraAddress & AsyncDisposable> {
  const contactPoints = process.env['TEST_CASSANDRA'];
  if (!contactPoints) return testCassandra();
  return { contactPoints, localDataCenter, [Symbol.asyncDispose]: async () => undefined };
}

/**
 * Starts Cassandra on loopback by the script `cassandra`, in about ten seconds.
 * @param jvmOptions further options of its Java, such as an agent
 */
export async function testCassandra(jvmOptions = ''): Promise<TestCassandra> {
  const [port, storagePort] = [await freePort(), await freePort()];
  const server = await startOwnServer({
    script: 'cassandra',
    folderOption: '--data',
    startOptions: [
      ...['--port', String(port)],
      ...['--storage-port', String(storagePort)],
      '--background',
    ],
    port,
    pidFiles: ['cassandra.pid'],
    environment: { CASSANDRA_JVM_OPTS: `${smallHeap} ${jvmOptions}` },
  });
  return { ...server, contactPoints: `127.0.0.1:${port}`, localDataCenter };
}
