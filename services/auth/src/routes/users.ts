import type { User } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { hasBlocked } from '../stores/blocks.ts';
import { findAccount, publicUser, updateProfile } from '../stores/users.ts';
import { route } from './route.ts';

const profile = route(
  auth.getProfile,
  {},
  async ({ user, context }) => (await findAccount(context.database, user.userId)).user,
);

const me = route(
  auth.getOwnUser,
  {},
  async ({ user, context }) => (await findAccount(context.database, user.userId)).user,
);

const changeMe = route(
  auth.changeOwnUser,
  {},
  async ({ user: { userId, sessionId }, body, context, ...client }) => {
    const origin = auditOrigin({ ...client, context });
    // The status says what its user is doing, and clients set it often.
    const fields = Object.keys(body).filter((field) => field !== 'status');
    return context.database.transaction(async (sql) => {
      const { user } = await updateProfile(sql, userId, body);
      if (fields.length > 0) {
        const details = { fields: fields.sort().join(' ') };
        await recordAudit(sql, { action: 'profile_changed', userId, sessionId, origin, details });
      }
      return user;
    });
  },
);

const lookup = route(
  auth.findUser,
  { directory: failOpen.durable() },
  async ({ user, query, context }, { directory }) => {
    const { email, username } = query;
    if (email !== undefined && !context.findUsersByEmail) throw noSearchByEmail();
    const userId = await directory.find(
      email === undefined ? { username: username ?? '' } : { email },
    );
    if (userId === undefined) throw noSuchUser();
    return shownTo(context.database, user.userId, userId, email);
  },
);

const noSearchByEmail = (): ApiError =>
  new ApiError('FORBIDDEN', 'This server does not find users by e-mail address; use a user name.');

const noSuchUser = (): ApiError => new ApiError('NOT_FOUND', 'There is no such user.');

const byId = route(auth.getUser, {}, async ({ user, params, context }) =>
  shownTo(context.database, user.userId, params.user_id),
);

/**
 * A user as shown to a viewer; a user who has blocked the viewer looks offline, as in presence.
 * @param email the address by which the user was found: the directory may remember it for minutes
 *   after its user has changed it
 */
async function shownTo(
  database: Database,
  viewerId: string,
  userId: string,
  email?: string,
): Promise<User> {
  const { user } = await findAccount(database, userId);
  if (email !== undefined && user.email !== email) throw noSuchUser();
  const shown = publicUser(user);
  return (await hasBlocked(database, userId, viewerId)) ? { ...shown, status: 'offline' } : shown;
}

export const userRoutes = {
  getProfile: profile,
  getOwnUser: me,
  changeOwnUser: changeMe,
  findUser: lookup,
  getUser: byId,
};
