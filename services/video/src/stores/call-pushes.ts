import type { PushKind } from '@secureconnect/contracts';
import { writeEffect } from '@secureconnect/outbox';
import type { Sql } from '@secureconnect/postgres';
import type { CallNotice } from '../calls/notices.ts';
import { outboxSchema } from '../outbox.ts';
import type { PushContent } from '../push/push-content.ts';
import { pushContentOf } from '../push/push-content-of.ts';
import { callPushKind } from '../push/push-effect.ts';

/** A push that a notice has caused. */
export interface PlannedPush {
  readonly effectId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * How long a push waits for the request that caused it to begin it: after this, any instance does.
 */
const beginWithinSeconds = 2;

interface DeviceRow {
  readonly token_id: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly kind: PushKind;
}

/**
 * Writes the pushes of notices about one call, in the transaction of the notices: one for each
 * device of a user for whom the call rings or has rung. Returns them by notice.
 */
export async function writePushes(
  sql: Sql,
  notices: readonly (CallNotice & { readonly noticeId: string })[],
): Promise<ReadonlyMap<string, readonly PlannedPush[]>> {
  const told = notices.flatMap((notice) => {
    const data = pushContentOf(notice);
    return data === undefined ? [] : [{ notice, data }];
  });
  const planned = new Map<string, PlannedPush[]>();
  const [first] = told;
  if (first === undefined) return planned;
  const userIds = told.map(({ notice }) => notice.userId);
  const devices = await devicesOf(sql, first.notice.callId, userIds);
  for (const { notice, data } of told) {
    for (const { token_id, user_id, session_id, kind } of devices) {
      if (user_id !== notice.userId) continue;
      const effectId = await writeEffect(sql, outboxSchema, callPushKind(kind), {
        key: `${notice.noticeId} ${token_id}`,
        payload: { token_id, user_id, data, expires_at: expiryOf(data) },
        ownerId: user_id,
        delaySeconds: beginWithinSeconds,
      });
      if (effectId === undefined) continue;
      const push = { effectId, userId: user_id, sessionId: session_id };
      planned.set(notice.noticeId, [...(planned.get(notice.noticeId) ?? []), push]);
    }
  }
  return planned;
}

/** A device that has rung until then stops by itself. */
const maxEndSeconds = 60;

function expiryOf(data: PushContent): string {
  if (data.type === 'call_ringing') return data.ring_until;
  return new Date(Date.now() + maxEndSeconds * 1000).toISOString();
}

/** The devices of users for whom a call rings or has rung. */
function devicesOf(sql: Sql, callId: string, userIds: readonly string[]): Promise<DeviceRow[]> {
  return sql.query<DeviceRow>(
    `SELECT token_id, user_id, session_id, kind FROM video.push_tokens AS token
     WHERE user_id = ANY($2::uuid[]) AND expires_at > now() AND EXISTS (
       SELECT 1 FROM video.call_notices AS ring
       WHERE ring.call_id = $1 AND ring.user_id = token.user_id AND ring.type = 'call_ringing')
     ORDER BY token_id`,
    [callId, userIds],
  );
}
