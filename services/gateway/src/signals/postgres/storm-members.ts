import type { Sql } from '@secureconnect/postgres';
import { resourceText } from '../signal.ts';
import type { Draft, Firing } from '../sink.ts';
import { type FoundRequest, foundColumns } from './found-request.ts';

/**
 * Adds a signal to a storm's request; does nothing if it is already in one. The first appearance is
 * part of the key, so a returning signal gets a later one, whatever the clocks say. ON CONFLICT
 * names no index: on any conflict with a concurrent delivery, PostgreSQL restarts the transaction.
 */
export async function insertMember(sql: Sql, requestName: string, draft: Draft): Promise<void> {
  const { signal, receivedAt } = draft;
  await sql.execute(
    `INSERT INTO gateway.storm_members
       (request_name, signal_fingerprint, resource, firing_time, first_seen, last_seen)
     SELECT $1, $2, $3, $4, greatest($5::timestamptz, max(first_seen) + interval '1 microsecond'), $5
     FROM gateway.storm_members WHERE request_name = $1 AND signal_fingerprint = $2
     ON CONFLICT DO NOTHING`,
    [requestName, signal.fingerprint, resourceText(signal), signal.firingAt, receivedAt],
  );
}

/** Counts one more occurrence; undefined if the signal is in no active storm. */
export async function repeatMember(
  sql: Sql,
  { fingerprint, firingAt }: Firing,
  at: Date,
): Promise<FoundRequest | undefined> {
  const rows = await sql.query<FoundRequest>(
    `UPDATE gateway.storm_members AS m
     SET last_seen = greatest(m.last_seen, $2), occurrence_count = m.occurrence_count + 1,
       firing_time = greatest(m.firing_time, $3)
     FROM gateway.remediation_requests AS r
     WHERE m.signal_fingerprint = $1 AND m.closed_at IS NULL AND r.name = m.request_name
     RETURNING ${foundColumns}`,
    [fingerprint, at, firingAt],
  );
  return rows[0];
}

/** Whether a signal is in an active storm. */
export async function isMember(sql: Sql, fingerprint: string): Promise<boolean> {
  const rows = await sql.query(
    'SELECT 1 FROM gateway.storm_members WHERE signal_fingerprint = $1 AND closed_at IS NULL',
    [fingerprint],
  );
  return rows.length > 0;
}

/**
 * Closes a signal of a storm, unless it began after `endedAt`; closes the storm after its last
 * signal.
 */
export async function closeMember(
  sql: Sql,
  fingerprint: string,
  endedAt: Date,
  at: Date,
): Promise<FoundRequest | undefined> {
  const [closed] = await sql.query<FoundRequest>(
    `UPDATE gateway.storm_members AS m SET closed_at = $3
     FROM gateway.remediation_requests AS r
     WHERE m.signal_fingerprint = $1 AND m.closed_at IS NULL AND m.firing_time <= $2
       AND r.name = m.request_name
     RETURNING ${foundColumns}`,
    [fingerprint, endedAt, at],
  );
  if (closed === undefined) return undefined;
  await sql.execute(
    `UPDATE gateway.remediation_requests SET closed_at = $2, overall_phase = 'Resolved'
     WHERE name = $1 AND closed_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM gateway.storm_members WHERE request_name = $1 AND closed_at IS NULL)`,
    [closed.name, at],
  );
  return closed;
}

/** Removes the signals of storms that are being removed. */
export async function removeMembers(sql: Sql, requestNames: readonly string[]): Promise<void> {
  await sql.execute('DELETE FROM gateway.storm_members WHERE request_name = ANY($1::text[])', [
    requestNames,
  ]);
}

/** The resources of storms by their request, in the order of their arrival. */
export async function affectedResources(
  sql: Sql,
  requestNames: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  if (requestNames.length === 0) return new Map();
  const rows = await sql.query<{ request_name: string; resource: string }>(
    `SELECT request_name, resource FROM gateway.storm_members
     WHERE request_name = ANY($1::text[]) ORDER BY first_seen, resource`,
    [requestNames],
  );
  const byRequest = Map.groupBy(rows, (row) => row.request_name);
  return new Map(
    [...byRequest].map(([name, members]) => [name, members.map(({ resource }) => resource)]),
  );
}
