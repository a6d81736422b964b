import type { auth } from '@secureconnect/contracts/endpoints';
import type { KnownUser, SamplesOf, SampleWorld, StoredEffect } from '@secureconnect/testkit';

const pair = 'FROM auth.friendships WHERE first_id IN ($1, $2) AND second_id IN ($1, $2)';

const requested = (one: KnownUser, two: KnownUser): StoredEffect => ({
  count: `SELECT count(*) ${pair} AND accepted_at IS NULL`,
  values: [one.userId, two.userId],
});

const friends = (one: KnownUser, two: KnownUser): StoredEffect => ({
  count: `SELECT count(*) ${pair} AND accepted_at IS NOT NULL`,
  values: [one.userId, two.userId],
});

const nothing = (one: KnownUser, two: KnownUser): StoredEffect => ({
  count: `SELECT 1 - count(*) ${pair}`,
  values: [one.userId, two.userId],
});

/** Two users, of whom the first has asked the second. */
async function asked(world: SampleWorld): Promise<readonly [KnownUser, KnownUser]> {
  const [ada, bob] = [await world.knownUser(), await world.knownUser()];
  const request = { token: ada.token, body: { user_id: bob.userId } };
  await world.data('auth', 'POST', '/v1/friends/requests', request);
  return [ada, bob];
}

const accept = ({ userId }: KnownUser): string => `/v1/friends/requests/${userId}/accept`;

/** A request for each row of friends. */
export const friendsSamples: SamplesOf<
  Pick<
    typeof auth,
    | 'requestFriend'
    | 'listFriendRequests'
    | 'acceptFriend'
    | 'removeFriendRequest'
    | 'listFriends'
    | 'removeFriend'
  >
> = {
  'POST /v1/friends/requests': {
    status: 200,
    async prepare(world) {
      const [ada, bob] = [await world.knownUser(), await world.knownUser()];
      const body = { user_id: bob.userId };
      const effect = requested(ada, bob);
      return { path: '/v1/friends/requests', token: ada.token, body, effect };
    },
  },
  'GET /v1/friends/requests': {
    status: 200,
    async prepare(world) {
      const [, { token }] = await asked(world);
      return { path: '/v1/friends/requests?direction=incoming', token };
    },
  },
  'POST /v1/friends/requests/:user_id/accept': {
    status: 200,
    async prepare(world) {
      const [ada, bob] = await asked(world);
      return { path: accept(ada), token: bob.token, effect: friends(ada, bob) };
    },
  },
  'DELETE /v1/friends/requests/:user_id': {
    status: 200,
    async prepare(world) {
      const [ada, bob] = await asked(world);
      const path = `/v1/friends/requests/${ada.userId}`;
      return { path, token: bob.token, effect: nothing(ada, bob) };
    },
  },
  'GET /v1/friends': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/friends', token: (await world.knownUser()).token }),
  },
  'DELETE /v1/friends/:user_id': {
    status: 200,
    async prepare(world) {
      const [ada, bob] = await asked(world);
      await world.data('auth', 'POST', accept(ada), { token: bob.token });
      const path = `/v1/friends/${bob.userId}`;
      return { path, token: ada.token, effect: nothing(ada, bob) };
    },
  },
};
