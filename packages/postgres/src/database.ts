import pg from 'pg';
import { runLimited } from './limited-query.ts';
import { sqlState } from './sql-state.ts';
import { isConnectionBroken } from './unavailable.ts';

/** A value that PostgreSQL takes as a parameter. */
export type SqlValue = string | number | boolean | Date | Buffer | null | readonly SqlValue[];

/**
 * Where statements go: the pool, or one transaction of it. By itself each is a transaction, which is
 * run again when the database asks for that.
 */
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
  /** Told of every new connection. */
  readonly onConnected?: () => void;
}

/** CockroachDB's advice for clients: retry a serialization failure with growing, jittered pauses. */
const maxAttempts = 12;
const firstPauseMs = 4;
/** All pauses together last 1.5 s at the mean: callers wait for that long, and not much longer. */
const maxPauseMs = 250;

/** A transaction in which nothing is asked for so long is ended by the server. */
const idleInTransactionMs = 5000;
/** What the client allows over the server's own limit, for a server that does not answer at all. */
const answerSlackMs = 300;

/**
 * Opens a pool; connects when first used. The server itself enforces the limits, told of them with
 * each statement or transaction: nothing is kept in a session, so a pooler that hands sessions on from
 * one transaction to the next may stand between (PgBouncer's transaction mode).
 */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 1500;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 1500,
    idleTimeoutMillis: 30_000,
    query_timeout: statementTimeoutMs + answerSlackMs,
    application_name: options.applicationName ?? 'secureconnect',
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // The pool listens to idle connections only; without this, one that breaks in the middle of a
  // transaction would end the process. The statement that comes next on it fails with the reason.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    options.onConnected?.();
  });
  const sql = over((text, values) =>
    withRetries(() =>
      withClient(pool, (client) => runLimited(client, statementTimeoutMs, text, values)),
    ),
  );
  return {
    ...sql,
    transaction: (work) =>
      withRetries(() =>
        withClient(pool, (client, discard) =>
          inTransaction(client, statementTimeoutMs, work, discard),
        ),
      ),
    ping: async () => {
      await sql.query('SELECT 1');
    },
    poolUse: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
}

type Run = (text: string, values: readonly SqlValue[]) => Promise<pg.QueryResult>;

function over(run: Run): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly SqlValue[] = []) {
      const { rows }: pg.QueryResult<Row> = await run(text, values);
      return rows;
    },
    async execute(text, values = []) {
      return (await run(text, values)).rowCount ?? 0;
    },
  };
}

/** Has the pool close a connection, for this reason, and not use it again. */
type Discard = (why: Error) => void;

/** Runs `work` on a connection of the pool, which closes it where it is of no more use. */
async function withClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, discard: Discard) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const discard: Discard = (why) => {
    broken = why;
  };
  try {
    return await work(client, discard);
  } catch (error) {
    if (isConnectionBroken(error)) discard(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function inTransaction<Result>(
  client: pg.PoolClient,
  statementTimeoutMs: number,
  work: (sql: Sql) => Promise<Result>,
  discard: Discard,
): Promise<Result> {
  try {
    // In one message, and so in one round trip.
    await client.query(
      `BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL statement_timeout = ${statementTimeoutMs}; ` +
        `SET LOCAL idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
    );
    const result = await work(over((text, values) => client.query(text, [...values])));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The server rolls back by itself what it loses. After a statement without an answer there would
    // be none to this one either.
    if (!isConnectionBroken(error)) await rollBack(client, discard);
    throw error;
  }
}

/** The error that counts is the one before; one of this says that the connection is of no more use. */
async function rollBack(client: pg.PoolClient, discard: Discard): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } catch (error) {
    discard(error instanceof Error ? error : new Error('rollback failed'));
  }
}

async function withRetries<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts >= maxAttempts || !mustRetry(error)) throw error;
      const grownMs = Math.min(firstPauseMs * 2 ** (attempts - 1), maxPauseMs);
      const pauseMs = grownMs * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function mustRetry(error: unknown): boolean {
  const code = sqlState(error);
  return code === '40001' || code === '40P01';
}
