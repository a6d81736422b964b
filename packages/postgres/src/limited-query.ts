import type pg from 'pg';
import { type Companion, runFramed } from './framed-query.ts';
import { backendText, type StatementNames } from './statement-names.ts';
import { submitTogether } from './submit-together.ts';

/** Limits the following statements of the same transaction; its only value is in milliseconds. */
const limiting = "set_config('statement_timeout', $1, true)";

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
  if (names.isDirect(client) === undefined) {
    return runFirst(client, names, { timeoutMs, text, values });
  }
  return runFramed(client, names, { before: [limitOf(timeoutMs)], text, values, after: [] });
}

/** Not SET LOCAL, which outside a transaction block warns, also in the server's log. */
function limitOf(timeoutMs: number): Companion {
  const text = `SELECT 1 WHERE ${limiting} IS NULL`;
  return { name: 'limit', text, values: [String(timeoutMs)] };
}

/** The same for the first statement of a connection, whose limit also asks what `names` must know. */
async function runFirst(
  client: pg.PoolClient,
  names: StatementNames,
  { timeoutMs, text, values }: LimitedQuery,
): Promise<pg.QueryResult> {
  const limitText = `SELECT ${backendText} WHERE ${limiting} IS NOT NULL`;
  const limit = (connection: pg.Connection): void => {
    connection.parse({ name: '', text: limitText, types: [] }, true);
    connection.bind({ values: [String(timeoutMs)] }, true);
    connection.describe({ type: 'P', name: '' }, true);
    connection.execute({}, true);
  };
  const query = { name: '', text, values };
  const [limited, result] = await submitTogether(client, { before: [limit], query, after: [] });
  names.hearBackend(client, limited?.rows[0]);
  return result as pg.QueryResult;
}
