import { MAX_PASSKEYS, type Passkey } from '@secureconnect/contracts';
import { type Sql, violatesUnique } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';

/** What is known of the key of an authenticator. */
export interface PasskeyKey {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
}

/** A key that an authenticator has just created. */
export interface CreatedKey extends PasskeyKey {
  readonly counter: number;
  readonly transports: readonly string[];
  readonly isBackedUp: boolean;
}

export interface NewPasskeyRow extends CreatedKey {
  readonly passkeyId: string;
  readonly userId: string;
  readonly name: string;
}

/** A stored key, by which a signature is judged. */
export interface StoredKey extends PasskeyKey {
  readonly passkeyId: string;
  readonly userId: string;
}

interface PasskeyRow {
  passkey_id: string;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  backed_up: boolean;
}

const columns = 'passkey_id, name, created_at, last_used_at, backed_up';

/** Adds a passkey. Throws CONFLICT if an account has it, or this account has too many. */
export async function insertPasskey(sql: Sql, passkey: NewPasskeyRow): Promise<Passkey> {
  const { passkeyId, userId, credentialId, publicKey, counter, transports, name } = passkey;
  await refuseTooMany(sql, userId);
  try {
    const [row] = await sql.query<PasskeyRow>(
      `INSERT INTO auth.passkeys (passkey_id, user_id, credential_id, public_key, counter,
         transports, name, backed_up)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
      [
        ...[passkeyId, userId, credentialId, publicKey, counter],
        ...[[...transports], name, passkey.isBackedUp],
      ],
    );
    if (row === undefined) throw new Error('the passkey was not stored');
    return shown(row);
  } catch (error) {
    if (violatesUnique(error, 'passkeys_credential_unique')) {
      throw new ApiError('CONFLICT', 'This passkey is in use already; create a new one.');
    }
    throw error;
  }
}

/** Throws CONFLICT if the user has as many passkeys as an account may have. */
export async function refuseTooMany(sql: Sql, userId: string): Promise<void> {
  if ((await countPasskeys(sql, userId)) < MAX_PASSKEYS) return;
  throw new ApiError(
    'CONFLICT',
    `An account has at most ${MAX_PASSKEYS} passkeys; remove one first.`,
  );
}

async function countPasskeys(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>(
    'SELECT count(*) AS count FROM auth.passkeys WHERE user_id = $1',
    [userId],
  );
  return Number(row?.count ?? 0);
}

export async function listPasskeys(sql: Sql, userId: string): Promise<Passkey[]> {
  const rows = await sql.query<PasskeyRow>(
    `SELECT ${columns} FROM auth.passkeys WHERE user_id = $1
     ORDER BY created_at, passkey_id LIMIT $2`,
    [userId, MAX_PASSKEYS],
  );
  return rows.map(shown);
}

/** The keys of a user as a browser is told of them. */
export async function listCredentials(
  sql: Sql,
  userId: string,
): Promise<{ readonly credentialId: Buffer; readonly transports: readonly string[] }[]> {
  const rows = await sql.query<{ credential_id: Buffer; transports: string[] }>(
    `SELECT credential_id, transports FROM auth.passkeys WHERE user_id = $1
     ORDER BY created_at, passkey_id LIMIT $2`,
    [userId, MAX_PASSKEYS],
  );
  return rows.map((row) => ({ credentialId: row.credential_id, transports: row.transports }));
}

export async function findKey(sql: Sql, credentialId: Buffer): Promise<StoredKey | undefined> {
  const [row] = await sql.query<{ passkey_id: string; user_id: string; public_key: Buffer }>(
    'SELECT passkey_id, user_id, public_key FROM auth.passkeys WHERE credential_id = $1',
    [credentialId],
  );
  return (
    row && {
      passkeyId: row.passkey_id,
      userId: row.user_id,
      credentialId,
      publicKey: row.public_key,
    }
  );
}

export interface KeyUse {
  readonly passkeyId: string;
  readonly userId: string;
  /** The counter that the authenticator signed. */
  readonly counter: number;
  readonly isBackedUp: boolean;
}

/**
 * Notes the use of a passkey, if its counter has grown or is not in use (WebAuthn 3, 6.1.1).
 * Undefined if it was removed.
 */
export async function recordUse(
  sql: Sql,
  { passkeyId, userId, counter, isBackedUp }: KeyUse,
): Promise<'used' | 'counter did not grow' | undefined> {
  const used = await sql.execute(
    `UPDATE auth.passkeys SET counter = $3, backed_up = $4, last_used_at = now()
     WHERE passkey_id = $1 AND user_id = $2 AND (counter < $3 OR (counter = 0 AND $3 = 0))`,
    [passkeyId, userId, counter, isBackedUp],
  );
  if (used === 1) return 'used';
  const known = await sql.query(
    'SELECT 1 FROM auth.passkeys WHERE passkey_id = $1 AND user_id = $2',
    [passkeyId, userId],
  );
  return known.length > 0 ? 'counter did not grow' : undefined;
}

/** Undefined if the user has no such passkey. */
export async function updateName(
  sql: Sql,
  userId: string,
  passkeyId: string,
  name: string,
): Promise<Passkey | undefined> {
  const [row] = await sql.query<PasskeyRow>(
    `UPDATE auth.passkeys SET name = $3 WHERE user_id = $1 AND passkey_id = $2
     RETURNING ${columns}`,
    [userId, passkeyId, name],
  );
  return row && shown(row);
}

/** False if the user has no such passkey. */
export async function deletePasskey(sql: Sql, userId: string, passkeyId: string): Promise<boolean> {
  const deleted = await sql.execute(
    'DELETE FROM auth.passkeys WHERE user_id = $1 AND passkey_id = $2',
    [userId, passkeyId],
  );
  return deleted === 1;
}

/** Removes every passkey of a user; returns their number. */
export function deletePasskeysOf(sql: Sql, userId: string): Promise<number> {
  return sql.execute('DELETE FROM auth.passkeys WHERE user_id = $1', [userId]);
}

function shown(row: PasskeyRow): Passkey {
  return {
    passkey_id: row.passkey_id,
    name: row.name,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    backed_up: row.backed_up,
  };
}
