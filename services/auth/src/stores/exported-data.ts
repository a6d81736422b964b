import type { Sql } from '@secureconnect/postgres';
import { type ExportList, type SqlList, sqlList } from '@secureconnect/tokens';

const friendId = 'CASE WHEN first_id = $1 THEN second_id ELSE first_id END';
/** The driver returns bigint as text. Ids of keys and counters have 32 bits. */
const number = (column: string): string => `${column}::float8 AS ${column}`;
const base64 = (column: string): string => `encode(${column}, 'base64') AS ${column}`;

/**
 * What auth knows of a person, as account.json of their export. No secrets and no hashes of secrets.
 * A table with something of a person belongs here; test/data-export.test.ts fails for a table or a
 * column that nobody has thought of.
 */
const lists: readonly SqlList[] = [
  {
    name: 'profile',
    columns: `user_id, email, email_verified_at, username, display_name, avatar_url, status, role,
      created_at, updated_at, disabled_at`,
    from: 'auth.users WHERE user_id = $1',
    key: { user_id: 'uuid' },
  },
  {
    name: 'sessions',
    columns: `session_id, device_name, agent, address, created_at, last_seen_at, stepped_up_at,
      expires_at, ended_at`,
    from: 'auth.sessions WHERE user_id = $1',
    key: { created_at: 'timestamptz', session_id: 'uuid' },
  },
  {
    name: 'linked_identities',
    columns: 'identity_id, provider, issuer, subject, linked_at, last_used_at',
    from: 'auth.linked_identities WHERE user_id = $1',
    key: { linked_at: 'timestamptz', identity_id: 'uuid' },
  },
  {
    name: 'friends',
    columns: `${friendId} AS user_id, requested_by, requested_at, accepted_at`,
    from: 'auth.friendships WHERE (first_id = $1 OR second_id = $1)',
    key: { first_id: 'uuid', second_id: 'uuid' },
  },
  {
    name: 'blocked_users',
    columns: 'blocked_id, created_at',
    from: 'auth.user_blocks WHERE blocker_id = $1',
    key: { created_at: 'timestamptz', blocked_id: 'uuid' },
  },
  {
    name: 'email_changes',
    columns: `change_id, session_id, old_email, new_email, created_at, expires_at, confirmed_at,
      undo_until, undone_at`,
    from: 'auth.email_changes WHERE user_id = $1',
    key: { created_at: 'timestamptz', change_id: 'uuid' },
  },
  {
    name: 'device_keys',
    columns: `session_id, ${base64('identity_key')}, ${base64('signing_key')},
      ${base64('identity_signature')}, ${number('signed_pre_key_id')},
      ${base64('signed_pre_key')},
      ${base64('signed_pre_key_signature')}, signed_pre_key_set_at,
      ${number('last_one_time_key_id')}, low_told_at`,
    from: 'auth.device_keys WHERE user_id = $1',
    key: { session_id: 'uuid' },
  },
  {
    name: 'one_time_pre_keys',
    columns: `one_time.session_id, ${number('key_id')}, ${base64('public_key')}`,
    from: `auth.one_time_pre_keys AS one_time
      JOIN auth.device_keys AS device ON device.session_id = one_time.session_id
      WHERE user_id = $1`,
    key: { 'one_time.session_id': 'uuid', key_id: 'bigint' },
  },
  {
    name: 'passkeys',
    columns: `passkey_id, ${base64('credential_id')}, ${base64('public_key')},
      ${number('counter')}, transports, name, backed_up, created_at, last_used_at`,
    from: 'auth.passkeys WHERE user_id = $1',
    key: { created_at: 'timestamptz', passkey_id: 'uuid' },
  },
  {
    name: 'authenticator_apps',
    columns: 'factor_id, created_at, confirmed_at, last_used_at',
    from: 'auth.totp_factors WHERE user_id = $1',
    key: { user_id: 'uuid' },
  },
  {
    name: 'account_deletion',
    columns: 'requested_at, due_at, started_at',
    from: 'auth.account_deletions WHERE user_id = $1',
    key: { user_id: 'uuid' },
  },
  {
    name: 'audit_log',
    // An administrator's own address is not the user's business.
    columns: `entry.entry_id, recorded_at, action, actor_kind AS actor, session_id, mode, details::jsonb AS details,
      CASE WHEN actor_kind <> 'admin' THEN address END AS address,
      CASE WHEN actor_kind <> 'admin' THEN agent END AS agent, email`,
    from: `auth.audit_entries AS entry
      LEFT JOIN auth.audit_personal AS personal ON personal.entry_id = entry.entry_id
      WHERE entry.user_id = $1`,
    key: { recorded_at: 'timestamptz', 'entry.entry_id': 'uuid' },
  },
];

/** The lists of account.json. */
export function accountLists(sql: Sql, userId: string): readonly ExportList[] {
  return lists.map((list) => sqlList(sql, userId, list));
}
