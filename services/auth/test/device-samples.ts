import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf, SampleUser, SampleWorld, StoredEffect } from '@secureconnect/testkit';

type DeviceSamples = Pick<
  SamplesOf<typeof auth>,
  | 'GET /v1/users/me/sessions'
  | 'DELETE /v1/users/me/sessions/:session_id'
  | 'DELETE /v1/users/me/sessions'
>;

/** Signs a user in at a further device; returns the id of that session. */
async function otherSession(world: SampleWorld, user: SampleUser): Promise<string> {
  const { email, password } = user;
  const body = { email, password, device_name: 'another device' };
  const { refresh_token: token } = await world.data('auth', 'POST', '/v1/auth/login', { body });
  return String(token).split('.')[0] ?? '';
}

const ended = (sessionId: string): readonly [StoredEffect, ...StoredEffect[]] => [
  {
    count: 'SELECT count(*) FROM auth.sessions WHERE session_id = $1 AND ended_at IS NOT NULL',
    values: [sessionId],
  },
  { count: 'SELECT count(*) FROM auth.revocations WHERE id = $1', values: [sessionId] },
];

/** A request for each row of sessions and devices. */
export const deviceSamples: DeviceSamples = {
  'GET /v1/users/me/sessions': {
    status: 200,
    prepare: async (world) => ({
      path: '/v1/users/me/sessions',
      token: (await world.user()).token,
    }),
  },
  'DELETE /v1/users/me/sessions/:session_id': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const sessionId = await otherSession(world, user);
      const path = `/v1/users/me/sessions/${sessionId}`;
      return { path, token: user.token, effect: ended(sessionId) };
    },
  },
  'DELETE /v1/users/me/sessions': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const sessionId = await otherSession(world, user);
      return { path: '/v1/users/me/sessions', token: user.token, effect: ended(sessionId) };
    },
  },
};
