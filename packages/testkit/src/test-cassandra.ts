import { freePort } from '@secureconnect/embedded';
import { backendScriptsSkipReason, type OwnServer, startOwnServer } from './own-server.ts';
import { backendScripts } from './sentinel-set.ts';

/** Where a Cassandra is, as its driver wants it. */
export interface CassandraAddress {
  /** `host:port`. */
  readonly contactPoints: string;
  readonly localDataCenter: string;
}

/** A Cassandra of the test's own, in a process of its own. */
export interface TestCassandra extends CassandraAddress, OwnServer {}

/** The one data centre of the script's single node. */
const localDataCenter = 'datacenter1';
/** Tests share a small machine. */
const smallHeap = '-Xms128m -Xmx512m -XX:+UseSerialGC';

/** Why there is no Cassandra to be had for tests; '' where there is one. */
export const cassandraSkipReason =
  process.env['TEST_CASSANDRA'] || backendScripts()
    ? ''
    : ' (left out: set TEST_CASSANDRA or SECURECONNECT_BACKENDS)';

/** Why there is none that a test may kill; '' where there is one. */
export const ownCassandraSkipReason = backendScriptsSkipReason;

/**
 * The Cassandra that `TEST_CASSANDRA` (`host:port`) names, in which a test makes its own keyspace;
 * else one of the test's own.
 */
export async function sharedCassandra(): Promise<CassandraAddress & AsyncDisposable> {
  const contactPoints = process.env['TEST_CASSANDRA'];
  if (!contactPoints) return testCassandra();
  return { contactPoints, localDataCenter, [Symbol.asyncDispose]: async () => undefined };
}

/** Starts one on loopback by the script `cassandra`; that takes some ten seconds. */
export async function testCassandra(): Promise<TestCassandra> {
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
    environment: { CASSANDRA_JVM_OPTS: smallHeap },
  });
  return { ...server, contactPoints: `127.0.0.1:${port}`, localDataCenter };
}
