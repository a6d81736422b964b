import pg from 'pg';
import { backendText, type StatementNames } from './statement-names.ts';

/**
 * Limits the following statements of the same transaction, and returns no rows. Not SET LOCAL,
 * which outside a transaction block warns, also in the server's log.
 */
const limitText = "SELECT 1 WHERE set_config('statement_timeout', $1, true) IS NULL";
const limitName = 'limit';
/** The same for the first statement of a connection. */
const firstLimitText = `SELECT ${backendText} WHERE set_config('statement_timeout', $1, true) IS NOT NULL`;

/** Connections whose server has the limit under its name. */
const limitPrepared = new WeakSet<pg.PoolClient>();

export interface LimitedQuery {
  /** The server cancels the statement after this time (SQLSTATE 57014). */
  readonly timeoutMs: number;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs a statement outside a transaction block. Its limit is sent in the same message and applies to
 * this transaction only. That adds no round trip and leaves nothing in the session, which a pooler
 * such as PgBouncer gives to other clients. At the start of a session, PgBouncer would refuse or
 * drop the setting.
 */
export function runLimited(
  client: pg.PoolClient,
  names: StatementNames,
  { timeoutMs, text, values }: LimitedQuery,
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const isFirst = names.isDirect(client) === undefined;
    // pg takes each confirmation of a parse for that of its query, so only one of both is parsed.
    const name = limitPrepared.has(client) ? names.nameOf(client, text) : '';
    // Always the extended protocol, because everything before its Sync is one transaction.
    const config = { name, text, values: [...values], queryMode: 'extended' };
    const query = new pg.Query(config, (error: Error | null | undefined, results: unknown) => {
      const [limit, result] = Array.isArray(results) && results.length === 2 ? results : [];
      if (result === undefined) {
        reject(error ?? new Error('the database answered one statement of two'));
        return;
      }
      if (isFirst) names.hearBackend(client, limit.rows[0]);
      else if (names.isDirect(client) === true) limitPrepared.add(client);
      resolve(result);
    });
    const { submit } = query;
    query.submit = (connection) => {
      connection.stream.cork();
      if (isFirst) limitFirst(connection, timeoutMs);
      else limitAgain(connection, timeoutMs, client, names);
      submit.call(query, connection);
      connection.stream.uncork();
    };
    client.query(query);
  });
}

function limitFirst(connection: pg.Connection, timeoutMs: number): void {
  connection.parse({ name: '', text: firstLimitText, types: [] }, true);
  connection.bind({ values: [String(timeoutMs)] }, true);
  connection.describe({ type: 'P', name: '' }, true);
  connection.execute({}, true);
}

function limitAgain(
  connection: pg.Connection,
  timeoutMs: number,
  client: pg.PoolClient,
  names: StatementNames,
): void {
  const statement = names.isDirect(client) === true ? limitName : '';
  if (!limitPrepared.has(client)) {
    // An earlier statement may have failed after the limit was parsed.
    if (statement !== '') connection.close({ type: 'S', name: statement }, true);
    connection.parse({ name: statement, text: limitText, types: [] }, true);
  }
  connection.bind({ statement, values: [String(timeoutMs)] }, true);
  connection.execute({}, true);
}
