import { ApiError } from '@secureconnect/service';

/** A user's sockets without a `conversation_id` follow so many conversations; beyond, there are none. */
export const maxFollowedConversations = 5000;

/**
 * All users' sockets of this instance follow so many conversations together, counted for each user.
 * One takes about 1 kB of memory (`npm run bench:memberships`), so these 400 MB.
 */
export const maxFollowedHere = 400_000;

/** The first socket of a user tells so many conversations that they are there, the liveliest. */
export const maxAnnouncedConversations = 100;

const retryAfterSeconds = 5;

/** Why a socket without a `conversation_id` is refused. */
export function tooManyConversations(): ApiError {
  const max = maxFollowedConversations.toLocaleString('en');
  const message = `You are in more than ${max} conversations; open one socket per conversation_id.`;
  return new ApiError('CONFLICT', message);
}

/** Another instance may have room. */
export function tooManyFollowedHere(): ApiError {
  const message = 'This instance cannot follow more conversations; retry.';
  return new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}
