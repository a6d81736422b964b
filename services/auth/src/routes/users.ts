import { OwnUser, ProfileChange, User, UserLookup } from '@secureconnect/contracts';
import { failOpen } from '@secureconnect/degraded-mode';
import { ApiError } from '@secureconnect/service';
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
  async ({ query, context }, { directory }) => {
    const { email, username } = query;
    const userId = await directory.find(
      email === undefined ? { username: username ?? '' } : { email },
    );
    if (userId === undefined) throw new ApiError('NOT_FOUND', 'There is no such user.');
    return publicUser((await findAccount(context.database, userId)).user);
  },
);

const byId = route.get(
  '/v1/users/:user_id',
  { operation: 'users', auth: 'bearer', reply: User, whenRedisDown: {} },
  async ({ params, context }) =>
    publicUser((await findAccount(context.database, params.user_id)).user),
);

// `lookup` before `:user_id`, which would take it for an id.
export const userRoutes = [profile, me, changeMe, lookup, byId];
