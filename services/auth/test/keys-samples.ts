import type { auth } from '@secureconnect/contracts/endpoints';
import type { KnownUser, SamplesOf, SampleWorld } from '@secureconnect/testkit';
import { newDeviceKeys, newOneTimeKeys } from './keys-fixture.ts';

/** A user whose device has keys. */
async function withKeys(world: SampleWorld): Promise<KnownUser> {
  const user = await world.knownUser();
  const request = { token: user.token, body: newDeviceKeys() };
  await world.data('auth', 'PUT', '/v1/keys/device', request);
  return user;
}

/** A request for each row of keys. */
export const keysSamples: SamplesOf<
  Pick<typeof auth, 'putDeviceKeys' | 'getDeviceKeys' | 'addOneTimeKeys' | 'takeKeyBundles'>
> = {
  'PUT /v1/keys/device': {
    status: 200,
    async prepare(world) {
      const user = await world.knownUser();
      const effect = {
        count: 'SELECT count(*) FROM auth.device_keys WHERE session_id = $1 AND user_id = $2',
        values: [user.sessionId, user.userId],
      };
      return { path: '/v1/keys/device', token: user.token, body: newDeviceKeys(), effect };
    },
  },
  'GET /v1/keys/device': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/keys/device', token: (await withKeys(world)).token }),
  },
  'POST /v1/keys/one-time': {
    status: 200,
    async prepare(world) {
      const user = await withKeys(world);
      const effect = {
        count: 'SELECT count(*) FROM auth.one_time_pre_keys WHERE session_id = $1',
        values: [user.sessionId],
      };
      const body = { keys: newOneTimeKeys(1) };
      return { path: '/v1/keys/one-time', token: user.token, body, effect };
    },
  },
  'POST /v1/keys/users/:user_id/bundles': {
    status: 200,
    async prepare(world) {
      const [owner, fetcher] = [await withKeys(world), await world.knownUser()];
      const body = { keys: newOneTimeKeys(9) };
      await world.data('auth', 'POST', '/v1/keys/one-time', { token: owner.token, body });
      const effect = {
        count: 'SELECT 9 - count(*) FROM auth.one_time_pre_keys WHERE session_id = $1',
        values: [owner.sessionId],
      };
      return { path: `/v1/keys/users/${owner.userId}/bundles`, token: fetcher.token, effect };
    },
  },
};
