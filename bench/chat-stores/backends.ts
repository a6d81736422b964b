import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from '@secureconnect/embedded';
import { migrate, openDatabase } from '@secureconnect/postgres';
import type { Settings } from '../chat/subjects/subject.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';

/** The database of all subjects, durable as under `npm start`. */
export interface StoringBackends extends AsyncDisposable {
  readonly settings: Omit<Settings, 'redisUrl'>;
  readonly databasePid: number;
  /** Has the database write out what earlier measurements left. */
  checkpoint(): Promise<void>;
}

const services = join(import.meta.dirname, '../../services');
const checkpointTimeoutMs = 30_000;

export async function startStoringBackends(): Promise<StoringBackends> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const dataDir = join(folder.path, 'postgres');
  const server = await startPostgres({ dataDir });
  parts.defer(() => server.stop());
  const { url: databaseUrl } = server;
  for (const schema of ['auth', 'chat']) {
    await migrate({ databaseUrl, schema, directory: join(services, schema, 'migrations') });
  }
  const options = { url: databaseUrl, maxConnections: 1, statementTimeoutMs: checkpointTimeoutMs };
  const database = openDatabase(options);
  parts.defer(() => database.close());
  const jwtSecret = randomBytes(32).toString('base64');
  const owned = parts.move();
  return {
    settings: { databaseUrl, jwtSecret, cassandra: undefined },
    databasePid: server.pid,
    async checkpoint() {
      await database.execute('CHECKPOINT');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
