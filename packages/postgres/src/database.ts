import pg from 'pg';
import { runLimited } from './limited-query.ts';
import { NoFreeConnection, type PoolUse } from './own-limits.ts';
import { isNameOutdated, StatementNames } from './statement-names.ts';
import { Transaction, type TransactionDeps, type TransactionOptions } from './transaction.ts';
import { isConnectionBroken, noteOutage } from './unavailable.ts';
import { withRetries } from './with-retries.ts';

/** A parameter of a statement. */
export type SqlValue = string | number | boolean | Date | Buffer | null | readonly SqlValue[];

/**
 * Runs statements: on the pool, where each statement is its own transaction and is retried when the
 * database asks for it, or in one transaction.
 */
export interface Sql {
  /** Runs a statement and returns its rows, with the type that the caller declares. */
  query<Row extends object>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** Runs a statement and returns the number of changed rows. */
  execute(text: string, values?: readonly SqlValue[]): Promise<number>;
}

export interface Database extends Sql {
  /**
   * Runs `work` in a transaction, SERIALIZABLE by default, which is retried from the start when the
   * database asks for it (40001, 40P01), for a bounded time; then it rejects with an error that
   * counts as an unavailable database. Effects of `work` outside the transaction must therefore be
   * idempotent.
   */
  transaction<Result>(
    work: (sql: Sql) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /**
   * Statements that are each a SERIALIZABLE transaction of its own, retried in the same way, in one
   * round trip. As after a lost reply to COMMIT, nobody knows the outcome of one whose connection
   * broke: the statement must be one that may be repeated.
   */
  readonly serializable: Sql;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** The current use of the pool. */
  poolUse(): PoolUse;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Maximum connections of this process. Default 10. */
  readonly maxConnections?: number;
  /** Maximum wait for a connection, a new one or one that is in use. Default 1500. */
  readonly connectTimeoutMs?: number;
  /** Maximum duration of a statement, after which it is cancelled. Default 1500. */
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
  /** Called with each error that a call rejects with. */
  readonly onFailure?: (error: unknown) => void;
  /** Called for connections that break while idle; the pool replaces them. */
  readonly onIdleError?: (error: Error) => void;
  /** Called for every new connection. */
  readonly onConnected?: () => void;
}

/**
 * The time limit of all attempts at one call, in time limits of a statement: the pauses between them
 * take about one, and the attempts get the other. No request has a deadline of its own.
 */
const retryLimits = 2;

/** The client's time limit exceeds the server's by this, for a server that does not answer. */
const answerSlackMs = 300;

/**
 * Opens a pool, which connects at first use. The server enforces the limits, which are sent with
 * each statement or transaction. Nothing is kept in a session except, on connections to the server
 * itself, the names of statements, so PgBouncer's transaction mode works.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { onFailure, connectTimeoutMs = 1500, statementTimeoutMs = 1500 } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    query_timeout: statementTimeoutMs + answerSlackMs,
    application_name: options.applicationName ?? 'secureconnect',
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // The pool handles errors of idle connections only. Without this handler, a connection that
  // breaks in a transaction would end the process. Its next statement fails with the reason.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    options.onConnected?.();
  });
  const names = new StatementNames();
  const poolUse = (): PoolUse => ({
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  });
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw isPoolWait(error) ? new NoFreeConnection(connectTimeoutMs, poolUse()) : error;
    }
  };
  const retried = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    try {
      return await withRetries(attempt, retryLimits * statementTimeoutMs);
    } catch (error) {
      noteOutage(error);
      onFailure?.(error);
      throw error;
    }
  };
  const sql = over((text, values) =>
    retried(() =>
      withClient(connect, (client) =>
        runLimited(client, names, { timeoutMs: statementTimeoutMs, text, values }),
      ),
    ),
  );
  const transact = <Result>(
    isolation: TransactionDeps['isolation'],
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> =>
    retried(() =>
      withClient(connect, (client, discard) =>
        inTransaction({ client, names, isolation, statementTimeoutMs, discard }, work),
      ),
    );
  return {
    ...sql,
    transaction: (work, { isolation = 'SERIALIZABLE' } = {}) =>
      transact(isolation, async (transaction) => {
        const result = await work(over((text, values) => transaction.run(text, values)));
        await transaction.commit();
        return result;
      }),
    serializable: over((text, values) =>
      transact('SERIALIZABLE', (transaction) => transaction.runAlone(text, values)),
    ),
    ping: async () => {
      await sql.query('SELECT 1');
    },
    poolUse,
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

/** pg-pool says so only to a call that has waited for a connection of others. */
function isPoolWait(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

/** Makes the pool close a connection for this reason. */
type Discard = (why: Error) => void;

/** Runs `work` on a connection of the pool, which closes it if it is broken. */
async function withClient<Result>(
  connect: () => Promise<pg.PoolClient>,
  work: (client: pg.PoolClient, discard: Discard) => Promise<Result>,
): Promise<Result> {
  const client = await connect();
  let broken: Error | undefined;
  const discard: Discard = (why) => {
    broken = why;
  };
  try {
    return await work(client, discard);
  } catch (error) {
    if (isConnectionBroken(error) || isNameOutdated(error)) discard(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function inTransaction<Result>(
  deps: TransactionDeps,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const transaction = new Transaction(deps);
  try {
    return await work(transaction);
  } catch (error) {
    await transaction.rollBack(error);
    throw error;
  }
}
