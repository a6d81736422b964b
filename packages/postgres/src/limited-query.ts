import pg from 'pg';

/**
 * Limits the following statements of the same transaction, and returns no rows. Not SET LOCAL,
 * which outside a transaction block warns, also in the server's log.
 */
const limitText = "SELECT 1 WHERE set_config('statement_timeout', $1, true) IS NULL";

/**
 * Runs a statement outside a transaction block; the server cancels it after `timeoutMs`
 * milliseconds (SQLSTATE 57014). The limit is sent in the same message and applies to this
 * transaction only. That adds no round trip and leaves nothing in the session, which a pooler such
 * as PgBouncer gives to other clients. At the start of a session, PgBouncer would refuse or drop
 * the setting.
 */
export function runLimited(
  client: pg.PoolClient,
  timeoutMs: number,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    // Always the extended protocol, because everything before its Sync is one transaction.
    const config = { text, values: [...values], queryMode: 'extended' };
    const query = new pg.Query(config, (error: Error | null | undefined, results: unknown) => {
      const result = lastOfTwo(results);
      if (result !== undefined) resolve(result);
      else reject(error ?? new Error('the database answered one statement of two'));
    });
    const { submit } = query;
    query.submit = (connection) => {
      connection.stream.cork();
      connection.parse({ name: '', text: limitText, types: [] }, true);
      connection.bind({ values: [String(timeoutMs)] }, true);
      connection.execute({}, true);
      submit.call(query, connection);
      connection.stream.uncork();
    };
    client.query(query);
  });
}

/** The result of the statement; the first result is that of the limit. */
function lastOfTwo(results: unknown): pg.QueryResult | undefined {
  return Array.isArray(results) && results.length === 2 ? results[1] : undefined;
}
