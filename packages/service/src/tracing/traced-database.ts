import type { Database, Sql, SqlValue } from '@secureconnect/postgres';
import { traced } from './tracing.ts';

/** A database whose statements are spans of the trace that they belong to. */
export function tracedDatabase(database: Database): Database {
  return {
    ...database,
    ...tracedSql(database),
    transaction: (work, options) =>
      traced('transaction', { 'db.system.name': 'postgresql' }, () =>
        database.transaction((sql) => work(tracedSql(sql)), options),
      ),
  };
}

function tracedSql(sql: Sql): Sql {
  const statement = <Result>(text: string, run: () => Promise<Result>): Promise<Result> => {
    const operation = /\w+/.exec(text)?.[0] ?? 'statement';
    // Values are parameters, so the text has nothing of a user.
    return traced(operation, { 'db.system.name': 'postgresql', 'db.query.text': text }, run);
  };
  return {
    query: <Row extends object>(text: string, values?: readonly SqlValue[]) =>
      statement(text, () => sql.query<Row>(text, values)),
    execute: (text, values) => statement(text, () => sql.execute(text, values)),
  };
}
