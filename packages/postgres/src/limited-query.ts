import pg from 'pg';

/**
 * Limits the statements that follow in the same transaction, and returns no row. As a function and
 * not as SET LOCAL: outside a block that one warns, in the server's log too.
 */
const limitText = "SELECT 1 WHERE set_config('statement_timeout', $1, true) IS NULL";

/**
 * Runs one statement outside a transaction block, which the server cancels after `timeoutMs`
 * milliseconds (SQLSTATE 57014). The limit goes ahead in the same message and holds for that one
 * transaction: no round trip is added, and nothing is left behind in a session, which a pooler such
 * as PgBouncer gives to somebody else. Told at the start of a session it would be refused or dropped
 * there.
 */
export function runLimited(
  client: pg.PoolClient,
  timeoutMs: number,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    // The extended protocol also where there are no values: up to its Sync all is one transaction.
    const config = { text, values: [...values], queryMode: 'extended' };
    const query = new pg.Query(config, (error: Error | null | undefined, results: unknown) => {
      const result = lastOfTwo(results);
      if (result !== undefined) resolve(result);
      else reject(error ?? new Error('the database answered to one statement and was sent two'));
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

/** The result of the statement, which comes after that of the limit. */
function lastOfTwo(results: unknown): pg.QueryResult | undefined {
  return Array.isArray(results) && results.length === 2 ? results[1] : undefined;
}
