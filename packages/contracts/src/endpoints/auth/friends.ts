import { endpoint } from '../../endpoint.ts';
import {
  FriendRemoved,
  FriendRequestQuery,
  Friendship,
  FriendshipPage,
  NewFriendRequest,
} from '../../friends.ts';
import { PageQuery } from '../../page.ts';

const friends = { tag: 'Friends', auth: 'bearer' } as const;

export const requestFriend = endpoint({
  ...friends,
  route: 'POST /v1/friends/requests',
  id: 'requestFriend',
  action: 'requesting friends',
  summary: 'Ask a user to be your friend (idempotent)',
  description:
    'If that user has asked you, you are friends at once. The reply does not reveal whether that user has blocked you.',
  body: NewFriendRequest,
  reply: Friendship,
  errors: ['NOT_FOUND', 'CONFLICT'],
  limit: { bucket: 'friend-requests', perMinute: 20, countedBy: 'user' },
});

export const listFriendRequests = endpoint({
  ...friends,
  route: 'GET /v1/friends/requests',
  id: 'listFriendRequests',
  action: 'listing friend requests',
  summary: 'List open friend requests, newest first',
  description:
    '`direction` selects the requests of others to you (`incoming`, the default) or your own (`outgoing`). Requests of users whom you have blocked are not listed.',
  query: FriendRequestQuery,
  reply: FriendshipPage,
  errors: [],
});

export const acceptFriend = endpoint({
  ...friends,
  route: 'POST /v1/friends/requests/:user_id/accept',
  id: 'acceptFriend',
  action: 'accepting friends',
  summary: 'Accept the request of a user (idempotent)',
  description:
    '`user_id` is the user who asked you. Refused with CONFLICT if you have blocked that user.',
  reply: Friendship,
  errors: ['NOT_FOUND', 'CONFLICT'],
});

export const removeFriendRequest = endpoint({
  ...friends,
  route: 'DELETE /v1/friends/requests/:user_id',
  id: 'removeFriendRequest',
  action: 'removing friend requests',
  summary: 'Decline the request of a user, or withdraw your own (idempotent)',
  description:
    'The user can be asked again. A friendship stays; DELETE /v1/friends/{user_id} ends it.',
  reply: FriendRemoved,
  errors: [],
});

export const listFriends = endpoint({
  ...friends,
  route: 'GET /v1/friends',
  id: 'listFriends',
  action: 'listing friends',
  summary: 'List your friends, newest first',
  description: 'Lists accepted friendships only. GET /v1/friends/requests has the open requests.',
  query: PageQuery,
  reply: FriendshipPage,
  errors: [],
});

export const removeFriend = endpoint({
  ...friends,
  route: 'DELETE /v1/friends/:user_id',
  id: 'removeFriend',
  action: 'removing friends',
  summary: 'End a friendship (idempotent)',
  description:
    'The friendship ends for both users. An open request stays; DELETE /v1/friends/requests/{user_id} removes it.',
  reply: FriendRemoved,
  errors: [],
});
