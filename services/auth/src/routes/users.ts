import { OwnUser, ProfileChange, User, UserLookup } from '@secureconnect/contracts';
import { failOpen } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { hasBlocked } from '../stores/blocks.ts';
import { findAccount, publicUser, updateProfile } from '../stores/users.ts';
import { route } from './route.ts';

const profile = route.get(
  '/v1/auth/profile',
  { operation: 'profile', auth: 'bearer', reply: OwnUser, whenRedisDown: {} },
  async ({ user, context }) => (await findAccount(context.database, user.userId)).user,
);

const me = route.get(
  '/v1/users/me',
  { operation: 'users/me', auth: 'bearer', reply: OwnUser, whenRedisDown: {} },
  async ({ user, context }) => (await findAccount(context.database, user.userId)).user,
);

const changeMe = route.patch(
  '/v1/users/me',
  {
    operation: 'change users/me',
    auth: 'bearer',
    body: ProfileChange,
    reply: OwnUser,
    whenRedisDown: {},
  },
  async ({ user, body, context }) =>
    (await updateProfile(context.database, user.userId, body)).user,
);

const lookup = route.get(
  '/v1/users/lookup',
  {
    operation: 'users/lookup',
    summary: 'Find a user by e-mail address or by user name',
    auth: 'bearer',
    query: UserLookup,
    reply: User,
    whenRedisDown: { directory: failOpen.durable() },
  },
  async ({ user, query, context }, { directory }) => {
    const { email, username } = query;
    const userId = await directory.find(
      email === undefined ? { username: username ?? '' } : { email },
    );
    if (userId === undefined) throw new ApiError('NOT_FOUND', 'There is no such user.');
    return shownTo(context.database, user.userId, userId);
  },
);

const byId = route.get(
  '/v1/users/:user_id',
  { operation: 'users', auth: 'bearer', reply: User, whenRedisDown: {} },
  async ({ user, params, context }) => shownTo(context.database, user.userId, params.user_id),
);

/** What somebody is shown of a user; who has blocked them looks offline, as presence does. */
async function shownTo(database: Database, viewerId: string, userId: string): Promise<User> {
  const shown = publicUser((await findAccount(database, userId)).user);
  return (await hasBlocked(database, userId, viewerId)) ? { ...shown, status: 'offline' } : shown;
}

// `lookup` before `:user_id`, which would take it for an id.
export const userRoutes = [profile, me, changeMe, lookup, byId];
