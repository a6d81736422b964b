import pg from 'pg';
import { sqlState } from './sql-state.ts';
import { isConnectionLost } from './unavailable.ts';

/** A value that PostgreSQL takes as a parameter. */
export type SqlValue = string | number | boolean | Date | Buffer | null | readonly SqlValue[];

/** Where statements go: the pool, or one transaction of it. */
export interface Sql {
  /** Runs one statement; rows come back as the caller describes them. */
  query<Row extends object>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** Runs one statement and says how many rows it changed. */
  execute(text: string, values?: readonly SqlValue[]): Promise<number>;
}

/** How many connections of a pool there are, of these idle, and how many calls wait for one. */
export interface PoolUse {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Database extends Sql {
  /**
   * Runs `work` in one SERIALIZABLE transaction. It is run again from the start when the database
   * asks for that (40001, 40P01), so `work` must have no effect outside that is not idempotent.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** As it is now. */
  poolUse(): PoolUse;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections of this process, at most. Default 10. */
  readonly maxConnections?: number;
  /** A statement that runs longer is cancelled. Default 1500. */
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** CockroachDB's advice for clients: retry a serialization failure with growing, jittered pauses. */
const mostAttempts = 12;
const firstPauseMs = 4;
/** All pauses together last 1.5 s at the mean: callers wait for that long, and not much longer. */
const longestPauseMs = 250;

/** Opens a pool; connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 1500;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 1500,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    // The client's own limit, for a server that does not answer at all.
    query_timeout: statementTimeoutMs + 300,
    idle_in_transaction_session_timeout: 5000,
    application_name: options.applicationName ?? 'secureconnect',
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // The pool listens to idle connections only; without this, one that breaks in the middle of a
  // transaction would end the process. The statement that comes next on it fails with the reason.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const sql = over(pool);
  return {
    ...sql,
    transaction: (work) => withRetries(() => inTransaction(pool, work)),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    poolUse: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
}

function over(client: pg.Pool | pg.PoolClient): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      return (await client.query<Row>(text, [...values])).rows;
    },
    async execute(text, values = []) {
      return (await client.query(text, [...values])).rowCount ?? 0;
    },
  };
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
    const result = await work(over(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = await rollBack(client, error);
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Undoes a transaction that failed with `error`. Returns why the connection is of no more use, where
 * it is not; the server rolls back by itself what it loses. The error that counts is the first one.
 */
async function rollBack(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  // After a statement without an answer there would be none to this one either.
  if (isConnectionLost(error)) return error;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (rollbackError) {
    return rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
  }
}

async function withRetries<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts >= mostAttempts || !mustRetry(error)) throw error;
      const grownMs = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
      const pauseMs = grownMs * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function mustRetry(error: unknown): boolean {
  const code = sqlState(error);
  return code === '40001' || code === '40P01';
}
