import type { Friendship, FriendshipPage } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, decodePosition, type Position, toPage } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { isAccount } from '../stores/admin-users.ts';
import { hasBlocked } from '../stores/blocks.ts';
import {
  acceptFriendship,
  countOpenRequests,
  deleteFriendship,
  findFriendship,
  listFriendships,
  listIncoming,
  listOutgoing,
  requestFriendship,
} from '../stores/friends.ts';
import { route } from './route.ts';

/** Maximum open requests that a user has sent; hidden ones count, so the number reveals nothing. */
const maxOpenRequests = 100;

const request = route(
  auth.requestFriend,
  {},
  async ({ user: { userId, sessionId }, body: { user_id: otherId }, context, ...client }) => {
    if (otherId === userId) throw yourself();
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      if (!(await isAccount(sql, otherId))) throw noUser();
      if (await hasBlocked(sql, userId, otherId)) throw blockedByYou();
      const known = await findFriendship(sql, userId, otherId);
      if (known === undefined && (await countOpenRequests(sql, userId)) >= maxOpenRequests) {
        throw tooMany();
      }
      const { friendship, isChange } = await requestFriendship(sql, userId, otherId);
      if (isChange) {
        const action = friendship.state === 'friends' ? 'friend_added' : 'friend_requested';
        const details = { user_id: otherId };
        await recordAudit(sql, { action, userId, sessionId, origin, details });
      }
      return friendship;
    });
  },
);

const accept = route(
  auth.acceptFriend,
  {},
  async ({ user: { userId, sessionId }, params: { user_id: otherId }, context, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    return context.database.transaction(async (sql) => {
      if (await hasBlocked(sql, userId, otherId)) throw blockedByYou();
      if (await acceptFriendship(sql, userId, otherId)) {
        const details = { user_id: otherId };
        await recordAudit(sql, { action: 'friend_added', userId, sessionId, origin, details });
      }
      const known = await findFriendship(sql, userId, otherId);
      if (known?.state !== 'friends') throw noRequest();
      return known;
    });
  },
);

const list = route(auth.listFriends, {}, async ({ user, query: { cursor, limit }, context }) => {
  const after = decodePosition(cursor, 'cursor');
  return pageOf(await listFriendships(context.database, user.userId, after, limit + 1), limit);
});

const listRequests = route(auth.listFriendRequests, {}, async ({ user, query, context }) => {
  const { cursor, limit, direction } = query;
  const after = decodePosition(cursor, 'cursor');
  const list = direction === 'incoming' ? listIncoming : listOutgoing;
  return pageOf(await list(context.database, user.userId, after, limit + 1), limit);
});

const removeRequest = route(
  auth.removeFriendRequest,
  {},
  async ({ user: { userId }, params: { user_id: otherId }, context }) => {
    await deleteFriendship(context.database, userId, otherId, 'requested');
    return { removed: true as const };
  },
);

const remove = route(
  auth.removeFriend,
  {},
  async ({ user: { userId, sessionId }, params: { user_id: otherId }, context, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    await context.database.transaction(async (sql) => {
      if (!(await deleteFriendship(sql, userId, otherId, 'friends'))) return;
      const details = { user_id: otherId };
      await recordAudit(sql, { action: 'friend_removed', userId, sessionId, origin, details });
    });
    return { removed: true as const };
  },
);

function pageOf(found: readonly Friendship[], limit: number): FriendshipPage {
  const { entries: friends, next, hasMore } = toPage(found, limit, positionOf);
  return { friends, next_cursor: next, has_more: hasMore };
}

const positionOf = ({ since: at, user_id: id }: Friendship): Position => ({ at: new Date(at), id });

export const friendRoutes = {
  requestFriend: request,
  listFriendRequests: listRequests,
  acceptFriend: accept,
  removeFriendRequest: removeRequest,
  listFriends: list,
  removeFriend: remove,
};

function yourself(): ApiError {
  const details = [{ field: 'body.user_id', message: 'expected a different user' }];
  return new ApiError('VALIDATION_ERROR', 'You cannot be your own friend.', { details });
}

function noUser(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such user.');
}

function noRequest(): ApiError {
  return new ApiError('NOT_FOUND', 'This user has not asked you; send a request yourself.');
}

function blockedByYou(): ApiError {
  return new ApiError('CONFLICT', 'You have blocked this user; unblock the user first.');
}

function tooMany(): ApiError {
  const limit = `You have ${maxOpenRequests} open requests`;
  return new ApiError('CONFLICT', `${limit}; withdraw one, or wait until some are answered.`);
}
