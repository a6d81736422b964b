import {
  type CallParticipantState,
  QUALITY_REPORT_MINUTES,
  type QualityReport,
  type QualitySummary,
} from '@secureconnect/contracts';
import { repeatWhileFull, type Sql } from '@secureconnect/postgres';
import type { Part } from './live-calls.ts';
import { isMember, queryViews } from './membership.ts';

const keptDays = 30;
/** The number of rows removed by one statement; a long statement would block others. */
const batchSize = 1000;

/** What decides whether a user may report on a connection of a call. */
export interface ReportersPart {
  readonly state: CallParticipantState;
  readonly isMember: boolean;
  /** Whether the call ended too long ago. */
  readonly isLate: boolean;
  /** Whether the peer, if one is named, is a different participant. */
  readonly isPeerKnown: boolean;
}

/** Undefined if the user is no participant. */
export async function reportersPart(
  sql: Sql,
  { callId, userId }: Part,
  peerId: string | undefined,
): Promise<ReportersPart | undefined> {
  const [row] = await queryViews<{
    state: CallParticipantState;
    is_member: boolean;
    is_late: boolean;
    is_peer_known: boolean;
  }>(
    sql,
    `SELECT part.state, ${isMember('calls.conversation_id', 'part.user_id')} AS is_member,
       coalesce(ended_at < now() - interval '${QUALITY_REPORT_MINUTES} minutes', false) AS is_late,
       $3::uuid IS NULL OR EXISTS (
         SELECT 1 FROM video.call_participants AS peer
         WHERE peer.call_id = part.call_id AND peer.user_id = $3 AND peer.user_id <> part.user_id)
         AS is_peer_known
     FROM video.calls JOIN video.call_participants AS part USING (call_id)
     WHERE call_id = $1 AND part.user_id = $2`,
    [callId, userId, peerId ?? null],
  );
  if (row === undefined) return undefined;
  const { state, is_member: isIn, is_late: isLate, is_peer_known: isPeerKnown } = row;
  return { state, isMember: isIn, isLate, isPeerKnown };
}

/** The newest report on a connection. */
export interface KeptReport {
  readonly sequence: number;
  readonly summary: QualitySummary;
}

/** The newest report on a connection of a user, and the number of the user's connections. */
export async function keptReport(
  sql: Sql,
  { callId, userId }: Part,
  connectionId: string,
): Promise<{ readonly report: KeptReport | undefined; readonly connections: number }> {
  const rows = await sql.query<{
    connection_id: string;
    sequence: string;
    summary: QualitySummary;
  }>(
    `SELECT connection_id, sequence::text AS sequence, summary FROM video.call_quality
     WHERE call_id = $1 AND user_id = $2`,
    [callId, userId],
  );
  const row = rows.find(({ connection_id }) => connection_id === connectionId);
  const report = row && { sequence: Number(row.sequence), summary: row.summary };
  return { report, connections: rows.length };
}

/** Stores a report in the place of the earlier one on its connection. */
export async function keepReport(
  sql: Sql,
  { callId, userId }: Part,
  { connection_id, sequence, peer_id, summary }: QualityReport,
): Promise<void> {
  await sql.execute(
    `INSERT INTO video.call_quality
       (call_id, user_id, connection_id, sequence, peer_id, reported_at, summary)
     VALUES ($1, $2, $3, $4, $5, now(), $6::jsonb)
     ON CONFLICT (call_id, user_id, connection_id) DO UPDATE
     SET sequence = excluded.sequence, peer_id = excluded.peer_id,
       reported_at = excluded.reported_at, summary = excluded.summary`,
    [callId, userId, connection_id, sequence, peer_id ?? null, JSON.stringify(summary)],
  );
}

/** Removes reports that are older than 30 days; returns their number. */
export function removeOldReports(sql: Sql): Promise<number> {
  return repeatWhileFull(batchSize, () =>
    sql.execute(
      `DELETE FROM video.call_quality WHERE (call_id, user_id, connection_id) IN (
         SELECT call_id, user_id, connection_id FROM video.call_quality
         WHERE reported_at < now() - interval '${keptDays} days'
         ORDER BY reported_at LIMIT ${batchSize})`,
    ),
  );
}
