import { type Sql, violatesUnique } from '@secureconnect/postgres';

export interface EmailChangeRow {
  readonly changeId: string;
  readonly userId: string;
  readonly oldEmail: string;
  readonly newEmail: string;
}

export interface NewEmailChange extends EmailChangeRow {
  readonly sessionId: string;
  readonly expirySeconds: number;
}

interface Row {
  readonly change_id: string;
  readonly user_id: string;
  readonly old_email: string;
  readonly new_email: string;
}

const columns = 'c.change_id, c.user_id, c.old_email, c.new_email';

export async function insertEmailChange(sql: Sql, change: NewEmailChange): Promise<void> {
  const { changeId, userId, sessionId, oldEmail, newEmail, expirySeconds } = change;
  await sql.execute(
    `INSERT INTO auth.email_changes
       (change_id, user_id, session_id, old_email, new_email, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')`,
    [changeId, userId, sessionId, oldEmail, newEmail, expirySeconds],
  );
}

export type TokenPurpose = 'confirm' | 'undo';

/** What a token of this purpose requires of its change. */
const conditions: Readonly<Record<TokenPurpose, string>> = {
  confirm: `c.confirmed_at IS NULL AND c.expires_at > now() AND EXISTS (
    SELECT 1 FROM auth.sessions s WHERE s.session_id = c.session_id AND s.ended_at IS NULL)`,
  undo: 'c.undo_until > now() AND c.undone_at IS NULL',
};

/** A change that can still be confirmed or undone. */
export async function findEmailChange(
  sql: Sql,
  changeId: string,
  purpose: TokenPurpose,
): Promise<EmailChangeRow | undefined> {
  const rows = await sql.query<Row>(
    `SELECT ${columns} FROM auth.email_changes c WHERE c.change_id = $1 AND ${conditions[purpose]}`,
    [changeId],
  );
  return rows.map(change)[0];
}

/** The change of a token, if it can still be confirmed or undone. */
export async function findChangeOfToken(
  sql: Sql,
  hash: Buffer,
  purpose: TokenPurpose,
): Promise<EmailChangeRow | undefined> {
  const rows = await sql.query<Row>(
    `SELECT ${columns} FROM auth.email_changes c JOIN auth.email_change_tokens t USING (change_id)
     WHERE t.token_hash = $1 AND t.purpose = $2 AND ${conditions[purpose]} FOR UPDATE OF c`,
    [hash, purpose],
  );
  return rows.map(change)[0];
}

export async function insertChangeToken(
  sql: Sql,
  hash: Buffer,
  changeId: string,
  purpose: TokenPurpose,
): Promise<void> {
  await sql.execute(
    'INSERT INTO auth.email_change_tokens (token_hash, change_id, purpose) VALUES ($1, $2, $3)',
    [hash, changeId, purpose],
  );
}

export type EmailUpdate = 'updated' | 'taken' | 'changed meanwhile';

/**
 * Gives the user the new address, verified, and lets the old one undo that. After `taken` the
 * transaction has failed.
 */
export async function applyEmailChange(
  sql: Sql,
  { changeId, userId, oldEmail, newEmail }: EmailChangeRow,
  undoSeconds: number,
): Promise<EmailUpdate> {
  if (await isAddressReserved(sql, newEmail, userId)) return 'taken';
  try {
    const updated = await sql.execute(
      `UPDATE auth.users SET email = $3, email_verified_at = now(), updated_at = now()
       WHERE user_id = $1 AND email = $2`,
      [userId, oldEmail, newEmail],
    );
    if (updated === 0) return 'changed meanwhile';
  } catch (error) {
    if (violatesUnique(error, 'users_email_unique')) return 'taken';
    throw error;
  }
  await sql.execute(
    `UPDATE auth.email_changes SET confirmed_at = now(), undo_until = now() + $2 * interval '1 second'
     WHERE change_id = $1`,
    [changeId, undoSeconds],
  );
  return 'updated';
}

/** Restores the old address of a change, and ends this and all later changes of the user. */
export async function revertEmailChange(
  sql: Sql,
  { changeId, userId, oldEmail }: EmailChangeRow,
): Promise<void> {
  await sql.execute(
    `UPDATE auth.users SET email = $2, email_verified_at = now(), updated_at = now()
     WHERE user_id = $1`,
    [userId, oldEmail],
  );
  await sql.execute(
    `UPDATE auth.email_changes c SET undone_at = now() FROM auth.email_changes undone
     WHERE undone.change_id = $1 AND c.user_id = $2 AND c.undone_at IS NULL
       AND c.confirmed_at >= undone.confirmed_at`,
    [changeId, userId],
  );
}

/** Whether an address can still be restored to a user other than this one. */
export async function isAddressReserved(
  sql: Sql,
  email: string,
  exceptUserId: string,
): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM auth.email_changes
     WHERE old_email = $1 AND user_id <> $2 AND undo_until > now() AND undone_at IS NULL LIMIT 1`,
    [email, exceptUserId],
  );
  return rows.length > 0;
}

function change(row: Row): EmailChangeRow {
  return {
    changeId: row.change_id,
    userId: row.user_id,
    oldEmail: row.old_email,
    newEmail: row.new_email,
  };
}
