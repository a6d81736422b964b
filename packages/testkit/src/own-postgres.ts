import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type PostgresServer, readPidFile, startPostgres } from '@secureconnect/embedded';
import pg from 'pg';

/** A test's own PostgreSQL. */
export interface OwnPostgres extends AsyncDisposable {
  /** The URL of its only database, unchanged by a restart. */
  readonly url: string;
  /** Ends it like a power cut; acknowledged writes are on the disk. */
  kill(): Promise<void>;
  /** Restarts it with its data after a kill. */
  restart(): Promise<void>;
  /** Runs one statement as the superuser, outside of a transaction, and returns its rows. */
  run(statement: string): Promise<Record<string, unknown>[]>;
}

/** Starts a PostgreSQL that a test may kill; other tests share one with `testPostgres`. */
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
    async run(statement) {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(statement)).rows;
      } finally {
        await client.end();
      }
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
