import { timingSafeEqual } from 'node:crypto';
import { OIDC_FLOW_SECONDS } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** A sign-in in progress at a provider. */
export interface OidcFlow {
  readonly provider: string;
  /** The session that links a sign-in to its account; undefined for a sign-in. */
  readonly sessionId: string | undefined;
}

export interface FlowHashes {
  readonly stateHash: Buffer;
  readonly secretHash: Buffer;
}

export async function insertFlow(sql: Sql, hashes: FlowHashes, flow: OidcFlow): Promise<void> {
  await sql.execute(
    `INSERT INTO auth.oidc_flows (state_hash, secret_hash, provider, session_id, expires_at)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
    [hashes.stateHash, hashes.secretHash, flow.provider, flow.sessionId ?? null, OIDC_FLOW_SECONDS],
  );
}

/** A flow whose browser has come back. */
export interface ReturnedFlow extends OidcFlow {
  /** What the provider has said, if it was asked by an earlier request. */
  readonly sealedIdentity: Buffer | undefined;
}

interface FlowRow {
  secret_hash: Buffer;
  provider: string;
  session_id: string | null;
  sealed_identity: Buffer | null;
}

const columns = 'secret_hash, provider, session_id, sealed_identity';

/**
 * The flow of a reply that came back: the first time, when its provider is to be asked, and again
 * when the provider's answer is stored. A request with its state but not its secret counts as the
 * first one, without effect. Undefined if it is unknown, used, expired, or of a different browser.
 */
export async function takeReply(sql: Sql, hashes: FlowHashes): Promise<ReturnedFlow | undefined> {
  const { stateHash, secretHash } = hashes;
  const [first] = await sql.query<FlowRow>(
    `UPDATE auth.oidc_flows SET asked_at = now()
     WHERE state_hash = $1 AND expires_at > now() AND asked_at IS NULL RETURNING ${columns}`,
    [stateHash],
  );
  const row = first ?? (await findAnswered(sql, stateHash));
  if (row === undefined || !timingSafeEqual(row.secret_hash, secretHash)) return undefined;
  return {
    provider: row.provider,
    sessionId: row.session_id ?? undefined,
    sealedIdentity: row.sealed_identity ?? undefined,
  };
}

async function findAnswered(sql: Sql, stateHash: Buffer): Promise<FlowRow | undefined> {
  const [row] = await sql.query<FlowRow>(
    `SELECT ${columns} FROM auth.oidc_flows
     WHERE state_hash = $1 AND expires_at > now() AND sealed_identity IS NOT NULL`,
    [stateHash],
  );
  return row;
}

/** Keeps what the provider has said. */
export async function keepIdentity(sql: Sql, stateHash: Buffer, sealed: Buffer): Promise<void> {
  await sql.execute('UPDATE auth.oidc_flows SET sealed_identity = $2 WHERE state_hash = $1', [
    stateHash,
    sealed,
  ]);
}

/** Uses up a flow, in the transaction of its effect. False if that has happened or it expired. */
export async function deleteFlow(sql: Sql, stateHash: Buffer): Promise<boolean> {
  const deleted = await sql.execute(
    'DELETE FROM auth.oidc_flows WHERE state_hash = $1 AND expires_at > now()',
    [stateHash],
  );
  return deleted === 1;
}
