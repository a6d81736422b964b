import type { Sql } from '@secureconnect/postgres';
import { type ExportList, sqlList } from '@secureconnect/tokens';

/**
 * What video has of a person, as video.json of their export: the calls that they were in, and
 * their devices that are pushed.
 */
export function callLists(sql: Sql, userId: string): readonly ExportList[] {
  return [
    sqlList(sql, userId, {
      name: 'calls',
      columns: `call_id, conversation_id, call_type, topology, caller_id, host_id, locked, status,
        state, created_at, ring_until, joined_at, answered_at, ended_at, end_reason`,
      from: `video.call_participants JOIN video.calls USING (call_id) WHERE user_id = $1`,
      key: { created_at: 'timestamptz', call_id: 'uuid' },
    }),
    sqlList(sql, userId, {
      name: 'call_quality',
      columns: 'call_id, connection_id, sequence, peer_id, reported_at, summary',
      from: 'video.call_quality WHERE user_id = $1',
      key: { call_id: 'uuid', connection_id: 'uuid' },
    }),
    sqlList(sql, userId, {
      name: 'push_tokens',
      columns: 'token_id, session_id, kind, created_at, renewed_at, expires_at',
      from: 'video.push_tokens WHERE user_id = $1',
      key: { created_at: 'timestamptz', token_id: 'uuid' },
    }),
  ];
}
