import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Database, migrate, openDatabase } from '@secureconnect/postgres';
import { createLogger, type Identity } from '@secureconnect/service';
import { testPostgres } from '@secureconnect/testkit';
import { RevocationSnapshot } from '../src/index.ts';

const directory = join(import.meta.dirname, '../../../services/auth/migrations');

/** Auth's schema in the test's own database, and operations on it. */
export interface Revocations extends AsyncDisposable {
  readonly database: Database;
  readonly logLines: string[];
  /** How often the snapshots have read the revocations. */
  readonly reads: () => number;
  snapshot(options?: { refreshMs?: number }): RevocationSnapshot;
  /** Stores a revocation; returns its end in Unix milliseconds. */
  revoke(id: string, seconds?: number): Promise<number>;
  /** Hides the view, so that revocations cannot be read until `show`. */
  hide(): Promise<void>;
  show(): Promise<void>;
}

export async function startRevocations(): Promise<Revocations> {
  const stack = new AsyncDisposableStack();
  const { url } = stack.use(await testPostgres());
  await migrate({ databaseUrl: url, schema: 'auth', directory });
  const database = openDatabase({ url });
  stack.defer(() => database.close());
  const logLines: string[] = [];
  const write = (line: string): unknown => logLines.push(line);
  const log = createLogger({ service: 'tokens', level: 'info', write });
  let reads = 0;
  const counted: Database = {
    ...database,
    query: (text, values) => {
      if (text.includes('auth.revoked_tokens')) reads += 1;
      return database.query(text, values);
    },
  };
  return {
    database,
    logLines,
    reads: () => reads,
    snapshot({ refreshMs = 60_000 } = {}) {
      const snapshot = new RevocationSnapshot({ database: counted, log, refreshMs });
      stack.defer(() => snapshot.stop());
      return snapshot;
    },
    async revoke(id, seconds = 60) {
      const end = Date.now() + seconds * 1000;
      await database.execute('INSERT INTO auth.revocations VALUES ($1, $2, $3)', [
        id,
        new Date(end),
        'test',
      ]);
      return end;
    },
    async hide() {
      await database.execute('ALTER VIEW auth.revoked_tokens RENAME TO hidden_tokens');
    },
    async show() {
      await database.execute('ALTER VIEW auth.hidden_tokens RENAME TO revoked_tokens');
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A new identity with a unique token. */
export function newIdentity(): Identity {
  return {
    userId: randomUUID(),
    sessionId: randomUUID(),
    tokenId: randomUUID(),
    role: 'user',
    issuedAtMs: Date.now(),
    expiresAtMs: Date.now() + 60_000,
    degraded: false,
  };
}
