import type { auth } from '@secureconnect/contracts/endpoints';
import { PasskeyDevice, type SamplesOf, type SampleWorld, textField } from '@secureconnect/testkit';

const start = async (world: SampleWorld, path: string, token?: string): Promise<unknown> => {
  const request = token === undefined ? {} : { token };
  return (await world.data('auth', 'POST', path, request))['public_key'];
};

const adding = '/v1/users/me/passkeys';

/** A user with a passkey, and the device that has it. */
async function withPasskey(world: SampleWorld) {
  const user = await world.knownUser();
  const device = new PasskeyDevice();
  const body = { credential: device.create(await start(world, `${adding}/start`, user.token)) };
  const added = await world.data('auth', 'POST', `${adding}/finish`, { token: user.token, body });
  return { user, device, passkeyId: textField(added, 'passkey_id') };
}

type PasskeyEndpoints = Pick<
  typeof auth,
  | 'startPasskeySignIn'
  | 'finishPasskeySignIn'
  | 'startPasskeyStepUp'
  | 'finishPasskeyStepUp'
  | 'listPasskeys'
  | 'startPasskey'
  | 'finishPasskey'
  | 'renamePasskey'
  | 'removePasskey'
>;

const challenge = 'none: a challenge that is worth nothing without its answer, and expires';

export const passkeySamples: SamplesOf<PasskeyEndpoints> = {
  'POST /v1/auth/passkeys/start': {
    status: 201,
    prepare: async () => ({ path: '/v1/auth/passkeys/start', effect: challenge }),
  },
  'POST /v1/auth/passkeys/finish': {
    status: 200,
    async prepare(world) {
      const { user, device } = await withPasskey(world);
      const credential = device.sign(await start(world, '/v1/auth/passkeys/start'));
      const effect = {
        count: `SELECT count(*) FROM auth.sessions JOIN auth.refresh_tokens USING (session_id)
          WHERE user_id = $1 AND session_id <> $2`,
        values: [user.userId, user.sessionId],
      };
      return { path: '/v1/auth/passkeys/finish', body: { credential }, effect };
    },
  },
  'POST /v1/auth/step-up/passkey/start': {
    status: 201,
    async prepare(world) {
      const { user } = await withPasskey(world);
      const path = '/v1/auth/step-up/passkey/start';
      return { path, token: user.token, effect: challenge };
    },
  },
  'POST /v1/auth/step-up/passkey/finish': {
    status: 200,
    async prepare(world) {
      const { user, device } = await withPasskey(world);
      const options = await start(world, '/v1/auth/step-up/passkey/start', user.token);
      const effect = {
        count: `SELECT count(*) FROM auth.sessions
          WHERE session_id = $1 AND stepped_up_at IS NOT NULL`,
        values: [user.sessionId],
      };
      const path = '/v1/auth/step-up/passkey/finish';
      return { path, token: user.token, body: { credential: device.sign(options) }, effect };
    },
  },
  'GET /v1/users/me/passkeys': {
    status: 200,
    prepare: async (world) => ({ path: adding, token: (await withPasskey(world)).user.token }),
  },
  'POST /v1/users/me/passkeys/start': {
    status: 201,
    async prepare(world) {
      const { token } = await world.knownUser();
      return { path: `${adding}/start`, token, effect: challenge };
    },
  },
  'POST /v1/users/me/passkeys/finish': {
    status: 201,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      const credential = new PasskeyDevice().create(await start(world, `${adding}/start`, token));
      const effect = {
        count: `SELECT count(*) FROM auth.passkeys JOIN auth.outbox
            ON idempotency_key = 'passkey-added:' || passkey_id
          WHERE user_id = $1`,
        values: [userId],
      };
      return { path: `${adding}/finish`, token, body: { credential }, effect };
    },
  },
  'PATCH /v1/users/me/passkeys/:passkey_id': {
    status: 200,
    async prepare(world) {
      const { user, passkeyId } = await withPasskey(world);
      const name = 'Another name';
      const count = 'SELECT count(*) FROM auth.passkeys WHERE passkey_id = $1 AND name = $2';
      const effect = { count, values: [passkeyId, name] };
      return { path: `${adding}/${passkeyId}`, token: user.token, body: { name }, effect };
    },
  },
  'DELETE /v1/users/me/passkeys/:passkey_id': {
    status: 200,
    async prepare(world) {
      const { user, passkeyId } = await withPasskey(world);
      const count = 'SELECT 1 - count(*) FROM auth.passkeys WHERE passkey_id = $1';
      const effect = { count, values: [passkeyId] };
      return { path: `${adding}/${passkeyId}`, token: user.token, effect };
    },
  },
};
