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
 * @param repetitions of different signals
 */
export async function repeatSignals(
  sql: Sql,
  repetitions: readonly Repetition[],
): Promise<(FoundRequest | undefined)[]> {
  const changes = `last_seen = greatest(one.last_seen, given.at),
    occurrence_count = one.occurrence_count + 1,
    firing_time = greatest(one.firing_time, given.firing_at)`;
  const isOne = `one.signal_fingerprint = ANY($1::text[]) AND one.closed_at IS NULL
    AND one.signal_fingerprint = given.fingerprint`;
  const rows = await sql.query<RepeatedRow>(
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
         AS given (fingerprint, at, firing_at)
     ), own AS (
       UPDATE gateway.remediation_requests AS one SET ${changes} FROM given WHERE ${isOne}
       RETURNING one.name, one.signal_fingerprint AS fingerprint
     ), of_storm AS (
       UPDATE gateway.storm_members AS one SET ${changes} FROM given WHERE ${isOne}
         AND NOT EXISTS (SELECT 1 FROM own WHERE own.fingerprint = one.signal_fingerprint)
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
