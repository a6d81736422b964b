import pg from 'pg';

/** Writes one statement to a connection: its parse, bind and execute. */
export type Write = (connection: pg.Connection) => void;

export interface Together {
  readonly before: readonly Write[];
  readonly query: {
    /** '' for none. */
    readonly name: string;
    readonly text: string;
    readonly values: readonly unknown[];
  };
  readonly after: readonly Write[];
}

/**
 * Sends several statements in one message, up to one Sync: outside a transaction block, they are one
 * transaction. Resolves to the results of all, in their order; pg prepares and reads the query, and
 * the others are as they are written.
 */
export function submitTogether(
  client: pg.PoolClient,
  { before, query: { name, text, values }, after }: Together,
): Promise<pg.QueryResult[]> {
  const count = before.length + 1 + after.length;
  return new Promise((resolve, reject) => {
    const config = { name, text, values: [...values], queryMode: 'extended' };
    const query = new pg.Query(config, (error: Error | null | undefined, results: unknown) => {
      if (Array.isArray(results) && results.length === count) resolve(results);
      else reject(error ?? new Error('the database did not answer every statement'));
    });
    const { submit } = query;
    query.submit = (connection) => {
      connection.stream.cork();
      for (const write of before) write(connection);
      submit.call(query, connection);
      connection.stream.uncork();
    };
    // By this, pg executes its statement and ends the message.
    const _getRows = (connection: pg.Connection): void => {
      connection.execute({}, true);
      for (const write of after) write(connection);
      connection.sync();
    };
    client.query(Object.assign(query, { _getRows }));
  });
}
