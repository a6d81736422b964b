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

/** Whom a token or ticket of ours names; `user` is absent where its time is over. */
export interface ClaimedUser {
  readonly userId: string;
  readonly user?: Identity;
}

interface Verifiers {
  readonly verifyToken: VerifyToken;
  readonly verifyTicket: VerifyTicket;
}

/**
 * Whose token a request shows, or ticket, which stays as good as it was: the service uses it up.
 * Undefined where it shows none that was signed here.
 */
export function claimedUser(
  incoming: IncomingMessage,
  isUpgrade: boolean,
  verifiers: Verifiers,
): ClaimedUser | undefined {
  const credential = isUpgrade ? upgradeCredential(incoming) : tokenOf(incoming);
  if (credential === undefined) return undefined;
  try {
    const user = identityOf(credential, verifiers);
    return { userId: user.userId, user };
  } catch (error) {
    if (error instanceof TokenExpired) return { userId: error.userId };
    // Not valid: the service says so. Until then its sender is only an address.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

function tokenOf(incoming: IncomingMessage): Credential | undefined {
  const text = bearerToken(incoming);
  return text === undefined ? undefined : { kind: 'token', text };
}

function identityOf({ kind, text }: Credential, verifiers: Verifiers): Identity {
  return kind === 'token' ? verifiers.verifyToken(text) : verifiers.verifyTicket(text).identity;
}
