import type { RemediationRequest } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { RequestFilter } from '../sink.ts';
import { type FoundRequest, foundColumns } from './found-request.ts';
import { type RequestRow, remediationRequest, requestColumns } from './request-row.ts';
import { affectedResources, removeMembers } from './storm-members.ts';

/** The active requests of fingerprints, of signals that are in a storm too, by fingerprint. */
export async function findActive(
  sql: Sql,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, FoundRequest>> {
  if (fingerprints.length === 0) return new Map();
  const rows = await sql.query<FoundRequest & { fingerprint: string }>(
    `SELECT r.signal_fingerprint AS fingerprint, ${foundColumns}
     FROM gateway.remediation_requests AS r
     WHERE r.signal_fingerprint = ANY($1::text[]) AND r.closed_at IS NULL
     UNION ALL
     SELECT m.signal_fingerprint AS fingerprint, ${foundColumns}
     FROM gateway.storm_members AS m JOIN gateway.remediation_requests AS r
       ON r.name = m.request_name
     WHERE m.signal_fingerprint = ANY($1::text[]) AND m.closed_at IS NULL`,
    [fingerprints],
  );
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** Closes the active request of a fingerprint, unless it began after `endedAt`. */
export async function closeRequest(
  sql: Sql,
  fingerprint: string,
  endedAt: Date,
  at: Date,
): Promise<FoundRequest | undefined> {
  const rows = await sql.query<FoundRequest>(
    `UPDATE gateway.remediation_requests AS r SET closed_at = $3, overall_phase = 'Resolved'
     WHERE r.signal_fingerprint = $1 AND r.closed_at IS NULL AND r.firing_time <= $2
     RETURNING ${foundColumns}`,
    [fingerprint, endedAt, at],
  );
  return rows[0];
}

export async function findRequest(sql: Sql, name: string): Promise<RemediationRequest | undefined> {
  const rows = await sql.query<RequestRow>(
    `SELECT ${requestColumns} FROM gateway.remediation_requests WHERE name = $1`,
    [name],
  );
  return (await withResources(sql, rows))[0];
}

/** Removes requests that were closed before a time, oldest first; returns their number. */
export async function purgeRequests(
  sql: Sql,
  closedBefore: Date,
  maxCount: number,
): Promise<number> {
  const rows = await sql.query<{ name: string }>(
    `SELECT name FROM gateway.remediation_requests WHERE closed_at < $1
     ORDER BY closed_at LIMIT $2`,
    [closedBefore, maxCount],
  );
  const names = rows.map(({ name }) => name);
  if (names.length === 0) return 0;
  await removeMembers(sql, names);
  return sql.execute('DELETE FROM gateway.remediation_requests WHERE name = ANY($1::text[])', [
    names,
  ]);
}

/** Requests after a position, newest first. */
export async function listRequests(sql: Sql, filter: RequestFilter): Promise<RemediationRequest[]> {
  const { phase, signalName, after, limit } = filter;
  const rows = await sql.query<RequestRow>(
    `SELECT ${requestColumns} FROM gateway.remediation_requests
     WHERE ($1::text IS NULL OR overall_phase = $1) AND ($2::text IS NULL OR signal_name = $2)
       AND ($3::timestamptz IS NULL OR (received_time, name) < ($3, $4::text))
     ORDER BY received_time DESC, name DESC LIMIT $5`,
    [phase ?? null, signalName ?? null, after?.receivedAt ?? null, after?.name ?? null, limit],
  );
  return withResources(sql, rows);
}

async function withResources(sql: Sql, rows: readonly RequestRow[]): Promise<RemediationRequest[]> {
  const storms = rows.filter((row) => row.storm_type !== null).map(({ name }) => name);
  const affected = await affectedResources(sql, storms);
  return rows.map((row) => remediationRequest(row, affected.get(row.name) ?? []));
}
