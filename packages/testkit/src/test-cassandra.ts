import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@secureconnect/embedded';
import { eventually } from './eventually.ts';
import { refuses } from './refuses.ts';
import { backendScripts, runScript } from './sentinel-set.ts';

/** Where a Cassandra is, as its driver wants it. */
export interface CassandraAddress {
  /** `host:port`. */
  readonly contactPoints: string;
  readonly localDataCenter: string;
}

/** A Cassandra of the test's own, in a process of its own. */
export interface TestCassandra extends CassandraAddress, AsyncDisposable {
  /** Ends it as a power cut would; what it acknowledged is on the disk. */
  kill(): Promise<void>;
  /** It hangs: connections stay, and nothing is answered. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts one that was killed, with its data. */
  restart(): Promise<void>;
}

/** The one data centre of the script's single node. */
const localDataCenter = 'datacenter1';
/** Tests share a small machine. */
const smallHeap = '-Xms128m -Xmx512m -XX:+UseSerialGC';

/** Why there is no Cassandra to be had for tests; '' where there is one. */
export const withoutCassandra =
  process.env['TEST_CASSANDRA'] || backendScripts()
    ? ''
    : ' (left out: set TEST_CASSANDRA or SECURECONNECT_BACKENDS)';

/** Why there is none that a test may kill; '' where there is one. */
export const withoutOwnCassandra = backendScripts()
  ? ''
  : ' (left out: set SECURECONNECT_BACKENDS)';

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
  const scripts = backendScripts();
  if (scripts === undefined) throw new Error('SECURECONNECT_BACKENDS is not set.');
  const script = join(scripts, 'cassandra');
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-cassandra-'));
  const [port, storagePort] = [await freePort(), await freePort()];
  const ports = ['--port', String(port), '--storage-port', String(storagePort)];
  const start = () =>
    runScript(script, ['start', '--data', folder, ...ports, '--background'], {
      CASSANDRA_JVM_OPTS: smallHeap,
    });
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    const [pid] = (await readFile(join(folder, 'cassandra.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), name);
  };
  const stop = async (): Promise<void> => {
    await runScript(script, ['stop', '--data', folder]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    contactPoints: `127.0.0.1:${port}`,
    localDataCenter,
    async kill() {
      await signal('SIGKILL');
      await eventually(() => refuses(port));
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    restart: start,
    async [Symbol.asyncDispose]() {
      // A frozen one would not see that it is to stop; a killed one has no process any more.
      await signal('SIGKILL').catch(() => undefined);
      await stop();
    },
  };
}
