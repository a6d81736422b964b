import type pg from 'pg';
import type { StatementNames } from './statement-names.ts';
import { submitTogether, type Write } from './submit-together.ts';

/** A statement that is sent with a different one; its rows are not read. */
export interface Companion {
  /** Its name where the server itself has it prepared. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

export interface FramedQuery {
  readonly before: readonly Companion[];
  readonly text: string;
  readonly values: readonly unknown[];
  readonly after: readonly Companion[];
}

/** The companions that the server of a connection has under their names. */
const preparedOf = new WeakMap<pg.PoolClient, Set<string>>();

/**
 * Runs a statement between its companions in one round trip; the server skips what follows the first
 * of them that fails. `names` must know whether the connection is direct.
 */
export async function runFramed(
  client: pg.PoolClient,
  names: StatementNames,
  { before, text, values, after }: FramedQuery,
): Promise<pg.QueryResult> {
  const isDirect = names.isDirect(client) === true;
  const prepared = preparedOf.get(client) ?? new Set();
  const companions = [...before, ...after];
  // pg takes each confirmation of a parse for that of its query, so not both are parsed and named.
  const isNamed = companions.every(({ name }) => prepared.has(name));
  const write = (companion: Companion): Write =>
    isDirect ? writeNamed(companion, prepared.has(companion.name)) : writeUnnamed(companion);
  const results = await submitTogether(client, {
    before: before.map(write),
    query: { name: isNamed ? names.nameOf(client, text) : '', text, values },
    after: after.map(write),
  });
  if (isDirect) {
    preparedOf.set(client, prepared);
    for (const { name } of companions) prepared.add(name);
  }
  return results[before.length] as pg.QueryResult;
}

function writeNamed({ name, text, values }: Companion, isPrepared: boolean): Write {
  return (connection) => {
    if (!isPrepared) {
      // An earlier statement may have failed after this one was parsed.
      connection.close({ type: 'S', name }, true);
      connection.parse({ name, text, types: [] }, true);
    }
    connection.bind({ statement: name, values: [...values] }, true);
    connection.execute({}, true);
  };
}

function writeUnnamed({ text, values }: Companion): Write {
  return (connection) => {
    connection.parse({ name: '', text, types: [] }, true);
    connection.bind({ values: [...values] }, true);
    connection.execute({}, true);
  };
}
