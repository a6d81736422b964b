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

/**
 * Uses up a flow, once; a request with its state but not its secret uses it up without effect.
 * Undefined if it is unknown, used, expired, or of a different browser.
 */
export async function takeFlow(sql: Sql, hashes: FlowHashes): Promise<OidcFlow | undefined> {
  const [row] = await sql.query<{
    secret_hash: Buffer;
    provider: string;
    session_id: string | null;
  }>(
    `DELETE FROM auth.oidc_flows WHERE state_hash = $1 AND expires_at > now()
     RETURNING secret_hash, provider, session_id`,
    [hashes.stateHash],
  );
  if (row === undefined || !timingSafeEqual(row.secret_hash, hashes.secretHash)) return undefined;
  return { provider: row.provider, sessionId: row.session_id ?? undefined };
}
