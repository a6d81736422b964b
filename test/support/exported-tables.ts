import type { ExportPart } from '@secureconnect/tokens';

export interface ExportedTable {
  readonly part: ExportPart;
  readonly list: string;
  /** Columns that are not exported under their own name, and why. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

const owner = 'the person';

/**
 * Every table with something of a person, and where an export has it. A new table belongs here and
 * in the lists of its service (exported-data.ts), or below with the reason why not.
 */
export const exportedTables: Readonly<Record<string, ExportedTable>> = {
  'auth.account_deletions': {
    part: 'account',
    list: 'account_deletion',
    leftOut: { user_id: owner },
  },
  'auth.audit_entries': {
    part: 'account',
    list: 'audit_log',
    leftOut: {
      user_id: owner,
      actor_kind: 'as actor',
      actor_id: 'the person, or an administrator',
      personal_digest: 'of the hash chain',
    },
  },
  'auth.audit_personal': {
    part: 'account',
    list: 'audit_log',
    leftOut: { user_id: owner, salt: 'of the hash chain' },
  },
  'auth.device_keys': { part: 'account', list: 'device_keys', leftOut: { user_id: owner } },
  'auth.email_changes': { part: 'account', list: 'email_changes', leftOut: { user_id: owner } },
  'auth.friendships': {
    part: 'account',
    list: 'friends',
    leftOut: { first_id: 'the other is user_id', second_id: 'the other is user_id' },
  },
  'auth.linked_identities': {
    part: 'account',
    list: 'linked_identities',
    leftOut: { user_id: owner },
  },
  'auth.one_time_pre_keys': { part: 'account', list: 'one_time_pre_keys' },
  'auth.passkeys': { part: 'account', list: 'passkeys', leftOut: { user_id: owner } },
  'auth.sessions': { part: 'account', list: 'sessions', leftOut: { user_id: owner } },
  'auth.totp_factors': {
    part: 'account',
    list: 'authenticator_apps',
    leftOut: { user_id: owner, encrypted_secret: 'a secret', last_used_step: 'in last_used_at' },
  },
  'auth.user_blocks': { part: 'account', list: 'blocked_users', leftOut: { blocker_id: owner } },
  'auth.users': {
    part: 'account',
    list: 'profile',
    leftOut: {
      password_hash: 'a secret',
      username_key: 'username in lower case',
      registered_for: 'of decoys, which nobody can open',
    },
  },
  'chat.conversations': {
    part: 'chat',
    list: 'conversations',
    leftOut: { direct_key: 'both participants', changed_at: 'for resuming sockets' },
  },
  'chat.file_forwards': {
    part: 'chat',
    list: 'forwarded_files',
    leftOut: { forwarded_by: owner },
  },
  'chat.messages': {
    part: 'chat',
    list: 'messages',
    leftOut: {
      sender_id: owner,
      reactions: 'of others; own ones are a list',
      words: 'for searching',
      edited_at: 'only of edited messages',
      deleted_at: 'only of deleted messages',
    },
  },
  'chat.participants': { part: 'chat', list: 'conversations', leftOut: { user_id: owner } },
  'chat.past_participants': {
    part: 'chat',
    list: 'conversations_left',
    leftOut: { user_id: owner },
  },
  'chat.pins': { part: 'chat', list: 'pins', leftOut: { pinned_by: owner } },
  'storage.file_shares': { part: 'storage', list: 'shares' },
  'storage.files': {
    part: 'storage',
    list: 'files',
    leftOut: {
      owner_id: owner,
      object_id: 'of the object store',
      reserved_until: 'of an upload in progress',
      part_bytes: 'of an upload in progress',
      upload_id: 'of an upload in progress',
      generation: 'of an upload in progress',
      scan_attempts: 'of an upload in progress',
      scan_due: 'of an upload in progress',
    },
  },
  'storage.usage': { part: 'storage', list: 'usage', leftOut: { user_id: owner } },
  'video.call_participants': {
    part: 'video',
    list: 'calls',
    leftOut: {
      user_id: owner,
      answered_session: 'an id of a session',
      called_at: 'created_at of the call',
      lost_at: 'only while they are in the call',
      returned_at: 'only while they are in the call',
      part_end_reason: 'state says what became of it',
      sfu_absent_since: 'during a call',
    },
  },
  'video.call_quality': { part: 'video', list: 'call_quality', leftOut: { user_id: owner } },
  'video.push_tokens': {
    part: 'video',
    list: 'push_tokens',
    leftOut: { user_id: owner, address_hash: 'of a secret', sealed_address: 'a secret' },
  },
  'video.calls': {
    part: 'video',
    list: 'calls',
    leftOut: { heard_at: 'for finding abandoned calls', counted: 'for the metrics' },
  },
};

const shortLived = 'hashes of secrets and counts, for a day at most';

/** Tables that an export leaves out, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  'auth.audit_chain': 'hashes of entries',
  'auth.audit_failed_logins': shortLived,
  'auth.audit_head': 'one hash',
  'auth.audit_unsealed': 'ids of entries',
  'auth.data_exports': 'the export itself',
  'auth.drills': 'services and times, of no person',
  'auth.email_change_tokens': shortLived,
  'auth.email_verifications': shortLived,
  'auth.erased_parts': 'progress of a deletion',
  'auth.export_chunks': 'the export itself',
  'auth.export_links': 'the export itself',
  'auth.export_parts': 'the export itself',
  'auth.failed_logins': shortLived,
  'auth.key_fetches': shortLived,
  'auth.mail_requests': shortLived,
  'auth.oidc_flows': shortLived,
  'auth.outbox': 'mails that are not sent yet',
  'auth.passkey_challenges': shortLived,
  'auth.password_reset_requests': shortLived,
  'auth.password_resets': shortLived,
  'auth.recovery_codes': 'hashes of secrets',
  'auth.refresh_tokens': 'hashes of secrets',
  'auth.revocations': 'random ids of ended sessions, for an hour',
  'auth.sign_in_challenges': shortLived,
  'auth.signing_keys': 'keys of the operator',
  'auth.token_cutoff': 'one time',
  'auth.used_socket_tickets': 'random ids of tickets, for an hour',
  'chat.events': 'the log of the messages, for three days',
  'chat.latest_messages': 'ids of messages, for hours',
  'chat.membership_changes': 'for sockets, for a day',
  'gateway.remediation_requests': 'alerts of machines',
  'gateway.storm_members': 'alerts of machines',
  'storage.parts': 'bytes of an upload in progress',
  'storage.unattached_objects': 'random ids of objects',
  'video.call_sockets': 'random ids of open sockets',
  'video.kept_signals': 'offers under way, for half a minute',
  'video.call_notices': 'copies of what the calls say, for a week',
  'video.outbox': 'pushes that are not sent yet, and ids of calls',
  'video.rung_devices': 'random ids, for a day',
  'video.sfu_rooms': 'ids of calls, for minutes after their end',
};
