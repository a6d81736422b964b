import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type PostgresServer, readPidFile, startPostgres } from '@secureconnect/embedded';

/** A PostgreSQL of the test's own, in processes of its own. */
export interface OwnPostgres extends AsyncDisposable {
  /** Of its one database; the same after a restart. */
  readonly url: string;
  /** Ends it as a power cut would; what it acknowledged is on the disk. */
  kill(): Promise<void>;
  /** Starts one that was killed, with its data. */
  restart(): Promise<void>;
}

/** Starts one that a test may kill; others share that of the run, by `testPostgres`. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'secureconnect-own-postgres-'));
  const port = await freePort();
  let server: PostgresServer = await startPostgres({ dataDir, port });
  return {
    url: server.url,
    async kill() {
      const pid = readPidFile(join(dataDir, 'data/postmaster.pid'));
      if (pid === undefined) throw new Error('PostgreSQL has written no pid');
      process.kill(pid, 'SIGKILL');
      await server.ended;
    },
    async restart() {
      server = await startPostgres({ dataDir, port });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
