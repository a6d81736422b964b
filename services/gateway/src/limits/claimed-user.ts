import type { IncomingMessage } from 'node:http';
import {
  ApiError,
  bearerToken,
  type Identity,
  TokenExpired,
  type VerifyToken,
} from '@secureconnect/service';

/** Whom a token of ours names; `user` is absent where its time is over. */
export interface ClaimedUser {
  readonly userId: string;
  readonly user?: Identity;
}

/** Whose token a request shows; undefined where it shows none that was signed here. */
export function claimedUser(
  incoming: IncomingMessage,
  isUpgrade: boolean,
  { verifyToken }: { readonly verifyToken: VerifyToken },
): ClaimedUser | undefined {
  const token = bearerToken(incoming, isUpgrade);
  if (token === undefined) return undefined;
  try {
    const user = verifyToken(token);
    return { userId: user.userId, user };
  } catch (error) {
    if (error instanceof TokenExpired) return { userId: error.userId };
    // Not valid: the service says so. Until then its sender is only an address.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
