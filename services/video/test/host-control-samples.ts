import type { Samples } from '@secureconnect/testkit';
import { withoutPushes } from './push-samples.ts';
import { answered } from './sample-calls.ts';

/** Requests of the host of an answered call. */
export const hostControlSamples = {
  'PATCH /v1/calls/:call_id': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { ada, callId } = await answered(world);
      return {
        path: `/v1/calls/${callId}`,
        token: ada.token,
        body: { locked: true },
        effect: {
          count: 'SELECT count(*) FROM video.calls WHERE call_id = $1 AND locked',
          values: [callId],
        },
      };
    },
  },
  'DELETE /v1/calls/:call_id/participants/:user_id': {
    status: 200,
    ports: withoutPushes,
    async prepare(world) {
      const { ada, bob, callId } = await answered(world);
      return {
        path: `/v1/calls/${callId}/participants/${bob.userId}`,
        token: ada.token,
        effect: {
          count: `SELECT count(*) FROM video.call_participants
            WHERE call_id = $1 AND user_id = $2 AND state = 'removed'`,
          values: [callId, bob.userId],
        },
      };
    },
  },
  'POST /v1/calls/:call_id/participants/:user_id/mute': {
    status: 200,
    async prepare(world) {
      const { ada, bob, callId } = await answered(world);
      await world.holdSocket(callId, bob.userId);
      return {
        path: `/v1/calls/${callId}/participants/${bob.userId}/mute`,
        token: ada.token,
        body: { media: 'audio' },
        effect: 'none: it is a frame for the sockets of the participant',
      };
    },
  },
} as const satisfies Samples;
