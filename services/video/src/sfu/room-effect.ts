import { randomUUID } from 'node:crypto';
import { type EffectKind, writeEffect } from '@secureconnect/outbox';
import type { Sql } from '@secureconnect/postgres';
import { z } from 'zod';
import { type CallRecord, isLive } from '../calls/call.ts';
import { outboxSchema } from '../outbox.ts';

const RoomPayload = z.object({
  call_id: z.uuid(),
  /** The call is over for good, and may be erased meanwhile. */
  is_over: z.boolean(),
});
type RoomPayload = z.infer<typeof RoomPayload>;

/**
 * The room of a call is to be compared with the call. The pauses are 1, 4, 16 and 64 s, then five
 * minutes: the retries outlast an outage of two hours, and the checks of rooms any outage.
 */
export const roomKind: EffectKind<RoomPayload> = {
  name: 'sfu_room',
  payload: RoomPayload,
  retry: { maxTries: 28, firstPauseSeconds: 1, maxPauseSeconds: 300 },
};

/** Writes the comparison of a room for a cause. Returns false if that cause is known already. */
export async function writeRoomEffect(
  sql: Sql,
  key: string,
  { callId, isOver }: { readonly callId: string; readonly isOver: boolean },
): Promise<boolean> {
  const payload = { call_id: callId, is_over: isOver };
  return (await writeEffect(sql, outboxSchema, roomKind, { key, payload })) !== undefined;
}

/**
 * In the transaction of a change: if the call has ended or somebody is no longer in it, its room
 * follows.
 */
export async function noteRoomChange(sql: Sql, before: CallRecord, after: CallRecord) {
  if (after.topology !== 'sfu') return;
  const isOver = isLive(before) && !isLive(after);
  const inBefore = joinedIds(before);
  const inAfter = new Set(joinedIds(after));
  if (!isOver && inBefore.every((userId) => inAfter.has(userId))) return;
  await writeRoomEffect(sql, `change:${randomUUID()}`, { callId: after.callId, isOver });
}

function joinedIds({ participants }: CallRecord): string[] {
  return participants.flatMap(({ userId, state }) => (state === 'joined' ? [userId] : []));
}
