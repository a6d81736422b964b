import { randomUUID } from 'node:crypto';
import type { Sql, SqlValue } from '@secureconnect/postgres';
import { sweep } from './sweep.ts';

/** Users who joined or left a conversation; the table of participants has their current state. */
export interface MembershipChange {
  readonly changeId: string;
  readonly at: Date;
  readonly conversationId: string;
  readonly userIds: readonly string[];
}

/** How long changes are stored; older sockets have ended by then. */
const changesKeptSeconds = 86_400;

/** The number of changes per page. */
const pageSize = 500;

interface ChangeRow {
  change_id: string;
  at: Date;
  conversation_id: string;
  user_ids: string[];
}

/** A statement that changes the participants of a conversation. */
export interface ParticipantStatement {
  readonly conversationId: string;
  readonly at: Date;
  /** Has `at` as $2, `conversationId` as $3 and `values` from $4 on; ends in `RETURNING user_id`. */
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/**
 * Runs a statement that changes participants and notes the change, atomically. Returns the change;
 * undefined if there was none.
 */
export async function changeParticipants(
  sql: Sql,
  { conversationId, at, text, values }: ParticipantStatement,
): Promise<MembershipChange | undefined> {
  const changeId = randomUUID();
  const [noted] = await sql.query<{ user_ids: string[] }>(
    `WITH changed AS (${text}), noted AS (
       INSERT INTO chat.membership_changes (change_id, at, conversation_id, user_ids)
       SELECT $1::uuid, $2::timestamptz, $3::uuid, array_agg(user_id) FROM changed
       HAVING count(*) > 0 RETURNING user_ids
     )
     SELECT user_ids FROM noted`,
    [changeId, at, conversationId, ...values],
  );
  return noted && { changeId, at, conversationId, userIds: noted.user_ids };
}

/** The changes since a time, by the clocks of the instances that noted them, a page at a time. */
export async function* membershipChangesSince(
  sql: Sql,
  since: Date,
): AsyncGenerator<readonly MembershipChange[]> {
  let after = { at: since, changeId: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const rows = await sql.query<ChangeRow>(
      `SELECT change_id, at, conversation_id, user_ids FROM chat.membership_changes
       WHERE (at, change_id) > ($1, $2) ORDER BY at, change_id LIMIT ${pageSize}`,
      [after.at, after.changeId],
    );
    const changes = rows.map(toChange);
    if (changes.length > 0) yield changes;
    const last = changes.at(-1);
    if (last === undefined || changes.length < pageSize) return;
    after = last;
  }
}

/** Removes expired changes; returns their number. */
export async function sweepMembershipChanges(sql: Sql, now = new Date()): Promise<number> {
  const keptSince = new Date(now.getTime() - changesKeptSeconds * 1000);
  return sweep(sql, { table: 'chat.membership_changes', key: 'at, change_id', keptSince });
}

function toChange(row: ChangeRow): MembershipChange {
  return {
    changeId: row.change_id,
    at: row.at,
    conversationId: row.conversation_id,
    userIds: row.user_ids,
  };
}
