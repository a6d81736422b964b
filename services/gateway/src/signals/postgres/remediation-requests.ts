import type { RemediationRequest } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import {
  type Draft,
  type Firing,
  fallbackNamespace,
  type RequestFilter,
  type StormRef,
} from '../sink.ts';
import { type FoundRequest, foundColumns } from './found-request.ts';
import { type RequestRow, remediationRequest, requestColumns } from './request-row.ts';
import { affectedResources, removeMembers } from './storm-members.ts';

/** A request to create, under a unique name. */
export interface NewRequest {
  readonly name: string;
  readonly fingerprint: string;
  readonly draft: Draft;
  readonly storm: StormRef | undefined;
  readonly previousName: string | undefined;
}

/**
 * Creates a request; undefined if its fingerprint has an active one. A unique index decides between
 * concurrent creations.
 */
export async function insertRequest(
  sql: Sql,
  request: NewRequest,
): Promise<FoundRequest | undefined> {
  const { signal, triage, receivedAt } = request.draft;
  const rows = await sql.query<FoundRequest>(
    `INSERT INTO gateway.remediation_requests AS r
       (name, namespace, signal_fingerprint, signal_name, severity, environment, priority,
        remediation_path, signal_type, signal_source, target_type, firing_time, received_time,
        last_seen, storm_type, storm_window, signal_labels, signal_annotations, provider_data,
        original_payload, previous_request, cut_fields)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'kubernetes', $11, $12, $12, $13, $14,
       $15::jsonb, $16::jsonb, $17::jsonb, $18, $19, $20::jsonb)
     ON CONFLICT (signal_fingerprint) WHERE closed_at IS NULL DO NOTHING
     RETURNING ${foundColumns}`,
    [
      request.name,
      signal.namespace ?? fallbackNamespace,
      request.fingerprint,
      signal.name,
      signal.severity,
      triage.environment,
      triage.priority,
      triage.remediationPath,
      signal.type,
      signal.source,
      signal.firingAt,
      receivedAt,
      request.storm?.type ?? null,
      request.storm?.id ?? null,
      JSON.stringify(signal.labels),
      JSON.stringify(signal.annotations),
      JSON.stringify(signal.providerData),
      signal.originalPayload,
      request.previousName ?? null,
      JSON.stringify(signal.cutFields),
    ],
  );
  return rows[0];
}

/** The name of a fingerprint's last request. */
export async function previousName(sql: Sql, fingerprint: string): Promise<string | undefined> {
  const rows = await sql.query<{ name: string }>(
    `SELECT name FROM gateway.remediation_requests WHERE signal_fingerprint = $1
     ORDER BY received_time DESC LIMIT 1`,
    [fingerprint],
  );
  return rows[0]?.name;
}

/** Counts one more occurrence; undefined if the fingerprint has no active request. */
export async function repeatRequest(
  sql: Sql,
  { fingerprint, firingAt }: Firing,
  at: Date,
): Promise<FoundRequest | undefined> {
  const rows = await sql.query<FoundRequest>(
    `UPDATE gateway.remediation_requests AS r
     SET last_seen = greatest(r.last_seen, $2), occurrence_count = r.occurrence_count + 1,
       firing_time = greatest(r.firing_time, $3)
     WHERE r.signal_fingerprint = $1 AND r.closed_at IS NULL RETURNING ${foundColumns}`,
    [fingerprint, at, firingAt],
  );
  return rows[0];
}

/** The active request of a fingerprint. */
export async function findActive(sql: Sql, fingerprint: string): Promise<FoundRequest | undefined> {
  const rows = await sql.query<FoundRequest>(
    `SELECT ${foundColumns} FROM gateway.remediation_requests r
     WHERE r.signal_fingerprint = $1 AND r.closed_at IS NULL`,
    [fingerprint],
  );
  return rows[0];
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
