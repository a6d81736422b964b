import { z } from 'zod';
import { pageEnd } from './page.ts';
import { Timestamp, Uuid } from './primitives.ts';

/** Everything that the audit log records. */
export const AuditAction = z.enum([
  'registered',
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'refresh_token_reused',
  'sessions_ended',
  'password_reset_requested',
  'password_reset',
  'profile_changed',
  'user_blocked',
  'user_unblocked',
  'stepped_up',
  'identity_linked',
  'identity_unlinked',
  'user_disabled',
  'user_enabled',
  'role_changed',
  'audit_exported',
  'drill_begun',
  'drill_ended',
  'friend_requested',
  'friend_added',
  'friend_removed',
  'device_keys_added',
  'email_verified',
  'password_changed',
  'email_change_requested',
  'email_changed',
  'email_change_undone',
  'account_deletion_requested',
  'account_deletion_cancelled',
  'passkey_added',
  'passkey_renamed',
  'passkey_removed',
  'second_factor_added',
  'second_factor_removed',
  'second_factors_reset',
  'recovery_codes_replaced',
  'recovery_code_used',
  'data_export_requested',
  'data_export_link_created',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/**
 * Who acted: the owner of the account, an administrator, the operator by a command, or somebody
 * unknown who had no session.
 */
export const AuditActor = z.enum(['user', 'admin', 'operator', 'anonymous']);
export type AuditActor = z.infer<typeof AuditActor>;

/** Whether Redis was up for the recording process; `unknown` for commands of the operator. */
export const AuditMode = z.enum(['normal', 'degraded', 'unknown']);
export type AuditMode = z.infer<typeof AuditMode>;

/** Facts about an entry that are not personal. */
export const AuditDetails = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type AuditDetails = z.infer<typeof AuditDetails>;

/** Where a change came from; null if unknown. */
export const AuditAddress = z
  .string()
  .nullable()
  .meta({ examples: ['203.0.113.7'] });
export const AuditAgent = z
  .string()
  .nullable()
  .meta({ examples: ['Mozilla/5.0'] });

/** An entry of the audit log as the owner of the account sees it. */
export const OwnAuditEntry = z
  .object({
    entry_id: Uuid,
    recorded_at: Timestamp,
    action: AuditAction,
    actor: AuditActor,
    session_id: Uuid.nullable(),
    address: AuditAddress,
    agent: AuditAgent,
    mode: AuditMode,
    details: AuditDetails.meta({ examples: [{ fields: 'display_name' }] }),
  })
  .meta({ id: 'OwnAuditEntry' });
export type OwnAuditEntry = z.infer<typeof OwnAuditEntry>;

/** Reply of `GET /v1/users/me/audit`, newest first. */
export const OwnAuditPage = z.object({ entries: z.array(OwnAuditEntry), ...pageEnd });
export type OwnAuditPage = z.infer<typeof OwnAuditPage>;
