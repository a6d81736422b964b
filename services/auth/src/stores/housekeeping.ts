import { ENROLMENT_SECONDS } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** Delete rows without further use. Idempotent, and safe to run on several instances at once. */
const statements = [
  'DELETE FROM auth.revocations WHERE expires_at < now()',
  `DELETE FROM auth.failed_logins
   WHERE expires_at < now() AND (in_flight_until IS NULL OR in_flight_until < now())`,
  'DELETE FROM auth.password_resets WHERE expires_at < now()',
  'DELETE FROM auth.mail_requests WHERE expires_at < now()',
  'DELETE FROM auth.email_verifications WHERE expires_at < now()',
  `DELETE FROM auth.email_change_tokens WHERE change_id IN (
     SELECT change_id FROM auth.email_changes
     WHERE expires_at < now() AND (undo_until IS NULL OR undo_until < now()) LIMIT 1000)`,
  `DELETE FROM auth.email_changes c
   WHERE c.expires_at < now() AND (c.undo_until IS NULL OR c.undo_until < now()) AND NOT EXISTS (
     SELECT 1 FROM auth.email_change_tokens t WHERE t.change_id = c.change_id)`,
  // Of the previous version.
  'DELETE FROM auth.password_reset_requests WHERE expires_at < now() AND email IS NULL',
  // A count that no entry has told yet is kept for a month.
  `DELETE FROM auth.audit_failed_logins WHERE window_ends_at < now()
     AND (skipped = 0 OR window_ends_at < now() - interval '30 days')`,
  'DELETE FROM auth.oidc_flows WHERE expires_at < now()',
  'DELETE FROM auth.passkey_challenges WHERE expires_at < now()',
  'DELETE FROM auth.sign_in_challenges WHERE expires_at < now()',
  `DELETE FROM auth.totp_factors
   WHERE confirmed_at IS NULL AND created_at < now() - interval '${ENROLMENT_SECONDS} seconds'`,
  'DELETE FROM auth.export_links WHERE expires_at < now()',
  // Chunks that do not count any more, or whose export has expired; they may be large.
  `DELETE FROM auth.export_chunks WHERE (export_id, part, attempt_id, position) IN (
     SELECT c.export_id, c.part, c.attempt_id, c.position FROM auth.export_chunks c
     JOIN auth.data_exports e ON e.export_id = c.export_id
     JOIN auth.export_parts p ON p.export_id = c.export_id AND p.part = c.part
     WHERE e.expires_at < now() OR p.attempt_id <> c.attempt_id LIMIT 1000)`,
  `DELETE FROM auth.data_exports e WHERE e.expires_at < now() AND NOT EXISTS (
     SELECT 1 FROM auth.export_chunks c WHERE c.export_id = e.export_id)`,
  `DELETE FROM auth.drills WHERE ends_at < now() - interval '1 day'`,
  'DELETE FROM auth.key_fetches WHERE window_ends_at < now()',
  // One-time pre-keys go with their device.
  `DELETE FROM auth.device_keys d WHERE EXISTS (
     SELECT 1 FROM auth.sessions s WHERE s.session_id = d.session_id
       AND (s.ended_at IS NOT NULL OR s.expires_at < now()))`,
  // Late enough that every service's clock agrees that the ticket has expired.
  `DELETE FROM auth.used_socket_tickets WHERE expires_at < now() - interval '1 hour'`,
  // Kept for a day after the session, so that a replayed refresh token is still recognized.
  `DELETE FROM auth.refresh_tokens WHERE session_id IN (
     SELECT session_id FROM auth.sessions WHERE expires_at < now() - interval '1 day' LIMIT 1000)`,
  `DELETE FROM auth.sessions s WHERE s.expires_at < now() - interval '1 day' AND NOT EXISTS (
     SELECT 1 FROM auth.refresh_tokens t WHERE t.session_id = s.session_id)`,
];

/** Removes expired rows. */
export async function removeExpired(sql: Sql): Promise<void> {
  for (const statement of statements) await sql.execute(statement);
}
