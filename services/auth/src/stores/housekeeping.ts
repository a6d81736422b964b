import { ENROLMENT_SECONDS } from '@secureconnect/contracts';
import { isDatabaseOutage, repeatWhileFull, type Sql } from '@secureconnect/postgres';

/** Rows without further use. */
interface Expired {
  readonly table: string;
  /** Its primary key. */
  readonly key: string;
  /** An SQL condition, in which the row is called `one`. */
  readonly condition: string;
  /** Maximum rows per statement, for large ones. */
  readonly maxAtOnce?: number;
}

const hasExpired = 'expires_at < now()';
/** Late enough that a replayed refresh token is still recognized for a day. */
const sessionIsOld = "expires_at < now() - interval '1 day'";

const expired: readonly Expired[] = [
  { table: 'revocations', key: 'id', condition: hasExpired },
  {
    table: 'failed_logins',
    key: 'subject',
    condition: `${hasExpired} AND (in_flight_until IS NULL OR in_flight_until < now())`,
  },
  { table: 'password_resets', key: 'token_hash', condition: hasExpired },
  { table: 'mail_requests', key: 'purpose, subject', condition: hasExpired },
  { table: 'email_verifications', key: 'token_hash', condition: hasExpired },
  {
    table: 'email_change_tokens',
    key: 'token_hash',
    condition: `change_id IN (SELECT change_id FROM auth.email_changes
      WHERE ${hasExpired} AND (undo_until IS NULL OR undo_until < now()))`,
  },
  {
    table: 'email_changes',
    key: 'change_id',
    condition: `${hasExpired} AND (undo_until IS NULL OR undo_until < now()) AND NOT EXISTS (
      SELECT 1 FROM auth.email_change_tokens AS token WHERE token.change_id = one.change_id)`,
  },
  // Of the previous version.
  {
    table: 'password_reset_requests',
    key: 'subject',
    condition: `${hasExpired} AND email IS NULL`,
  },
  // A count that no entry has told yet is kept for a month.
  {
    table: 'audit_failed_logins',
    key: 'subject',
    condition: `window_ends_at < now()
      AND (skipped = 0 OR window_ends_at < now() - interval '30 days')`,
  },
  { table: 'oidc_flows', key: 'state_hash', condition: hasExpired },
  { table: 'passkey_challenges', key: 'challenge_hash', condition: hasExpired },
  { table: 'sign_in_challenges', key: 'challenge_hash', condition: hasExpired },
  {
    table: 'totp_factors',
    key: 'user_id',
    condition: `confirmed_at IS NULL
      AND created_at < now() - interval '${ENROLMENT_SECONDS} seconds'`,
  },
  { table: 'export_links', key: 'token_hash', condition: hasExpired },
  // Chunks that do not count any more, or whose export has expired.
  {
    table: 'export_chunks',
    key: 'export_id, part, attempt_id, position',
    condition: `EXISTS (SELECT 1 FROM auth.data_exports AS export
      JOIN auth.export_parts AS known ON known.export_id = export.export_id
      WHERE export.export_id = one.export_id AND known.part = one.part
        AND (export.expires_at < now() OR known.attempt_id <> one.attempt_id))`,
    maxAtOnce: 100,
  },
  {
    table: 'data_exports',
    key: 'export_id',
    condition: `${hasExpired} AND NOT EXISTS (
      SELECT 1 FROM auth.export_chunks AS chunk WHERE chunk.export_id = one.export_id)`,
  },
  { table: 'drills', key: 'drill_id', condition: "ends_at < now() - interval '1 day'" },
  { table: 'key_fetches', key: 'fetcher_id, target_id', condition: 'window_ends_at < now()' },
  // One-time pre-keys go with their device.
  {
    table: 'device_keys',
    key: 'session_id',
    condition: `EXISTS (SELECT 1 FROM auth.sessions AS session
      WHERE session.session_id = one.session_id
        AND (session.ended_at IS NOT NULL OR session.expires_at < now()))`,
  },
  // Late enough that every service's clock agrees that the ticket has expired.
  {
    table: 'used_socket_tickets',
    key: 'ticket_id',
    condition: "expires_at < now() - interval '1 hour'",
  },
];

/** What a statement can remove in its time. */
const maxRows = 1000;
/** Each has a token for every refresh of its life, thousands in some. */
const sessionsAtOnce = 100;

/**
 * Removes expired rows, in statements that end in their time however many there are. What cannot be
 * removed keeps nothing else; the first failure is thrown at the end. Idempotent, and safe to run on
 * several instances at once.
 */
export async function removeExpired(sql: Sql, maxAtOnce = maxRows): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (remove: () => Promise<unknown>): Promise<void> => {
    try {
      await remove();
    } catch (error) {
      if (isDatabaseOutage(error)) throw error;
      failures.push(error);
    }
  };
  for (const { table, key, condition, ...own } of expired) {
    const rows = `SELECT ${key} FROM auth.${table} AS one WHERE ${condition} LIMIT $1`;
    const statement = `DELETE FROM auth.${table} WHERE (${key}) IN (${rows})`;
    const max = Math.min(maxAtOnce, own.maxAtOnce ?? maxAtOnce);
    await attempt(() => repeatWhileFull(max, () => sql.execute(statement, [max])));
  }
  await attempt(() => removeOldSessions(sql, maxAtOnce));
  if (failures.length > 0) throw failures[0];
}

/** Removes old sessions, each after its refresh tokens. */
async function removeOldSessions(sql: Sql, maxAtOnce: number): Promise<void> {
  const tokens = `DELETE FROM auth.refresh_tokens WHERE token_hash IN (
    SELECT token_hash FROM auth.refresh_tokens WHERE session_id = ANY($1::uuid[]) LIMIT $2)`;
  await repeatWhileFull(sessionsAtOnce, async () => {
    const old = await sql.query<{ session_id: string }>(
      `SELECT session_id FROM auth.sessions WHERE ${sessionIsOld} LIMIT $1`,
      [sessionsAtOnce],
    );
    const ids = old.map((row) => row.session_id);
    await repeatWhileFull(maxAtOnce, () => sql.execute(tokens, [ids, maxAtOnce]));
    await sql.execute('DELETE FROM auth.sessions WHERE session_id = ANY($1::uuid[])', [ids]);
    return ids.length;
  });
}
