import { ApiError } from '@secureconnect/service';

/**
 * The maximum of conversations for sockets without a `conversation_id`; users with more are
 * refused.
 */
export const maxFollowedConversations = 5000;

/**
 * The maximum of followed conversations on this instance, summed over all users. Each takes about 1
 * kB of memory (`npm run bench:memberships`), so all take 400 MB.
 */
export const maxFollowedHere = 400_000;

/**
 * The maximum of conversations that a user's first socket announces, the most recently active ones.
 */
export const maxAnnouncedConversations = 100;

const retryAfterSeconds = 5;

/** The refusal of a socket without a `conversation_id`. */
export function tooManyConversations(): ApiError {
  const max = maxFollowedConversations.toLocaleString('en');
  const message = `You are in more than ${max} conversations; open one socket per conversation_id.`;
  return new ApiError('CONFLICT', message);
}

/** The refusal of a full instance; a different instance may have room. */
export function tooManyFollowedHere(): ApiError {
  const message = 'This instance cannot follow more conversations; retry.';
  return new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds });
}
