import type { auth } from '@secureconnect/contracts/endpoints';
import type { KnownUser, SamplesOf, SampleWorld, StoredEffect } from '@secureconnect/testkit';
import { userWithFactor } from './second-factor-samples.ts';

const recorded = (action: string, userId: string): StoredEffect => ({
  count: 'SELECT count(*) FROM auth.audit_entries WHERE action = $1 AND user_id = $2',
  values: [action, userId],
});

const sessionsLeft = (userId: string): StoredEffect => ({
  count: `SELECT 1 - count(*) FROM auth.sessions WHERE user_id = $1 AND ended_at IS NULL`,
  values: [userId],
});

async function adminAndUser(world: SampleWorld): Promise<readonly [KnownUser, KnownUser]> {
  const [admin, user] = [await world.knownUser(), await world.knownUser()];
  await world.makeAdmin(admin.userId);
  return [admin, user];
}

/** A request for each row of administrators. */
export const adminSamples: SamplesOf<
  Pick<
    typeof auth,
    | 'adminListUsers'
    | 'adminDisableUser'
    | 'adminEnableUser'
    | 'adminEndSessions'
    | 'adminResetFactors'
    | 'adminExportAudit'
  >
> = {
  'GET /v1/admin/users': {
    status: 200,
    async prepare(world) {
      const [{ token }, { username }] = await adminAndUser(world);
      return { path: `/v1/admin/users?search=${username}`, token };
    },
  },
  'POST /v1/admin/users/:user_id/disable': {
    status: 200,
    async prepare(world) {
      const [{ token }, { userId }] = await adminAndUser(world);
      const effect = [
        {
          count: 'SELECT count(*) FROM auth.users WHERE user_id = $1 AND disabled_at IS NOT NULL',
          values: [userId],
        },
        sessionsLeft(userId),
        recorded('user_disabled', userId),
      ] as const;
      return { path: `/v1/admin/users/${userId}/disable`, token, effect };
    },
  },
  'POST /v1/admin/users/:user_id/enable': {
    status: 200,
    async prepare(world) {
      const [{ token }, { userId }] = await adminAndUser(world);
      await world.data('auth', 'POST', `/v1/admin/users/${userId}/disable`, { token });
      const effect = [
        {
          count: 'SELECT count(*) FROM auth.users WHERE user_id = $1 AND disabled_at IS NULL',
          values: [userId],
        },
        recorded('user_enabled', userId),
      ] as const;
      return { path: `/v1/admin/users/${userId}/enable`, token, effect };
    },
  },
  'POST /v1/admin/users/:user_id/end-sessions': {
    status: 200,
    async prepare(world) {
      const [{ token }, { userId }] = await adminAndUser(world);
      const effect = [sessionsLeft(userId), recorded('sessions_ended', userId)] as const;
      return { path: `/v1/admin/users/${userId}/end-sessions`, token, effect };
    },
  },
  'POST /v1/admin/users/:user_id/reset-factors': {
    status: 200,
    async prepare(world) {
      const [admin, { userId }] = [await world.knownUser(), await userWithFactor(world)];
      await world.makeAdmin(admin.userId);
      const count = 'SELECT 1 - count(*) FROM auth.totp_factors WHERE user_id = $1';
      const effect = [
        { count, values: [userId] },
        recorded('second_factors_reset', userId),
      ] as const;
      return { path: `/v1/admin/users/${userId}/reset-factors`, token: admin.token, effect };
    },
  },
  'GET /v1/admin/audit/export': {
    status: 200,
    async prepare(world) {
      const [{ token }] = await adminAndUser(world);
      return { path: '/v1/admin/audit/export', token };
    },
  },
};
