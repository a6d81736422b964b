import {
  type CallParticipantState,
  QUALITY_CONNECTIONS_MAX,
  QUALITY_REPORT_MINUTES,
  type QualityReport,
  type QualitySummary,
} from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { noSuchCall } from '../calls/reach.ts';
import { keepReport, keptReport, reportersPart } from '../stores/call-quality.ts';
import type { Part } from '../stores/live-calls.ts';

/** States of users who have not been in the call. */
const neverInIt: ReadonlySet<CallParticipantState> = new Set(['ringing', 'declined', 'missed']);

/** A report that was taken, or was there already. */
export interface TakenReport {
  /** The number of the newest report on the connection. */
  readonly sequence: number;
  /** What the report has changed; undefined if it is not newer than the stored one. */
  readonly change: { readonly before: QualitySummary | undefined } | undefined;
}

/**
 * Stores what a participant reports on a connection, if it is newer than what is stored.
 * @throws ApiError NOT_FOUND if the user has no part in the call or has left its conversation, or
 * the peer is not in it; CONFLICT if the user has not been in the call, it ended too long ago, or
 * the user has reported on too many connections.
 */
export function reportQuality(
  database: Database,
  part: Part,
  report: QualityReport,
): Promise<TakenReport> {
  return database.transaction(async (sql) => {
    await requireReporter(sql, part, report.peer_id);
    const { report: kept, connections } = await keptReport(sql, part, report.connection_id);
    if (kept !== undefined && kept.sequence >= report.sequence) {
      return { sequence: kept.sequence, change: undefined };
    }
    if (kept === undefined && connections >= QUALITY_CONNECTIONS_MAX) throw tooManyConnections();
    await keepReport(sql, part, report);
    return { sequence: report.sequence, change: { before: kept?.summary } };
  });
}

async function requireReporter(sql: Sql, part: Part, peerId: string | undefined): Promise<void> {
  const reporter = await reportersPart(sql, part, peerId);
  if (reporter?.isMember !== true) throw noSuchCall();
  if (neverInIt.has(reporter.state)) {
    throw new ApiError('CONFLICT', 'You have not been in this call; join it first.');
  }
  if (reporter.isLate) {
    const message = `This call ended over ${QUALITY_REPORT_MINUTES} minutes ago; report earlier.`;
    throw new ApiError('CONFLICT', message);
  }
  if (!reporter.isPeerKnown) {
    throw new ApiError('NOT_FOUND', 'There is no such peer in this call.');
  }
}

function tooManyConnections(): ApiError {
  const message = `You have reported on ${QUALITY_CONNECTIONS_MAX} connections of this call; report on these only.`;
  return new ApiError('CONFLICT', message);
}
