import type { OwnUser, Registration, Role, User, UserStatus } from '@secureconnect/contracts';
import { type Sql, violatesUnique } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { isAddressReserved } from './email-changes.ts';
import { endChallengesOf } from './sign-in-challenges.ts';

interface UserRow {
  user_id: string;
  email: string;
  username: string;
  display_name: string;
  avatar_url: string | null;
  status: UserStatus;
  role: Role;
  password_hash: string | null;
  created_at: Date;
  email_verified_at: Date | null;
}

export interface Account {
  readonly user: OwnUser;
  /** Undefined for a user who signs in without a password. */
  readonly passwordHash: string | undefined;
}

const columns =
  'user_id, email, username, display_name, avatar_url, status, role, password_hash, created_at, email_verified_at';

/** What a registration says of the new user. */
export type NewUser = Omit<Registration, 'password' | 'device_name'>;

interface NewUserOptions {
  readonly isEmailVerified?: boolean;
  /** Of a decoy: the hash of the address that was registered. */
  readonly registeredFor?: string | undefined;
}

/** Creates a user. Throws CONFLICT if the address or the name is taken. */
export async function insertUser(
  sql: Sql,
  userId: string,
  registration: NewUser,
  passwordHash: string | undefined,
  { isEmailVerified = false, registeredFor }: NewUserOptions = {},
): Promise<Account> {
  const { email, username, display_name } = registration;
  if (await isAddressReserved(sql, email, userId)) throw taken('email');
  try {
    const rows = await sql.query<UserRow>(
      `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash,
         email_verified_at, registered_for)
       VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END, $8) RETURNING ${columns}`,
      [
        userId,
        email,
        username,
        username.toLowerCase(),
        display_name,
        passwordHash ?? null,
        isEmailVerified,
        registeredFor ?? null,
      ],
    );
    return firstAccount(rows);
  } catch (error) {
    if (violatesUnique(error, 'users_email_unique')) throw taken('email');
    if (violatesUnique(error, 'users_registered_for_unique')) throw taken('email');
    if (violatesUnique(error, 'users_username_unique')) throw taken('username');
    throw error;
  }
}

export async function findAccountByEmail(sql: Sql, email: string): Promise<Account | undefined> {
  const rows = await sql.query<UserRow>(`SELECT ${columns} FROM auth.users WHERE email = $1`, [
    email,
  ]);
  return rows[0] && account(rows[0]);
}

/** The decoy of an address, by the hash of the address. */
export async function findAccountRegisteredFor(
  sql: Sql,
  subject: string,
): Promise<Account | undefined> {
  const rows = await sql.query<UserRow>(
    `SELECT ${columns} FROM auth.users WHERE registered_for = $1`,
    [subject],
  );
  return rows[0] && account(rows[0]);
}

/** Throws NOT_FOUND. */
export async function findAccount(sql: Sql, userId: string): Promise<Account> {
  const rows = await sql.query<UserRow>(`SELECT ${columns} FROM auth.users WHERE user_id = $1`, [
    userId,
  ]);
  return firstAccount(rows);
}

/** The current account; changes of it wait for this transaction. Throws NOT_FOUND. */
export async function holdAccount(sql: Sql, userId: string): Promise<Account> {
  const rows = await sql.query<UserRow>(
    `SELECT ${columns} FROM auth.users WHERE user_id = $1 FOR UPDATE`,
    [userId],
  );
  return firstAccount(rows);
}

/**
 * The current account, or undefined if its password has changed since it was judged, or if it is
 * disabled. A change of
 * the password waits for this transaction.
 */
export async function findAccountIfUnchanged(
  sql: Sql,
  judged: Pick<Account, 'passwordHash'> & { readonly user: Pick<OwnUser, 'user_id'> },
): Promise<Account | undefined> {
  const rows = await sql.query<UserRow>(
    `SELECT ${columns} FROM auth.users
     WHERE user_id = $1 AND password_hash IS NOT DISTINCT FROM $2 AND disabled_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM auth.account_deletions AS deletion
         WHERE deletion.user_id = users.user_id AND deletion.started_at IS NOT NULL)
     FOR SHARE`,
    [judged.user.user_id, judged.passwordHash ?? null],
  );
  return rows[0] && account(rows[0]);
}

/** The id of the user with this address or name. */
export async function findUserId(
  sql: Sql,
  by: { readonly email: string } | { readonly username: string },
): Promise<string | undefined> {
  const [column, value] =
    'email' in by ? ['email', by.email] : ['username_key', by.username.toLowerCase()];
  const rows = await sql.query<{ user_id: string }>(
    `SELECT user_id FROM auth.users WHERE ${column} = $1`,
    [value],
  );
  return rows[0]?.user_id;
}

export interface ProfileColumns {
  readonly display_name?: string;
  readonly avatar_url?: string | null;
  readonly status?: UserStatus;
}

/** Changes the given fields. Throws NOT_FOUND. */
export async function updateProfile(
  sql: Sql,
  userId: string,
  change: ProfileColumns,
): Promise<Account> {
  const rows = await sql.query<UserRow>(
    `UPDATE auth.users SET
       display_name = coalesce($2, display_name),
       avatar_url = CASE WHEN $3 THEN $4 ELSE avatar_url END,
       status = coalesce($5, status),
       updated_at = now()
     WHERE user_id = $1 RETURNING ${columns}`,
    [
      userId,
      change.display_name ?? null,
      change.avatar_url !== undefined,
      change.avatar_url ?? null,
      change.status ?? null,
    ],
  );
  return firstAccount(rows);
}

/**
 * Sets a password and returns its account. Sign-ins that were begun with the old one cannot be
 * finished. Throws NOT_FOUND.
 */
export async function updatePassword(
  sql: Sql,
  userId: string,
  passwordHash: string,
): Promise<Account> {
  await endChallengesOf(sql, userId);
  const rows = await sql.query<UserRow>(
    `UPDATE auth.users SET password_hash = $2, updated_at = now()
     WHERE user_id = $1 RETURNING ${columns}`,
    [userId, passwordHash],
  );
  return firstAccount(rows);
}

/** Replaces a hash by another one of the same password; false if the password has changed since. */
export async function replacePasswordHash(
  sql: Sql,
  userId: string,
  hashes: { readonly judged: string; readonly next: string },
): Promise<boolean> {
  const replaced = await sql.execute(
    'UPDATE auth.users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2',
    [userId, hashes.judged, hashes.next],
  );
  return replaced === 1;
}

/** A user as others see them. */
export function publicUser(user: OwnUser): User {
  const { email: _own, email_verified: _ownToo, role: _ownAsWell, ...visible } = user;
  return visible;
}

function firstAccount(rows: readonly UserRow[]): Account {
  const [row] = rows;
  if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such user.');
  return account(row);
}

function account(row: UserRow): Account {
  const { password_hash, avatar_url, created_at, email_verified_at, ...fields } = row;
  const user = {
    ...fields,
    ...(avatar_url === null ? {} : { avatar_url }),
    created_at: created_at.toISOString(),
    email_verified: email_verified_at !== null,
  };
  return { user, passwordHash: password_hash ?? undefined };
}

function taken(field: 'email' | 'username'): ApiError {
  return new ApiError('CONFLICT', `This ${field} is taken; choose a different one.`, {
    details: [{ field: `body.${field}`, message: 'expected one that is not taken' }],
  });
}

/** Whether an error says that an address is taken. */
export function isAddressConflict(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.code === 'CONFLICT' &&
    error.options.details?.some(({ field }) => field === 'body.email') === true
  );
}
