import { randomUUID } from 'node:crypto';
import { type KnownUser, type Samples, type SampleWorld, textField } from '@secureconnect/testkit';

/** The ports of a request for whose users no device is pushed. */
export const withoutPushes = ['revocations', 'fanOut'] as const;

/** A push service of samples; nothing listens there. */
export const samplePushHost = '127.0.0.1:5';

/** A subscription whose keys are those of RFC 8291, appendix A. */
export function sampleSubscription() {
  return {
    kind: 'web',
    endpoint: `https://${samplePushHost}/${randomUUID()}`,
    keys: {
      p256dh:
        'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
  };
}

/** Registers a device of a user; returns the id of its token. */
export async function withDevice(world: SampleWorld, { token }: KnownUser): Promise<string> {
  const body = sampleSubscription();
  const made = await world.data('video', 'POST', '/v1/push/tokens', { token, body });
  return textField(made, 'token_id');
}

const path = '/v1/push/tokens';

/** Requests about push tokens. */
export const pushSamples = {
  'POST /v1/push/tokens': {
    status: 201,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      const effect = {
        count: 'SELECT count(*) FROM video.push_tokens WHERE user_id = $1',
        values: [userId],
      };
      return { path, token, body: sampleSubscription(), effect };
    },
  },
  'GET /v1/push/tokens': {
    status: 200,
    async prepare(world) {
      const user = await world.knownUser();
      await withDevice(world, user);
      return { path, token: user.token };
    },
  },
  'DELETE /v1/push/tokens/:token_id': {
    status: 200,
    async prepare(world) {
      const user = await world.knownUser();
      const tokenId = await withDevice(world, user);
      const effect = {
        count: `SELECT 1 - count(*) FROM video.push_tokens WHERE token_id = $1`,
        values: [tokenId],
      };
      return { path: `${path}/${tokenId}`, token: user.token, effect };
    },
  },
  'GET /v1/push/vapid-key': {
    status: 200,
    async prepare(world) {
      const { token } = await world.knownUser();
      return { path: '/v1/push/vapid-key', token };
    },
  },
} as const satisfies Samples;
