import { OIDC_FLOW_SECONDS, type OidcFinish } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError, type Logger, unauthorized } from '@secureconnect/service';
import { deleteFlow, insertFlow, keepIdentity, takeReply } from '../stores/oidc-flows.ts';
import { hashesOf, newFlowSecrets } from './flow-secrets.ts';
import { identitySealing } from './identity-sealing.ts';
import type { OidcClient, ProviderIdentity } from './oidc-client.ts';
import type { OidcClients } from './oidc-clients.ts';

export interface FlowDeps {
  readonly database: Database;
  readonly oidc: OidcClients;
  readonly log: Logger;
}

export interface FlowStart {
  readonly provider: string;
  /** The session that links a sign-in; undefined for a sign-in. */
  readonly sessionId?: string;
  /** Asked in the transaction that stores the flow; throws if it may not begin. */
  readonly check?: (sql: Sql) => Promise<void>;
}

/** Begins a flow. Throws NOT_FOUND for an unknown provider, and SERVICE_UNAVAILABLE if it is down. */
export async function beginFlow({ database, oidc, log }: FlowDeps, start: FlowStart) {
  const client = oidc.get(start.provider);
  if (client === undefined) {
    throw new ApiError(
      'NOT_FOUND',
      `There is no provider "${start.provider}"; list the providers.`,
    );
  }
  const secrets = newFlowSecrets();
  const url = await client.authorizationUrl(secrets, log);
  const { provider, sessionId } = start;
  await database.transaction(async (sql) => {
    await start.check?.(sql);
    await insertFlow(sql, hashesOf(secrets), { provider, sessionId });
  });
  return {
    authorization_url: url,
    browser_secret: secrets.secret,
    expires_in: OIDC_FLOW_SECONDS,
  };
}

/** A flow whose provider has said who signs in. */
export interface FinishedFlow {
  readonly client: OidcClient;
  readonly identity: ProviderIdentity;
  /** Uses it up, in the transaction of its effect. Throws UNAUTHORIZED if it was used meanwhile. */
  use(sql: Sql): Promise<void>;
}

/**
 * Finishes a flow of this session, or of none. Its provider is asked once: a code is worth nothing
 * afterwards. So the answer is kept, sealed, until `use`: a request that is refused in between, as
 * Redis or SQL has failed, succeeds when it is repeated. If the provider fails, or the answer is lost
 * with this process, the browser begins again.
 * @throws ApiError UNAUTHORIZED, or SERVICE_UNAVAILABLE if the provider is down
 */
export async function finishFlow(
  { database, oidc, log }: FlowDeps,
  { callback_url, browser_secret: secret }: OidcFinish,
  sessionId?: string,
): Promise<FinishedFlow> {
  const callbackUrl = new URL(callback_url);
  const state = callbackUrl.searchParams.get('state') ?? '';
  const hashes = hashesOf({ state, secret });
  const flow = await takeReply(database, hashes);
  const client = flow && oidc.get(flow.provider);
  if (flow === undefined || client === undefined || flow.sessionId !== sessionId) {
    throw notGood();
  }
  const sealing = identitySealing(secret);
  const ask = async (): Promise<ProviderIdentity> => {
    const identity = await client.identityOf(callbackUrl, { state, secret }, log);
    await keepIdentity(database, hashes.stateHash, sealing.seal(state, identity));
    return identity;
  };
  const { sealedIdentity: sealed } = flow;
  return {
    client,
    identity: sealed === undefined ? await ask() : sealing.open(state, sealed),
    async use(sql) {
      if (!(await deleteFlow(sql, hashes.stateHash))) throw notGood();
    },
  };
}

function notGood(): ApiError {
  return unauthorized(
    'This sign-in is unknown, has expired, was used, or began in a different browser; begin again.',
    { event: 'oidc_sign_in_refused' },
  );
}
