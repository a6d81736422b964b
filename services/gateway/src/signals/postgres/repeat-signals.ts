import type { Sql } from '@secureconnect/postgres';
import type { Firing } from '../sink.ts';
import { type FoundRequest, foundColumns } from './found-request.ts';

/** A delivery of a signal that may have an active request. */
export interface Repetition {
  readonly firing: Firing;
  readonly at: Date;
}

interface RepeatedRow extends FoundRequest {
  readonly fingerprint: string;
}

/**
 * Counts one more occurrence of each signal, all in one statement; undefined for a signal without
 * an active request. A signal's own request comes first: it may be older than the storm. The lists
 * of fingerprints make the database look each up in an index, whatever it believes of the sizes.
 * Rows are locked in the order of their fingerprints, so that gateways that repeat the same signals
 * wait for each other and not in a circle.
 * @param repetitions of different signals
 */
export async function repeatSignals(
  sql: Sql,
  repetitions: readonly Repetition[],
): Promise<(FoundRequest | undefined)[]> {
  const changes = `last_seen = greatest(one.last_seen, given.at),
    occurrence_count = one.occurrence_count + 1,
    firing_time = greatest(one.firing_time, given.firing_at)`;
  const isActive = 'one.signal_fingerprint = ANY($1::text[]) AND one.closed_at IS NULL';
  const rows = await sql.query<RepeatedRow>(
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
         AS given (fingerprint, at, firing_at)
     ), own_locked AS (
       SELECT one.signal_fingerprint AS fingerprint FROM gateway.remediation_requests AS one
       WHERE ${isActive} ORDER BY one.signal_fingerprint FOR UPDATE
     ), own AS (
       UPDATE gateway.remediation_requests AS one SET ${changes}
       FROM given JOIN own_locked USING (fingerprint)
       WHERE ${isActive} AND one.signal_fingerprint = given.fingerprint
       RETURNING one.name, one.signal_fingerprint AS fingerprint
     ), of_storm_locked AS (
       SELECT one.signal_fingerprint AS fingerprint FROM gateway.storm_members AS one
       WHERE ${isActive} AND NOT EXISTS (
         SELECT 1 FROM own WHERE own.fingerprint = one.signal_fingerprint)
       ORDER BY one.signal_fingerprint FOR UPDATE
     ), of_storm AS (
       UPDATE gateway.storm_members AS one SET ${changes}
       FROM given JOIN of_storm_locked USING (fingerprint)
       WHERE ${isActive} AND one.signal_fingerprint = given.fingerprint
       RETURNING one.request_name, one.signal_fingerprint
     ), repeated AS (
       SELECT * FROM own UNION ALL SELECT * FROM of_storm
     )
     SELECT repeated.fingerprint, ${foundColumns}
     FROM repeated JOIN gateway.remediation_requests AS r ON r.name = repeated.name`,
    [
      repetitions.map(({ firing }) => firing.fingerprint),
      repetitions.map(({ at }) => at),
      repetitions.map(({ firing }) => firing.firingAt),
    ],
  );
  const found = new Map(rows.map((row) => [row.fingerprint, row]));
  return repetitions.map(({ firing }) => found.get(firing.fingerprint));
}
