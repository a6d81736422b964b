import type { Sql } from '@secureconnect/postgres';
import { resourceText } from '../signal.ts';
import type { Draft } from '../sink.ts';
import { type FoundRequest, foundColumns } from './found-request.ts';

/** A signal that joins the request of a storm. */
export interface NewMember {
  readonly requestName: string;
  readonly draft: Draft;
}

/** A signal of a storm, by the fingerprint of whose request the storm is found. */
export interface Joining {
  readonly stormFingerprint: string;
  readonly draft: Draft;
}

/** Later than each earlier appearance of the signal, whatever the clocks say. */
const firstSeen = `greatest(new.at, (
  SELECT max(m.first_seen) + interval '1 microsecond' FROM gateway.storm_members AS m
  WHERE m.request_name = new.request_name AND m.signal_fingerprint = new.fingerprint))`;

/**
 * Adds signals to the requests of their storms; does nothing for one that is already in a storm.
 * The first appearance is part of the key, so a returning signal gets a later one. ON CONFLICT names
 * no index: on any conflict with a concurrent delivery, PostgreSQL restarts the transaction.
 */
export async function insertMembers(sql: Sql, members: readonly NewMember[]): Promise<void> {
  if (members.length === 0) return;
  await sql.execute(
    `INSERT INTO gateway.storm_members
       (request_name, signal_fingerprint, resource, firing_time, first_seen, last_seen)
     SELECT new.request_name, new.fingerprint, new.resource, new.firing_time, ${firstSeen}, new.at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
       AS new (request_name, fingerprint, resource, firing_time, at)
     ON CONFLICT DO NOTHING`,
    [members.map(({ requestName }) => requestName), ...columnsOf(members)],
  );
}

/**
 * Adds signals without an active request to storms whose request is active, in one statement, which
 * is all for most signals of a storm. Returns the requests of those that were added, by fingerprint.
 */
export async function joinStorms(
  sql: Sql,
  signals: readonly Joining[],
): Promise<ReadonlyMap<string, FoundRequest>> {
  if (signals.length === 0) return new Map();
  const rows = await sql.query<FoundRequest & { fingerprint: string }>(
    `WITH new AS (
       SELECT r.name AS request_name, given.*
       FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
         AS given (storm_fingerprint, fingerprint, resource, firing_time, at)
       JOIN gateway.remediation_requests AS r ON r.signal_fingerprint = given.storm_fingerprint
       WHERE r.signal_fingerprint = ANY($1::text[]) AND r.closed_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM gateway.remediation_requests AS own
         WHERE own.signal_fingerprint = ANY($2::text[]) AND own.closed_at IS NULL
           AND own.signal_fingerprint = given.fingerprint)
     ), added AS (
       INSERT INTO gateway.storm_members
         (request_name, signal_fingerprint, resource, firing_time, first_seen, last_seen)
       SELECT new.request_name, new.fingerprint, new.resource, new.firing_time, ${firstSeen}, new.at
       FROM new ON CONFLICT DO NOTHING
       RETURNING request_name, signal_fingerprint AS fingerprint
     )
     SELECT added.fingerprint, ${foundColumns}
     FROM added JOIN gateway.remediation_requests AS r ON r.name = added.request_name`,
    [signals.map(({ stormFingerprint }) => stormFingerprint), ...columnsOf(signals)],
  );
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** Fingerprints, resources, starts and arrivals. */
function columnsOf(members: readonly { readonly draft: Draft }[]) {
  const signals = members.map(({ draft }) => draft.signal);
  return [
    signals.map(({ fingerprint }) => fingerprint),
    signals.map(resourceText),
    signals.map(({ firingAt }) => firingAt),
    members.map(({ draft }) => draft.receivedAt),
  ];
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
