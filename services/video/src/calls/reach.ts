import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type Standing, standingIn } from '../stores/membership.ts';
import { type CallRecord, stateOf } from './call.ts';

/** Also the error for a call that the user must not know of. */
export function noSuchCall(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such call.');
}

/** A call that has ended cannot be joined again. */
export function callIsOver({ status }: CallRecord): ApiError {
  return new ApiError('CONFLICT', `This call is over (${status}); start a new one.`);
}

/** The host has removed the user, or has locked the call. */
export function cannotJoin(call: CallRecord, userId: string): ApiError {
  return stateOf(call, userId) === 'removed'
    ? new ApiError(
        'FORBIDDEN',
        'The host has removed you from this call; you cannot join it again.',
      )
    : new ApiError('CONFLICT', 'The host has locked this call; ask them to unlock it.');
}

/** One of two users has blocked the other; the error does not reveal which. */
export function outOfReach(details: readonly string[] = []): ApiError {
  const message = 'You and this user cannot reach each other.';
  if (details.length === 0) return new ApiError('FORBIDDEN', message);
  return new ApiError('FORBIDDEN', message, {
    details: details.map((field) => ({ field, message: 'expected somebody whom you can reach' })),
  });
}

/**
 * Throws the error of `missing` unless a user is in a conversation, and FORBIDDEN if it is a direct
 * one and one of the two has blocked the other. The same rules apply to messages.
 */
export async function requireReach(
  sql: Sql,
  conversationId: string,
  userId: string,
  missing: () => ApiError = noSuchCall,
): Promise<void> {
  refuseOutOfReach(await standingIn(sql, conversationId, userId), missing);
}

/** Throws as `requireReach` does. */
export function refuseOutOfReach(
  { isMember, isOutOfReach }: Standing,
  missing: () => ApiError = noSuchCall,
): void {
  if (!isMember) throw missing();
  if (isOutOfReach) throw outOfReach();
}
