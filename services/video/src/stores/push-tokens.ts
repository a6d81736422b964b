import { randomUUID } from 'node:crypto';
import { MAX_PUSH_TOKENS, PUSH_TOKEN_DAYS, type PushKind } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { queryViews } from './membership.ts';

/** A token of a device. Its address is stored sealed, for the owner `token_id`. */
export interface PushTokenRow {
  readonly token_id: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly kind: PushKind;
  readonly created_at: Date;
  readonly renewed_at: Date;
  readonly expires_at: Date;
}

/** A token that a session registers. */
export interface NewPushToken {
  readonly userId: string;
  readonly sessionId: string;
  readonly kind: PushKind;
  readonly addressHash: Buffer;
  /** Seals the address for a token. */
  seal(tokenId: string): Buffer;
}

const columns = 'token_id, user_id, session_id, kind, created_at, renewed_at, expires_at';

/**
 * Registers a token, in a transaction of the caller. The same address of the same session keeps its
 * id; in any other case the address, and what the session had of this kind, are replaced. Undefined
 * if the session has ended.
 */
export async function registerToken(
  sql: Sql,
  { userId, sessionId, kind, addressHash, seal }: NewPushToken,
): Promise<PushTokenRow | undefined> {
  const live = await queryViews(
    sql,
    'SELECT 1 FROM auth.live_sessions WHERE session_id = $1 AND user_id = $2',
    [sessionId, userId],
  );
  if (live.length === 0) return undefined;
  const [known] = await sql.query<{ token_id: string; created_at: Date }>(
    `SELECT token_id, created_at FROM video.push_tokens
     WHERE address_hash = $1 AND session_id = $2 AND kind = $3 AND user_id = $4`,
    [addressHash, sessionId, kind, userId],
  );
  const tokenId = known?.token_id ?? randomUUID();
  await sql.execute(
    `DELETE FROM video.push_tokens
     WHERE (address_hash = $1 OR (session_id = $2 AND kind = $3)) AND token_id <> $4`,
    [addressHash, sessionId, kind, tokenId],
  );
  const [row] = await sql.query<PushTokenRow>(
    `INSERT INTO video.push_tokens
       (token_id, user_id, session_id, kind, address_hash, sealed_address, created_at, renewed_at,
        expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now(), now(), now() + interval '${PUSH_TOKEN_DAYS} days')
     ON CONFLICT (token_id) DO UPDATE SET sealed_address = excluded.sealed_address,
       renewed_at = excluded.renewed_at, expires_at = excluded.expires_at
     RETURNING ${columns}`,
    [tokenId, userId, sessionId, kind, addressHash, seal(tokenId)],
  );
  await sql.execute(
    `DELETE FROM video.push_tokens WHERE token_id IN (
       SELECT token_id FROM video.push_tokens WHERE user_id = $1
       ORDER BY renewed_at DESC, token_id = $2 DESC, token_id OFFSET ${MAX_PUSH_TOKENS})`,
    [userId, tokenId],
  );
  return row;
}

/** The tokens of a user that have not expired, the last renewed first. */
export function tokensOfUser(sql: Sql, userId: string): Promise<PushTokenRow[]> {
  return sql.query<PushTokenRow>(
    `SELECT ${columns} FROM video.push_tokens WHERE user_id = $1 AND expires_at > now()
     ORDER BY renewed_at DESC, token_id LIMIT ${MAX_PUSH_TOKENS}`,
    [userId],
  );
}

/** Removes a token of a user. Returns whether there was one. */
export async function removeTokenOf(sql: Sql, userId: string, tokenId: string): Promise<boolean> {
  const removed = await sql.execute(
    'DELETE FROM video.push_tokens WHERE user_id = $1 AND token_id = $2',
    [userId, tokenId],
  );
  return removed === 1;
}

/** A token with what a push to it needs. */
export interface PushDestination {
  readonly token_id: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly kind: PushKind;
  readonly sealed_address: Buffer;
  /** Whether its session has neither ended nor expired. */
  readonly is_live: boolean;
}

/** Undefined if the token was removed or has expired. */
export async function destinationOf(
  sql: Sql,
  tokenId: string,
): Promise<PushDestination | undefined> {
  const [row] = await queryViews<PushDestination>(
    sql,
    `SELECT token_id, user_id, session_id, kind, sealed_address, EXISTS (
       SELECT 1 FROM auth.live_sessions AS live
       WHERE live.session_id = token.session_id AND live.user_id = token.user_id) AS is_live
     FROM video.push_tokens AS token WHERE token_id = $1 AND expires_at > now()`,
    [tokenId],
  );
  return row;
}

/** Removes a token that its push service does not know, unless it was registered anew meanwhile. */
export async function pruneToken(sql: Sql, tokenId: string, sealedAddress: Buffer): Promise<void> {
  await sql.execute('DELETE FROM video.push_tokens WHERE token_id = $1 AND sealed_address = $2', [
    tokenId,
    sealedAddress,
  ]);
}

const sweptAtATime = 1000;

/** Removes tokens that have expired, or whose session has ended. Returns how many. */
export async function sweepTokens(sql: Sql): Promise<number> {
  const rows = await queryViews(
    sql,
    `DELETE FROM video.push_tokens WHERE token_id IN (
       SELECT token_id FROM video.push_tokens AS token
       WHERE expires_at <= now() OR NOT EXISTS (
         SELECT 1 FROM auth.live_sessions AS live
         WHERE live.session_id = token.session_id AND live.user_id = token.user_id)
       LIMIT ${sweptAtATime})
     RETURNING token_id`,
    [],
  );
  return rows.length;
}

/**
 * Removes everything that push has of a user whose account is deleted, waiting pushes to others that
 * name them included.
 */
export async function erasePushOf(sql: Sql, userId: string): Promise<void> {
  await sql.execute('DELETE FROM video.outbox WHERE owner_id = $1', [userId]);
  await sql.execute(
    `DELETE FROM video.outbox
     WHERE state <> 'done' AND payload -> 'data' ->> 'from' = $1::text`,
    [userId],
  );
  await sql.execute('DELETE FROM video.push_tokens WHERE user_id = $1', [userId]);
}
