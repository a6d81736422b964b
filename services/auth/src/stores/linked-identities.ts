import { type LinkedIdentity, MAX_LINKED_IDENTITIES } from '@secureconnect/contracts';
import { type Sql, violatesUnique } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';

/** A person at a provider, by what never changes. */
export interface IdentityKey {
  readonly issuer: string;
  readonly subject: string;
}

export interface NewIdentity extends IdentityKey {
  readonly identityId: string;
  readonly userId: string;
  readonly provider: string;
}

interface IdentityRow {
  identity_id: string;
  provider: string;
  linked_at: Date;
  last_used_at: Date;
}

const columns = 'identity_id, provider, linked_at, last_used_at';

/** Links a sign-in. Throws CONFLICT if it opens a different account, or the account has too many. */
export async function insertIdentity(sql: Sql, identity: NewIdentity): Promise<LinkedIdentity> {
  const { identityId, userId, provider, issuer, subject } = identity;
  if ((await countIdentities(sql, userId)) >= MAX_LINKED_IDENTITIES) {
    throw new ApiError(
      'CONFLICT',
      `An account has at most ${MAX_LINKED_IDENTITIES} linked sign-ins; unlink one first.`,
    );
  }
  try {
    const [row] = await sql.query<IdentityRow>(
      `INSERT INTO auth.linked_identities (identity_id, user_id, provider, issuer, subject)
       VALUES ($1, $2, $3, $4, $5) RETURNING ${columns}`,
      [identityId, userId, provider, issuer, subject],
    );
    if (row === undefined) throw new Error('the identity was not stored');
    return linkedIdentity(row);
  } catch (error) {
    if (violatesUnique(error, 'linked_identities_unique')) {
      throw new ApiError(
        'CONFLICT',
        'This sign-in opens an account already; unlink it there first.',
      );
    }
    throw error;
  }
}

/** The user whom a sign-in opens. */
export async function findUserOfIdentity(sql: Sql, key: IdentityKey): Promise<string | undefined> {
  const [row] = await sql.query<{ user_id: string }>(
    'SELECT user_id FROM auth.linked_identities WHERE issuer = $1 AND subject = $2',
    [key.issuer, key.subject],
  );
  return row?.user_id;
}

/** The user whom a sign-in opens now; notes that, and unlinking waits for this transaction. */
export async function useIdentity(sql: Sql, key: IdentityKey): Promise<string | undefined> {
  const [row] = await sql.query<{ user_id: string }>(
    `UPDATE auth.linked_identities SET last_used_at = now()
     WHERE issuer = $1 AND subject = $2 RETURNING user_id`,
    [key.issuer, key.subject],
  );
  return row?.user_id;
}

export async function listIdentities(sql: Sql, userId: string): Promise<LinkedIdentity[]> {
  const rows = await sql.query<IdentityRow>(
    `SELECT ${columns} FROM auth.linked_identities WHERE user_id = $1
     ORDER BY linked_at, identity_id LIMIT $2`,
    [userId, MAX_LINKED_IDENTITIES],
  );
  return rows.map(linkedIdentity);
}

async function countIdentities(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>(
    'SELECT count(*) AS count FROM auth.linked_identities WHERE user_id = $1',
    [userId],
  );
  return Number(row?.count ?? 0);
}

/** False if the user has no such identity. */
export async function deleteIdentity(sql: Sql, userId: string, id: string): Promise<boolean> {
  const deleted = await sql.execute(
    'DELETE FROM auth.linked_identities WHERE user_id = $1 AND identity_id = $2',
    [userId, id],
  );
  return deleted === 1;
}

function linkedIdentity(row: IdentityRow): LinkedIdentity {
  return {
    identity_id: row.identity_id,
    provider: row.provider,
    linked_at: row.linked_at.toISOString(),
    last_used_at: row.last_used_at.toISOString(),
  };
}
