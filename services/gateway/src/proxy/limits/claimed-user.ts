import type { IncomingMessage } from 'node:http';
import {
  ApiError,
  bearerToken,
  type Credential,
  type Identity,
  TokenExpired,
  upgradeCredential,
  type VerifyTicket,
  type VerifyToken,
} from '@secureconnect/service';

/** The user of a token or ticket of ours; `user` is absent if it has expired. */
export interface ClaimedUser {
  readonly userId: string;
  readonly user?: Identity;
}

interface Verifiers {
  readonly verifyToken: VerifyToken;
  readonly verifyTicket: VerifyTicket;
}

/**
 * The user of a request's token or ticket. It does not use the ticket up; the service does.
 * Undefined without a token or ticket that we signed.
 */
export async function claimedUser(
  incoming: IncomingMessage,
  isUpgrade: boolean,
  verifiers: Verifiers,
): Promise<ClaimedUser | undefined> {
  const credential = isUpgrade ? upgradeCredential(incoming) : tokenOf(incoming);
  if (credential === undefined) return undefined;
  try {
    const user = await identityOf(credential, verifiers);
    return { userId: user.userId, user };
  } catch (error) {
    if (error instanceof TokenExpired) return { userId: error.userId };
    // The service rejects an invalid token; here its sender is only an address.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

function tokenOf(incoming: IncomingMessage): Credential | undefined {
  const text = bearerToken(incoming);
  return text === undefined ? undefined : { kind: 'token', text };
}

async function identityOf({ kind, text }: Credential, verifiers: Verifiers): Promise<Identity> {
  if (kind === 'token') return verifiers.verifyToken(text);
  return (await verifiers.verifyTicket(text)).identity;
}
