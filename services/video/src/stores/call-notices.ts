import { randomUUID } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import type { CallNotice } from '../calls/notices.ts';
import { type PlannedPush, writePushes } from './call-pushes.ts';

/** How long notices are kept after their call. */
const keptDays = 7;
const sweptAtATime = 1000;

/** A notice with its id and the time of its change. */
export interface StoredNotice extends CallNotice {
  readonly noticeId: string;
  readonly at: Date;
  /** Those to the devices of the user who is told. */
  readonly pushes: readonly PlannedPush[];
}

/**
 * Notes what devices are told of a call, in the transaction of the change, and the pushes that tell
 * it. Returns those that are new: a user is told of the end of a call, and of each answer, once.
 */
export async function noteNotices(
  sql: Sql,
  notices: readonly CallNotice[],
  at: Date,
): Promise<StoredNotice[]> {
  if (notices.length === 0) return [];
  const ids = notices.map(() => randomUUID());
  const noted = await sql.query<{ notice_id: string }>(
    `INSERT INTO video.call_notices
       (notice_id, call_id, user_id, type, from_user, conversation_id, at, data)
     SELECT notice_id, call_id, user_id, type, from_user, conversation_id, $8, data::jsonb
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[])
       AS told (notice_id, call_id, user_id, type, from_user, conversation_id, data)
     ON CONFLICT DO NOTHING RETURNING notice_id`,
    [
      ids,
      notices.map(({ callId }) => callId),
      notices.map(({ userId }) => userId),
      notices.map(({ type }) => type),
      notices.map(({ from }) => from),
      notices.map(({ conversationId }) => conversationId),
      notices.map(({ data }) => JSON.stringify(data)),
      at,
    ],
  );
  const isNew = new Set(noted.map(({ notice_id }) => notice_id));
  const stored = notices.flatMap((notice, index) => {
    const noticeId = ids[index];
    return noticeId !== undefined && isNew.has(noticeId) ? [{ ...notice, noticeId, at }] : [];
  });
  const pushes = await writePushes(sql, stored);
  return stored.map((notice) => ({ ...notice, pushes: pushes.get(notice.noticeId) ?? [] }));
}

/** Removes expired notices of calls that are over. Concurrent sweeps are harmless. */
export async function sweepNotices(sql: Sql): Promise<void> {
  await sql.execute(
    `DELETE FROM video.call_notices WHERE (call_id, user_id, type, from_user) IN (
       SELECT old.call_id, user_id, type, from_user FROM video.call_notices AS old
       WHERE old.at < now() - interval '${keptDays} days' AND NOT EXISTS (
         SELECT 1 FROM video.calls
         WHERE calls.call_id = old.call_id AND calls.status IN ('ringing', 'active'))
       ORDER BY old.at LIMIT ${sweptAtATime})`,
  );
}
